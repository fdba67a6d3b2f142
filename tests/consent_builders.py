"""Crosswalk with a local Google, a real mail server and a clock that tests turn, for what becomes of a consent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx

from scanner.app import App
from scanner.model.connection import Connection
from scanner.model.job import JobKind, JobState
from scanner.pipeline.orders import sync_job
from scanner.settings import load
from tests.emulator_process import CLIENT_ID, CLIENT_SECRET
from tests.integration.test_email_smtp import Mailbox, a_server
from tests.pipeline_builders import Clock, migrated

CALLBACK = "http://127.0.0.1:8765/connections/callback"
USUAL = {
    "deny": False,
    "grant_scopes": None,
    "refresh_error": None,
    "refresh_scopes": None,
    "person": "",
    "access_token_seconds": 3599,
}


def told(google: str, **more: object) -> dict[str, Any]:
    """The connector's settings that lead to a local Google."""
    return {
        "google_client_id": CLIENT_ID,
        "google_client_secret": CLIENT_SECRET,
        "google_api_root": google,
        "google_auth_url": f"{google}/o/oauth2/v2/auth",
        "google_token_url": f"{google}/token",
        "google_revoke_url": f"{google}/revoke",
        "google_certs_url": f"{google}/oauth2/v3/certs",
        "call_attempts": 1,
        **more,
    }


def calls(google: str, since: int = 0) -> list[str]:
    """What a local Google was asked since a mark, as "GET /drive/v3/files"."""
    answer = httpx.get(f"{google}/_emulator/calls", params={"since": since}).json()
    return [f"{call['method']} {call['path']}" for call in answer["calls"]]


def connect(app: App) -> str:
    """Let the person consent on the real way; returns the connection."""
    url, cookie = app.connector.begin(CALLBACK)
    back = httpx.URL(httpx.get(url).headers["location"])
    consent = app.connector.complete(dict(back.params), cookie)
    app.connected(connection_id=consent.connection_id, subject=consent.subject, email=consent.email)
    return consent.connection_id


@dataclass
class Place:
    """Everything of one test."""

    app: App
    google: str
    mailbox: Mailbox
    clock: Clock
    home: Path

    def knob(self, **values: object) -> None:
        """Let the local Google behave otherwise."""
        httpx.post(f"{self.google}/_emulator/oauth", json=values).raise_for_status()

    def fault(self, match: str, **what: object) -> None:
        httpx.post(f"{self.google}/_emulator/faults", json={"match": match, **what}).raise_for_status()

    def calls(self, since: int = 0) -> list[str]:
        """The calls since a mark, as "GET /drive/v3/files"."""
        return calls(self.google, since)

    def mark(self) -> int:
        return int(httpx.get(f"{self.google}/_emulator/calls").json()["next"])

    def connect(self) -> str:
        """Let the person consent; returns the connection."""
        return connect(self.app)

    def work(self, *kinds: JobKind) -> None:
        self.app.work(kinds=kinds or tuple(JobKind), until_idle=True)

    def night(self) -> None:
        """Let a day pass, then do what the clock and the worker do in a night."""
        self.clock.later(timedelta(days=1))
        for connection in self.app.readable_connections():
            self.app.queue.enqueue([sync_job(connection)])
        self.app.sweep()
        self.work()

    def connection(self, ident: str) -> Connection:
        with self.app.store.reading() as unit:
            known = unit.connections.get(ident)
        assert known is not None
        return known

    def failed(self) -> list[str]:
        return [job.error for job in self.app.queue.list(states=[JobState.FAILED])]

    def mails(self, about: str = "") -> list[EmailMessage]:
        return [mail for mail in self.mailbox.mails if about in str(mail["Subject"])]


@contextmanager
def a_place(
    home: Path, google: str, *, service_account: Path | None = None, push_url: str = "", **more: object
) -> Iterator[Place]:
    """Assemble Crosswalk over a local Google that behaves, and leave that as it was found."""
    mailbox, clock = Mailbox(), Clock(datetime.now(UTC))
    with a_server(mailbox) as port:
        mail = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
        settings: dict[str, object] = {"home": migrated(home / "home"), "database_url": "", "clauses": "", "readers": 1}
        app = App(
            load(**{**settings, **mail, **more}),
            google=told(google, google_service_account_file=service_account, push_url=push_url),
            now=clock,
        )
        try:
            yield Place(app, google, mailbox, clock, home)
        finally:
            app.close()
            httpx.post(f"{google}/_emulator/oauth", json=USUAL).raise_for_status()
            httpx.delete(f"{google}/_emulator/faults").raise_for_status()


def text_of(mail: EmailMessage) -> str:
    """The text part on one line."""
    part = mail.get_body(("plain",))
    assert part is not None
    return " ".join(part.get_content().split())
