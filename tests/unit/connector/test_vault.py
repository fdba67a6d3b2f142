"""Refresh tokens are sealed for one connection, survive a key rotation, and open for nobody else."""

import base64
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import ConnectorError
from connector.testing import MemoryShelf
from connector.vault import Keys, Vault, from_text, to_text

OLD, NEW = os.urandom(32), os.urandom(32)
TOKEN = "1//refresh-token-of-the-owner"


def test_a_token_comes_back_for_its_own_connection_only() -> None:
    shelf = MemoryShelf()
    vault = Vault(Keys((NEW,)), shelf)
    vault.put("mine", TOKEN)
    assert vault.get("mine") == TOKEN
    sealed = shelf.read("mine")
    assert sealed is not None
    assert TOKEN.encode() not in sealed
    shelf.write("stranger", sealed)
    assert vault.get("stranger") is None


def test_after_a_rotation_old_tokens_open_and_are_sealed_anew() -> None:
    shelf = MemoryShelf()
    Vault(Keys((OLD,)), shelf).put("mine", TOKEN)
    assert Vault(Keys((NEW, OLD)), shelf).get("mine") == TOKEN
    assert Vault(Keys((NEW,)), shelf).get("mine") == TOKEN
    assert Vault(Keys((OLD,)), shelf).get("mine") is None


@given(st.binary(max_size=80), st.integers(0, 200), st.integers(1, 255))
def test_a_sealed_value_that_was_touched_anywhere_does_not_open(value: bytes, where: int, flip: int) -> None:
    keys = Keys((NEW,))
    sealed = bytearray(keys.seal("purpose", value))
    assert keys.open("purpose", bytes(sealed)) == value
    assert keys.open("other", bytes(sealed)) is None
    sealed[where % len(sealed)] ^= flip
    assert keys.open("purpose", bytes(sealed)) is None


@given(st.binary(max_size=200))
def test_no_bytes_make_opening_fail(noise: bytes) -> None:
    assert Keys((NEW,)).open("purpose", noise) is None
    assert from_text(to_text(noise)) == noise


def test_a_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "vault.key"
    sealed = Keys.load(given=None, file=file).seal("purpose", b"value")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Keys.load(given=None, file=file).open("purpose", sealed) == b"value"


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "vault.key"
    file.write_text(base64.b64encode(NEW).decode())
    file.chmod(0o644)
    with pytest.raises(ConnectorError, match="chmod 600"):
        Keys.load(given=None, file=file)


@pytest.mark.parametrize("given", ["nonsense!", "c2hvcnQ=", ","])
def test_a_key_of_the_wrong_form_is_refused_without_showing_it(given: str, tmp_path: Path) -> None:
    with pytest.raises(ConnectorError, match="Set CROSSWALK_VAULT_KEY") as caught:
        Keys.load(given=given, file=tmp_path / "unused")
    assert given not in str(caught.value) or given == ","
