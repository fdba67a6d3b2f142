"""Whatever Google does to a walk and wherever it is killed: every file is seen, or the sync says *incomplete*."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector import Completeness, ConnectorError, Cursor, SyncKind
from connector.drive.client import DriveClient
from connector.drive.files import Limits
from connector.drive.source import DriveSource
from tests.drive_builders import a_client
from tests.emulator_process import DRIVE_SCOPE, running_emulator, write_seed

BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
FOLDERS = [{"id": f"folder-{n}", "kind": "folder", "parent": f"folder-{n // 2}" if n else None} for n in range(1, 8)]
FILES = [
    {
        "id": f"file-{n:02}",
        "text": f"text {n}",
        "parent": (None, "root", "quality", f"folder-{1 + n % 7}")[n % 4],
        "modified": (BEGAN + timedelta(days=11 * n)).isoformat(),
    }
    for n in range(60)
]
FOLDER_ROOT: dict[str, Any] = {"id": "folder-0", "kind": "folder", "parent": "root"}
LINKS = [
    {"id": "link-in", "kind": "shortcut", "target": "file-03"},
    {"id": "link-gone", "kind": "shortcut", "target": "nowhere"},
]
TRUTH = {str(one["id"]) for one in FILES}

faults = st.lists(
    st.fixed_dictionaries(
        {
            "after": st.integers(0, 20),
            "times": st.integers(1, 3),
            "what": st.sampled_from(
                [
                    {"status": 500},
                    {"status": 403, "reason": "userRateLimitExceeded"},
                    {"status": 429},
                    {"html": True},
                    {"reset": True},
                    {"truncate": True},
                    {"login_page": True},
                    {"empty_page": True},
                    {"short_page": 1},
                    {"duplicate": True},
                    {"incomplete_search": True},
                    {"reject_page_token": True},
                    {"status": 404, "reason": "notFound"},
                ]
            ),
        }
    ),
    max_size=5,
)


@dataclass
class Google:
    """One emulator for all examples: what differs is how it misbehaves."""

    root: str
    http: httpx.Client
    refresh_token: str

    def behave(self) -> None:
        self.http.delete("/_emulator/faults").raise_for_status()

    def misbehave(self, fault: dict[str, Any]) -> None:
        what = {**fault["what"], "match": "GET /drive/v3/files", "after": fault["after"], "times": fault["times"]}
        self.http.post("/_emulator/faults", json=what).raise_for_status()

    def source(self, *, page_size: int, streams: int) -> tuple[DriveSource, DriveClient]:
        client = a_client(
            self.root,
            refresh_token=self.refresh_token,
            sleep=lambda _: None,
            page_size=page_size,
            streams=streams,
            call_attempts=4,
        )
        return DriveSource(client, limits=Limits(max_file_mb=1)), client


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Google]:
    items: list[dict[str, Any]] = [FOLDER_ROOT, *FOLDERS, *FILES, *LINKS]
    seed = write_seed(
        tmp_path_factory.mktemp("google") / "seed", items=items, drives=[{"id": "quality", "name": "Quality"}]
    )
    with running_emulator(seed) as root, httpx.Client(base_url=root) as http:
        tokens = http.post("/_emulator/tokens", json={"scopes": [DRIVE_SCOPE]}).json()
        yield Google(root, http, tokens["refresh_token"])


@given(
    page_size=st.integers(1, 30),
    streams=st.integers(1, 8),
    troubles=faults,
    kills=st.lists(st.integers(1, 12), max_size=4),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_file_is_seen_or_the_walk_is_incomplete(
    google: Google, page_size: int, streams: int, troubles: list[dict[str, Any]], kills: list[int]
) -> None:
    google.behave()
    for fault in troubles:
        google.misbehave(fault)
    seen: set[str] = set()
    ended: Completeness | None = None
    cursor: Cursor | None = None
    pages_left = [*kills, *([10_000] * 12)]  # each process dies after so many pages, the last ones do not
    for limit in pages_left:
        source, client = google.source(page_size=page_size, streams=streams)
        pages = source.pages(cursor)
        try:
            for number, page in enumerate(pages, start=1):
                seen |= {file.id for file in page.files}
                assert not page.removed
                cursor, ended = page.cursor, page.coverage.completeness
                assert page.coverage.kind is SyncKind.FULL
                if number >= limit:
                    break
        except ConnectorError:
            pass  # it said so; the next night goes on from the cursor
        finally:
            pages.close()  # type: ignore[attr-defined]  # a generator
            client.close()
        if ended in {Completeness.COMPLETE, Completeness.INCOMPLETE}:
            break
    google.behave()
    assert ended in {Completeness.COMPLETE, Completeness.INCOMPLETE}
    assert seen <= TRUTH
    if ended is Completeness.COMPLETE:
        assert seen == TRUTH
    assert google.http.get("/_emulator/violations").json() == {"violations": []}
