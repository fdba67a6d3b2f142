"""What cannot be fetched from Drive is in the report and in the mail, with the reason, and never silent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from connector import FileSource
from connector.drive.files import MEGABYTE
from scanner.model.connection import ScanState
from tests.drive_builders import a_desk, a_document, noise
from tests.emulator_process import running_emulator, write_seed
from tests.pipeline_builders import GUIDE, Bench, a_bench

BECAUSE = {
    "Sealed Security Guide.md": "its owner has switched off downloading",
    "Large Security Guide.pdf": "it is larger than 2 MB",
    "Infected Security Guide.md": "Google holds it for malware or spam and does not hand it out",
    "Late Security Guide.md": "its owner has switched off downloading",
    "Live Security Guide": (
        "it is larger than Google exports (10 MB), and no other way worked (Google could not export it (code 3); "
        "Google has no link to it)"
    ),
}


@dataclass
class OnDrive(Bench):
    """Crosswalk over a Drive."""

    drive: FileSource

    def opened(self, _: str, /, *, within: Sequence[str] = ()) -> FileSource:  # noqa: ARG002 -- one for all
        return self.drive


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[OnDrive]:
    folder = tmp_path / "seed"
    folder.mkdir()
    (folder / "large").write_bytes(noise(3 * MEGABYTE))
    (folder / "live").write_bytes(a_document())
    items: list[dict[str, Any]] = [
        {"id": "guide", "name": "Monitor Security Guide.md", "text": GUIDE.decode()},
        {"id": "sealed", "name": "Sealed Security Guide.md", "can_download": False},
        {"id": "large", "name": "Large Security Guide.pdf", "content": "large"},
        {"id": "infected", "name": "Infected Security Guide.md", "abusive": True},
        {"id": "late", "name": "Late Security Guide.md"},
        {"id": "live", "name": "Live Security Guide", "kind": "google-doc", "content": "live"},
    ]
    with (
        running_emulator(write_seed(folder, items=items)) as root,
        a_desk(root, max_file_mb=2) as desk,
        a_bench(tmp_path / "home") as one,
    ):
        # Each time that it is asked: a slow machine asks again what it did not hear in time.
        always = {"times": None}
        desk.fault(
            "GET /drive/v3/files/late", query={"alt": "media"}, status=403, reason="cannotDownloadFile", **always
        )
        desk.fault("GET /drive/v3/files/live/export", export_too_large=True, **always)
        desk.fault("GET /drive/v3/operations/*", failed=3, **always)
        desk.fault("GET /drive/v3/files/live", query={"fields": "exportLinks"}, leads_to="", **always)
        yield OnDrive(one.app, one.memory, one.clock, drive=desk.source)


def test_every_file_that_could_not_be_fetched_is_reported_with_its_reason(bench: OnDrive, tmp_path: Path) -> None:
    bench.night()
    report = bench.report()
    assert {one.file.name: one.because for one in report.unchecked} == BECAUSE
    assert bench.states() == {ScanState.TO_SCAN: 0, ScanState.SCANNED: 1, ScanState.UNDETERMINED: len(BECAUSE)}
    (mail,) = (tmp_path / "home" / "outbox").glob("*.eml")
    said = message_from_bytes(mail.read_bytes(), policy=policy.default).get_body(("plain",))
    assert said is not None
    words = " ".join(str(said.get_content()).split())
    assert all(name in words and because in words for name, because in BECAUSE.items())
