"""Refresh tokens are sealed for one connection, survive a key rotation, and open for nobody else."""

import base64
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import ConnectorError, SourceRefused
from connector.grant import Grant
from connector.seal import Key, KeyFile, Keys, from_text, to_text
from connector.testing import MemoryShelf
from connector.vault import Vault, pruned, rotated

OLD, NEW = os.urandom(32), os.urandom(32)
TOKEN = Grant(refresh_token="1//refresh-token-of-the-owner", given_at=1_790_000_000.0)
ROBOT = Grant(subject="anna@maker.example")


def test_a_token_comes_back_for_its_own_connection_only() -> None:
    shelf = MemoryShelf()
    vault = Vault(Keys((NEW,)), shelf)
    vault.put("mine", TOKEN)
    assert vault.get("mine") == TOKEN
    sealed = shelf.read("mine")
    assert sealed is not None
    assert TOKEN.refresh_token.encode() not in sealed
    assert TOKEN.refresh_token not in repr(TOKEN)
    shelf.write("stranger", sealed)
    with pytest.raises(SourceRefused):
        vault.get("stranger")
    assert vault.get("nobody") is None


def test_what_the_first_version_sealed_still_opens() -> None:
    shelf, keys = MemoryShelf(), Keys((NEW,))
    shelf.write("mine", keys.seal("refresh-token:mine", b"1//refresh-token-of-the-owner"))
    assert Vault(keys, shelf).get("mine") == Grant(refresh_token="1//refresh-token-of-the-owner")


def test_a_token_that_no_key_opens_is_told_by_the_key_that_is_missing_and_not_taken_for_a_lost_consent() -> None:
    shelf = MemoryShelf()
    Vault(Keys((OLD,)), shelf).put("mine", TOKEN)
    vault = Vault(Keys((NEW,)), shelf)
    with pytest.raises(SourceRefused, match=Key(OLD).name):
        vault.get("mine")
    assert vault.state().unopened == ("mine",)
    assert vault.reseal().resealed == 0
    assert Vault(Keys((NEW, OLD)), shelf).get("mine") == TOKEN


def test_with_a_new_key_first_everything_is_sealed_anew_and_the_old_one_is_not_needed() -> None:
    shelf = MemoryShelf()
    before = Vault(Keys((OLD,)), shelf)
    before.put("mine", TOKEN)
    before.put("robot", ROBOT)
    state = Vault(Keys((NEW, OLD)), shelf).reseal()
    assert (state.resealed, state.unopened) == (2, ())
    assert [(key.name, key.newest, key.tokens) for key in state.keys] == [
        (Key(NEW).name, True, 2),
        (Key(OLD).name, False, 0),
    ]
    after = Vault(Keys((NEW,)), shelf)
    assert (after.get("mine"), after.get("robot")) == (TOKEN, ROBOT)


class Stopping(MemoryShelf):
    """A shelf whose process is killed at one of its writes."""

    def __init__(self, lives: int) -> None:
        super().__init__()
        self.lives = lives

    def replace(self, connection_id: str, old: bytes, new: bytes) -> bool:
        if self.lives == 0:
            raise KeyboardInterrupt
        self.lives -= 1
        return super().replace(connection_id, old, new)


@pytest.mark.parametrize("lives", range(4))
def test_a_rotation_that_is_killed_anywhere_is_finished_by_the_next_one(lives: int, tmp_path: Path) -> None:
    file, shelf = KeyFile(tmp_path / "vault.key"), Stopping(99)
    vault = Vault(Keys(file.read), shelf)
    old = Key(file.read()[0]).name
    for number in range(3):
        vault.put(f"c{number}", Grant(refresh_token=f"1//{number}"))
    shelf.lives = lives
    killed = lives < 3
    try:
        rotated(file, vault)
    except KeyboardInterrupt:
        assert killed
        shelf.lives = 99
        state = rotated(file, vault)
        assert state.resealed == 3 - lives
    state = vault.state()
    assert [key.tokens for key in state.keys] == [3, 0]
    assert [vault.get(f"c{number}") for number in range(3)] == [Grant(refresh_token=f"1//{n}") for n in range(3)]
    assert [key.name for key in state.keys][1] == old
    assert [key.name for key in pruned(file, vault).keys] == [state.keys[0].name]
    assert stat.S_IMODE((tmp_path / "vault.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["vault.key"]


def test_a_second_rotation_keeps_the_key_before_and_drops_what_nothing_needs(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "vault.key")
    vault = Vault(Keys(file.read), MemoryShelf())
    vault.put("mine", TOKEN)
    names = [rotated(file, vault).keys[0].name for _ in range(3)]
    assert [key.name for key in vault.state().keys] == [names[2], names[1]]
    assert vault.get("mine") == TOKEN


class Reconnecting(MemoryShelf):
    """A shelf on which the person connects again, or leaves, between reading and replacing."""

    def __init__(self, keys: Keys, *, leaves: bool) -> None:
        super().__init__()
        self.keys = keys
        self.leaves = leaves

    def replace(self, connection_id: str, old: bytes, new: bytes) -> bool:
        if self.leaves:
            self.remove(connection_id)
        else:
            Vault(self.keys, self).put(connection_id, Grant(refresh_token="1//newer"))
        return super().replace(connection_id, old, new)


def test_a_rotation_brings_no_token_back_that_was_removed_and_none_that_was_replaced() -> None:
    for leaves, expected in ((True, None), (False, Grant(refresh_token="1//newer"))):
        keys = Keys((NEW, OLD))
        shelf = Reconnecting(keys, leaves=leaves)
        Vault(Keys((OLD,)), shelf).put("mine", TOKEN)
        assert Vault(keys, shelf).reseal().resealed == 0
        assert Vault(keys, shelf).get("mine") == expected


def test_a_running_process_takes_up_a_key_that_another_one_made(tmp_path: Path) -> None:
    shelf = MemoryShelf()
    running = Vault(Keys.load(given=None, file=tmp_path / "vault.key"), shelf)
    running.put("mine", TOKEN)
    file = KeyFile(tmp_path / "vault.key")
    command = Vault(Keys(file.read), shelf)
    rotated(file, command)
    pruned(file, command)
    assert running.get("mine") == TOKEN
    running.put("mine", ROBOT)
    assert command.get("mine") == ROBOT
    assert [key.tokens for key in command.state().keys] == [1]


def test_a_key_file_that_vanished_under_a_running_process_is_told_and_not_made_anew(tmp_path: Path) -> None:
    keys = Keys.load(given=None, file=tmp_path / "vault.key")
    (tmp_path / "vault.key").unlink()
    with pytest.raises(ConnectorError, match="cannot be read"):
        keys.seal("purpose", b"value")
    assert not (tmp_path / "vault.key").exists()


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
