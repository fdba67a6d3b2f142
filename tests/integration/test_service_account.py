"""A company's service account: in a person's name by delegation, or in its own with what is shared with it."""

import json
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import select
from sqlmodel import SQLModel
from typer.testing import CliRunner

from connector import ConsentLost, LostBecause, SourceRefused
from connector.service import Connector
from connector.testing import MemoryShelf
from scanner.cli.main import app as command
from scanner.model.connection import ConnectionState
from tests.consent_builders import a_place, text_of, told
from tests.emulator_process import DRIVE_SCOPE, running_emulator, write_seed

ROBOT = "crosswalk@maker.iam.gserviceaccount.com"
ANNA = "anna@maker.example"
SHARED = {
    "id": "shared",
    "name": "Handbook.txt",
    "kind": "file",
    "mime": "text/plain",
    "parent": None,
    "content_base64": "YQ==",
}


@dataclass(frozen=True)
class Company:
    """A local Google with a service account, and its key file."""

    google: str
    key_file: Path
    private_key: str
    public_key: str


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    home = tmp_path_factory.mktemp("company")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with running_emulator(write_seed(home / "seed", items=[{"id": "owners", "text": "a"}])) as google:
        private, public = pems(key)
        hers = {"id": "hers", "name": "Notes.txt", "kind": "file", "mime": "text/plain", "parent": "root"}
        register(google, public, items=[SHARED])
        anna = {"email": ANNA, "name": "Anna", "sub": "200000000000000000002"}
        person = {"user": anna, "items": [hers | {"content_base64": "Yg=="}]}
        httpx.post(f"{google}/_emulator/people", json=person).raise_for_status()
        yield Company(google, a_key_file(home / "key.json", private), private, public)
        assert httpx.get(f"{google}/_emulator/violations").json() == {"violations": []}


def pems(key: rsa.RSAPrivateKey) -> tuple[str, str]:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def register(google: str, public: str, *, delegated: tuple[str, ...] = (DRIVE_SCOPE,), **more: object) -> None:
    body = {"email": ROBOT, "public_key": public, "delegated": list(delegated), **more}
    httpx.post(f"{google}/_emulator/service-accounts", json=body).raise_for_status()


def a_key_file(path: Path, private: str) -> Path:
    """Write a key file as Google gives it; the token address in it is Google's own and is not used."""
    info = {
        "type": "service_account",
        "client_email": ROBOT,
        "client_id": "123456789",
        "private_key_id": "k1",
        "private_key": private,
        "token_uri": "https://oauth2.googleapis.com/token",
    }
    path.write_text(json.dumps(info), encoding="utf-8")
    path.chmod(0o600)
    return path


def a_connector(company: Company, home: Path, **more: Any) -> Connector:
    settings = {"google_service_account_file": str(company.key_file), "vault_key_file": str(home / "vault.key")}
    return Connector.load(MemoryShelf(), **{**told(company.google), **settings, **more})


def read(connector: Connector, connection: str) -> set[str]:
    return {file.id for page in connector.source(connection).pages(None) for file in page.files}


def test_it_reads_in_a_persons_name_or_in_its_own(company: Company, tmp_path: Path) -> None:
    connector = a_connector(company, tmp_path)
    hers, own = connector.delegate(ANNA), connector.delegate()
    assert read(connector, hers.connection_id) == {"hers"}
    assert read(connector, own.connection_id) == {"shared"}
    assert (hers.email, own.email) == (ANNA, ROBOT)
    assert hers.connection_id != own.connection_id
    assert connector.delegate(ANNA).connection_id == hers.connection_id
    connector.close()


def test_it_asks_nobody_but_the_addresses_that_are_set(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[str] = set()
    lookup = socket.getaddrinfo

    def noted(host: Any, *more: Any, **named: Any) -> Any:
        asked.add(str(host))
        return lookup(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", noted)
    connector = a_connector(company, tmp_path)
    read(connector, connector.delegate().connection_id)
    connector.close()
    assert asked == {"127.0.0.1"}


def test_its_key_is_in_no_table_log_or_text(company: Company, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with a_company_place(company, tmp_path) as place:
        made = place.app.connector.delegate(ANNA)
        place.app.connected(connection_id=made.connection_id, subject=made.subject, email=made.email)
        place.night()
        secret = company.private_key.splitlines()[5]
        with place.app.database.reading() as session:
            for table in SQLModel.metadata.sorted_tables:
                assert secret not in repr(session.connection().execute(select(table)).all())
        assert secret not in caplog.text
        assert "assertion=" not in caplog.text
        assert secret not in repr(place.app.connector)
        assert place.connection(made.connection_id).synced_at is not None


@contextmanager
def delegated(company: Company, *scopes: str) -> Iterator[None]:
    """Let the Workspace delegate only these scopes while the block runs."""
    register(company.google, company.public_key, delegated=scopes, items=[SHARED])
    try:
        yield
    finally:
        register(company.google, company.public_key, items=[SHARED])


def refused(connector: Connector, person: str) -> LostBecause:
    with pytest.raises(ConsentLost) as caught:
        connector.delegate(person)
    assert connector.vault().keys[0].tokens == 0  # nothing is kept
    connector.close()
    return caught.value.because


def test_without_delegation_the_administrator_is_told_what_to_do(company: Company, tmp_path: Path) -> None:
    with delegated(company):
        assert refused(a_connector(company, tmp_path), ANNA) is LostBecause.DELEGATION


def test_delegation_of_another_scope_is_none(company: Company, tmp_path: Path) -> None:
    with delegated(company, "https://www.googleapis.com/auth/drive.metadata.readonly"):
        assert refused(a_connector(company, tmp_path), ANNA) is LostBecause.DELEGATION


def test_a_person_who_is_not_there_is_told_as_such(company: Company, tmp_path: Path) -> None:
    assert refused(a_connector(company, tmp_path), "nobody@maker.example") is LostBecause.NO_SUCH_PERSON


def test_a_key_that_google_does_not_hold_is_told_as_such(company: Company, tmp_path: Path) -> None:
    private, _ = pems(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    old = replace(company, key_file=a_key_file(tmp_path / "old.json", private))
    assert refused(a_connector(old, tmp_path), ANNA) is LostBecause.KEY_REFUSED


def test_a_delegation_that_is_taken_back_is_mailed_and_the_way_back_is_no_click(
    company: Company, tmp_path: Path
) -> None:
    with a_company_place(company, tmp_path) as place:
        made = place.app.connector.delegate(ANNA)
        place.app.connected(connection_id=made.connection_id, subject=made.subject, email=made.email)
        place.night()
        place.knob(refresh_error="unauthorized_client", expire_access_tokens=True)
        place.night()
        place.night()
        assert place.connection(made.connection_id).state is ConnectionState.CONSENT_LOST
        (mail,) = place.mails("[Crosswalk]")
        assert LostBecause.DELEGATION.what_to_do in text_of(mail)
        assert "/connections/connect" not in text_of(mail)
        place.knob(refresh_error=None)
        again = place.app.connector.delegate(ANNA)
        place.app.connected(connection_id=again.connection_id, subject=again.subject, email=again.email)
        assert place.connection(made.connection_id).state is ConnectionState.ACTIVE


def test_disconnecting_says_who_can_end_the_access_and_purges(company: Company, tmp_path: Path) -> None:
    with a_company_place(company, tmp_path) as place:
        made = place.app.connector.delegate(ANNA)
        place.app.connected(connection_id=made.connection_id, subject=made.subject, email=made.email)
        mark = place.mark()
        ended = place.app.disconnect(made.connection_id)
        assert "delegation" in ended.words
        assert "POST /revoke" not in place.calls(mark)
        with place.app.store.reading() as unit:
            assert unit.connections.all() == ()
        assert place.app.store.tokens.ids() == ()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.chmod(0o644), "chmod 600"),
        (lambda path: path.unlink(), "cannot be read"),
        (lambda path: path.write_text("{}"), "is not a service account's key file"),
        (lambda path: path.write_text('{"client_email": "a", "private_key": "PRIVATE"}'), "is not a service"),
    ],
)
def test_a_key_file_that_cannot_be_used_is_told_without_its_contents(
    company: Company, tmp_path: Path, spoil: Any, said: str
) -> None:
    file = a_key_file(tmp_path / "key.json", company.private_key)
    spoil(file)
    connector = a_connector(replace(company, key_file=file), tmp_path)
    with pytest.raises(SourceRefused, match=said) as caught:
        connector.delegate(ANNA)
    assert "PRIVATE" not in str(caught.value)
    assert caught.value.__cause__ is None or "PRIVATE" not in str(caught.value.__cause__)


def test_without_a_key_file_the_setting_is_named(company: Company, tmp_path: Path) -> None:
    connector = a_connector(company, tmp_path, google_service_account_file=None)
    with pytest.raises(SourceRefused, match="CROSSWALK_GOOGLE_SERVICE_ACCOUNT_FILE"):
        connector.delegate(ANNA)


def test_the_command_makes_the_connection_or_says_what_the_administrator_must_do(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CROSSWALK_HOME", str(tmp_path / "home"))
    for name, value in (told(company.google) | {"google_service_account_file": company.key_file}).items():
        monkeypatch.setenv(f"CROSSWALK_{name.upper()}", str(value))
    runner = CliRunner()
    refused = runner.invoke(command, ["connections", "add-service-account", "--subject", "nobody@maker.example"])
    assert refused.exit_code == 1
    assert LostBecause.NO_SUCH_PERSON.title in " ".join(refused.stderr.split())
    assert runner.invoke(command, ["connections", "add-service-account"]).exit_code == 2
    made = runner.invoke(command, ["connections", "add-service-account", "--notify", "quality@maker.example"])
    assert made.exit_code == 0, made.stderr
    rows = json.loads(runner.invoke(command, ["connections", "list", "-f", "json"]).stdout)
    assert [(row["email"], row["state"]) for row in rows] == [(ROBOT, "active")]
    looked = runner.invoke(command, ["sync", "-f", "json"])
    assert looked.exit_code == 0
    (row,) = json.loads(looked.stdout)
    assert (row["sync"], row["status"], row["listed"]) == ("full", "complete", {"Shared with me": 1})


def a_company_place(company: Company, home: Path) -> Any:
    return a_place(home, company.google, service_account=company.key_file)
