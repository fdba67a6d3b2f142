"""A Drive source whose fetching can be watched, disturbed and counted."""

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx
from pydantic import SecretStr

from connector import SourceFile
from connector.calls import Counted, nobody
from connector.drive.budget import Budget
from connector.drive.client import DriveClient
from connector.drive.files import MEGABYTE, Limits
from connector.drive.source import DriveSource
from connector.grant import Grant
from connector.settings import ConnectorSettings
from tests.emulator_process import CLIENT_ID, CLIENT_SECRET, DRIVE_SCOPE


def noise(size: int, seed: int = 1) -> bytes:
    """Return bytes that nothing packs and nobody guesses."""
    return Random(seed).randbytes(size)


def a_document(size: int = 2000) -> bytes:
    """Return a zip container of about a size, as Google exports one."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", noise(size))
    return packed.getvalue()


@dataclass
class Desk:
    """One person's source on the local Google, and the knobs to make that misbehave."""

    root: str
    http: httpx.Client
    source: DriveSource
    budget: Budget
    waits: list[float]
    began: int = 0
    during_waits: list[Callable[[], None]] = field(default_factory=list)  # each is done once, in a wait

    def fault(self, match: str, **what: object) -> None:
        self.http.post("/_emulator/faults", json={"match": match, **what}).raise_for_status()

    def spoil(self, file_id: str, **what: object) -> None:
        """Spoil what is downloaded of a stored file."""
        self.fault(f"GET /drive/v3/files/{file_id}", query={"alt": "media"}, **what)

    def do(self, verb: str, path: str, body: object = None) -> None:
        self.http.request(verb, f"/_emulator/{path}", json=body).raise_for_status()

    def fetch(self, file_id: str) -> bytes:
        with self.source.fetch(a_file(file_id)) as stream:
            return stream.read()

    def calls(self, path: str = "") -> list[dict[str, Any]]:
        """Return what was asked for since this desk was opened."""
        found = self.http.get("/_emulator/calls", params={"since": self.began}).json()
        return [call for call in found["calls"] if path in call["path"] and call["path"] != "/token"]

    def ranges(self) -> list[str | None]:
        """Return the range of each download of stored bytes."""
        return [call.get("range") for call in self.calls() if call["query"].get("alt") == "media"]


def a_file(file_id: str) -> SourceFile:
    """Return a file of which a source knows no more than where it is."""
    return SourceFile(id=file_id, name="", path="", media_type="", fingerprint="", modified_at=None, link="", size=None)


def a_client(
    root: str,
    *,
    refresh_token: str = "",
    sleep: Callable[[float], object] | None = None,
    counted: Counted = nobody,
    **chosen: Any,
) -> DriveClient:
    """Return a client of the local Google, with this consent or one of its own; `chosen` are connector settings."""
    if not refresh_token:
        refresh_token = httpx.post(f"{root}/_emulator/tokens", json={"scopes": [DRIVE_SCOPE]}).json()["refresh_token"]
    settings = ConnectorSettings(
        google_client_id=CLIENT_ID,
        google_client_secret=SecretStr(CLIENT_SECRET),
        google_api_root=root,
        google_token_url=f"{root}/token",
        **chosen,
    )
    return DriveClient(settings, Grant(refresh_token=refresh_token), sleep=sleep, counted=counted)


@contextmanager
def a_desk(
    root: str, *, max_file_mb: int = 20, in_flight_mb: int = 20, abusive: bool = False, timeout: float = 20.0
) -> Iterator[Desk]:
    """Open a desk; when it is left nothing is in flight any more, and nothing was asked that only a writer asks."""
    with httpx.Client(base_url=root, timeout=20) as http:
        began = http.get("/_emulator/calls").json()["next"]
        known = http.get("/_emulator/violations").json()
        waits: list[float] = []
        during: list[Callable[[], None]] = []

        def sleep(seconds: float) -> None:
            waits.append(seconds)
            if during:
                during.pop(0)()

        client = a_client(root, sleep=sleep, call_attempts=3, call_timeout=timeout)
        budget = Budget(in_flight_mb * MEGABYTE, patience=20.0)
        source = DriveSource(client, limits=Limits(max_file_mb=max_file_mb, abusive=abusive), budget=budget)
        try:
            yield Desk(root, http, source, budget, waits, began, during)
        finally:
            client.close()
            http.delete("/_emulator/faults").raise_for_status()
        assert http.get("/_emulator/violations").json() == known
        assert budget.in_flight == 0
