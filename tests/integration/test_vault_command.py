"""`crosswalk vault`: a new key in the place of the old, with a process that runs meanwhile; and what doctor says."""

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scanner.cli.main import app as command
from scanner.model.job import JobKind
from tests.consent_builders import Place, a_place
from tests.emulator_process import running_emulator, write_seed

RUNNER = CliRunner()


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_emulator(write_seed(tmp_path_factory.mktemp("seed"), items=[{"id": "a", "text": "a"}])) as root:
        yield root


@pytest.fixture
def place(google: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with a_place(tmp_path, google) as made:
        monkeypatch.setenv("CROSSWALK_HOME", str(made.home / "home"))
        yield made


def run(*arguments: str) -> tuple[list[dict[str, object]], str]:
    result = RUNNER.invoke(command, [*arguments, "--format", "json"])
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout), " ".join(result.stderr.split())


def test_a_rotation_goes_on_under_a_running_process_and_nobody_connects_anew(place: Place) -> None:
    ident = place.connect()
    place.work(JobKind.SYNC)
    (before,), _ = run("vault", "list")
    rows, said = run("vault", "rotate")
    assert [(row["consents"], row["what"]) for row in rows] == [(1, "newest: seals"), (0, "no longer needed")]
    assert rows[1]["key"] == before["key"]
    assert f"A new key was made, {rows[0]['key']}: 1 consent sealed anew." in said
    assert f"No longer needed: {before['key']} (`crosswalk vault prune` lets them go)." in said
    pruned, _ = run("vault", "prune")
    assert pruned == rows[:1]
    place.night()
    assert not place.failed()
    place.connect()
    assert run("vault", "list")[0] == rows[:1]
    assert place.connection(ident).lost is None


def test_with_keys_of_ones_own_the_command_says_which_can_be_taken_out(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.connect()
    old = (place.home / "home" / "vault.key").read_text()
    new = base64.b64encode(os.urandom(32)).decode()
    monkeypatch.setenv("CROSSWALK_VAULT_KEY", f"{new},{old}")
    rows, said = run("vault", "rotate")
    assert [(row["consents"], row["what"]) for row in rows] == [(1, "newest: seals"), (0, "no longer needed")]
    assert "1 consent sealed anew." in said
    assert "take them out of CROSSWALK_VAULT_KEY" in said
    for key in (new, old):
        assert key not in said
        assert key not in json.dumps(rows)
    assert "0 consents sealed anew." in run("vault", "rotate")[1]
    assert RUNNER.invoke(command, ["vault", "prune"]).exit_code == 1
    monkeypatch.setenv("CROSSWALK_VAULT_KEY", new)
    assert run("vault", "list")[0] == rows[:1]


def test_a_consent_that_no_key_opens_is_told_by_the_commands_and_by_doctor(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = place.connect()
    monkeypatch.setenv("CROSSWALK_VAULT_KEY", base64.b64encode(os.urandom(32)).decode())
    for verb in ("list", "rotate"):
        result = RUNNER.invoke(command, ["vault", verb])
        assert result.exit_code == 1
        assert f"No key opens the consent of {ident}" in " ".join(result.stderr.split())
    result = RUNNER.invoke(command, ["doctor", "--format", "json"])
    assert result.exit_code == 1
    (finding,) = [row for row in json.loads(result.stdout) if row["looked_at"] == "vault"]
    assert finding["state"] == "not fine"
    assert ident in finding["what"]
    monkeypatch.delenv("CROSSWALK_VAULT_KEY")
    (finding,) = [
        row
        for row in json.loads(RUNNER.invoke(command, ["doctor", "--format", "json"]).stdout)
        if row["looked_at"] == "vault"
    ]
    assert finding == {"looked_at": "vault", "state": "fine", "what": "1 consents open"}


def test_a_lost_key_mails_nobody_that_her_consent_was_lost(place: Place) -> None:
    ident = place.connect()
    place.work()
    before = len(place.mailbox.mails)
    (place.home / "home" / "vault.key").write_text(base64.b64encode(os.urandom(32)).decode())
    place.night()
    assert place.connection(ident).lost is None
    assert len(place.mailbox.mails) == before
    (said,) = place.failed()
    assert "is not among the keys" in said
