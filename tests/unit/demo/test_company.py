"""The invented company's Drive is as full, as real and as treacherous as the demo needs."""

import csv
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import pypdfium2
import pytest
from docx import Document
from lxml.html import document_fromstring
from openpyxl import load_workbook
from pptx import Presentation

from scanner.demo.company.build import DeleteItem, PutItem, build_seed, second_night
from scanner.demo.company.expected import (
    DRIFT,
    FIRST_NIGHT,
    HOSTILE_NAMES,
    MAY_BE_STALE,
    MISLABELLED,
    NEVER_EVIDENCE,
    SECOND_NIGHT,
    STALE,
    UNCHECKED,
    Expected,
)

pytestmark = pytest.mark.xdist_group("company")  # its Drive is made once, not once a process
TODAY = date(2026, 3, 9)
CONSTRAINTS = (
    "secure-operation",
    "process-conformance",
    "annex-e-coverage",
    "account-management",
    "residual-risks",
    "secure-configuration",
    "risk-specificity",
    "data-protection-risks",
    "retention-disposal",
    "updated-each-release",
)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What the Drive holds on one night: items by id, and their bytes."""

    items: dict[str, dict[str, Any]]
    contents: dict[str, bytes]

    def called(self, name: str) -> list[str]:
        """Ids of the files of that name that are not in the trash, shortcuts left out."""
        return [
            key
            for key, item in self.items.items()
            if item["name"] == name and item["kind"] not in {"shortcut", "folder"} and not item.get("trashed")
        ]


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seed folder as the demo writes it."""
    folder = tmp_path_factory.mktemp("seed")
    build_seed(folder, today=TODAY)
    return folder


@pytest.fixture(scope="module")
def first(seed: Path) -> Night:
    """The Drive on the first night."""
    items = {item["id"]: item for item in json.loads((seed / "manifest.json").read_text(encoding="utf-8"))["items"]}
    return Night(
        items=items,
        contents={key: (seed / item["content"]).read_bytes() for key, item in items.items() if "content" in item},
    )


@pytest.fixture(scope="module")
def second(first: Night) -> Night:
    """The Drive on the second night."""
    items: dict[str, dict[str, Any]] = dict(first.items)
    contents = dict(first.contents)
    for change in second_night(TODAY):
        match change:
            case PutItem():
                items[change.id] = {**change.item, "content": f"{change.id}{change.suffix}"}
                if change.content is not None:
                    contents[change.id] = change.content
            case DeleteItem():
                del items[change.id], contents[change.id]
    return Night(items=items, contents=contents)


def test_the_drive_holds_at_least_eighty_files_in_every_place_that_a_drive_has(first: Night) -> None:
    assert len(first.contents) >= 80
    places = {_top(first, key) for key in first.contents}
    assert places == {"root", "drive-qara", "drive-eng", None}


def test_every_id_is_unique_and_every_parent_and_target_but_the_dangling_one_exists(seed: Path, first: Night) -> None:
    manifest = json.loads((seed / "manifest.json").read_text(encoding="utf-8"))
    known = {"root", None, *(drive["id"] for drive in manifest["drives"]), *first.items}
    assert len(manifest["items"]) == len(first.items)
    assert [item["id"] for item in manifest["items"] if item["parent"] not in known] == []
    assert [item["id"] for item in manifest["items"] if item.get("target", "root") not in known] == ["s-dangling"]


def test_every_content_file_lies_in_the_seed_under_a_harmless_name_and_none_is_left_over(seed: Path) -> None:
    items = json.loads((seed / "manifest.json").read_text(encoding="utf-8"))["items"]
    named = {item["content"] for item in items if "content" in item}
    assert all(re.fullmatch(r"content/[\w-]+\.\w+", name) for name in named)
    assert named == {f"content/{file.name}" for file in (seed / "content").iterdir()}


def test_every_file_opens_with_its_formats_library(first: Night) -> None:
    opened = {key for key in first.contents if _text_of(first, key) is not None}
    assert set(first.contents) - opened == {"empty", "locked"}


def test_the_scan_holds_pictures_and_no_text_and_the_locked_copy_opens_with_its_password_only(first: Night) -> None:
    scan = pypdfium2.PdfDocument(first.contents["scan"])
    assert len(scan) == 2
    assert all(list(page.get_objects()) for page in scan)
    assert _text_of(first, "scan") == ""
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(first.contents["locked"])
    assert len(pypdfium2.PdfDocument(first.contents["locked"], password="told-by-telephone")) == 1


def test_hostile_names_a_trashed_draft_a_mislabelled_and_a_view_only_file_are_there(first: Night) -> None:
    assert all(len(first.called(name)) == 1 for name in HOSTILE_NAMES)
    assert [item["name"] for item in first.items.values() if item.get("trashed")] == ["Security Guide OLD draft.docx"]
    assert first.contents[first.called(MISLABELLED)[0]].startswith(b"PK")
    views = [item["name"] for item in first.items.values() if item.get("can_download") is False]
    assert views == ["Sensor Box SB-7 Security White Paper.pdf"]


def test_the_same_day_gives_the_same_bytes_and_another_day_other_dates(tmp_path: Path, seed: Path) -> None:
    build_seed(tmp_path, today=TODAY)
    assert _digests(tmp_path) == _digests(seed)
    assert second_night(TODAY + timedelta(days=1)) != second_night(TODAY) == second_night(TODAY)


def test_no_item_was_modified_in_the_future(first: Night, second: Night) -> None:
    days = {
        datetime.fromisoformat(item["modified"]).date() for night in (first, second) for item in night.items.values()
    }
    assert max(days) == TODAY


def test_no_date_is_left_unfilled(first: Night, second: Night) -> None:
    texts = [_text_of(night, key) or "" for night in (first, second) for key in night.contents]
    assert [text for text in texts if "@{" in text] == []


def test_the_second_night_adds_notes_and_an_index_edits_the_guide_and_deletes_the_risk_report(first: Night) -> None:
    changes = second_night(TODAY)
    puts = {change.id: change.new for change in changes if isinstance(change, PutItem)}
    assert puts == {"f-43": True, "pv-rn-430": True, "pv-idx-007": True, "pv-sec-001": False}
    assert [change.id for change in changes if isinstance(change, DeleteItem)] == ["pv-rsk-004"]
    assert {key for key, new in puts.items() if not new} | {"pv-rsk-004"} <= set(first.items)
    wire = next(change.wire for change in changes if isinstance(change, PutItem) and change.id == "pv-idx-007")
    assert wire["name"] == "Accompanying Documentation Index PulseView 4.3.docx"
    assert str(wire["content_base64"]).startswith("UEsDB")


@pytest.mark.parametrize("night", [FIRST_NIGHT, SECOND_NIGHT], ids=["first", "second"])
def test_an_outcome_is_expected_for_each_constraint_and_proved_unless_it_is_missing(
    night: tuple[Expected, ...],
) -> None:
    assert tuple(one.constraint for one in night) == CONSTRAINTS
    assert all(bool(one.proofs) != (one.outcome == "missing") for one in night)


def test_every_quote_stands_in_its_file_on_its_night(first: Night, second: Night) -> None:
    absent = [
        (proof.file, proof.quote)
        for night, expected in ((first, FIRST_NIGHT), (second, SECOND_NIGHT))
        for one in expected
        for proof in one.proofs
        if proof.quote not in _text_called(night, proof.file)
    ]
    assert absent == []


def test_what_drifts_stood_there_before_and_stands_there_no_longer(first: Night, second: Night) -> None:
    for one in DRIFT:
        if one.old_quote:
            assert one.old_quote in _text_called(first, one.file)
            assert one.old_quote not in _text_called(second, one.file)


def test_the_drift_is_the_difference_between_the_two_nights() -> None:
    before = {one.constraint: one.outcome for one in FIRST_NIGHT}
    now = {one.constraint: one.outcome for one in SECOND_NIGHT}
    moved = {key: (before[key], now[key]) for key in CONSTRAINTS if before[key] != now[key]}
    assert moved == {one.constraint: (one.before, one.now) for one in (*DRIFT, STALE)}


def test_every_file_that_is_expected_of_a_review_is_in_the_drive(first: Night) -> None:
    for name in {*UNCHECKED, *(NEVER_EVIDENCE - {"Security Guide OLD draft.docx"}), *MAY_BE_STALE}:
        assert len(first.called(name)) == 1, name


def test_every_document_of_the_newest_release_names_it_and_was_written_for_it(first: Night) -> None:
    released = f"{(TODAY - timedelta(days=152)).day} {TODAY - timedelta(days=152):%B %Y}"
    for name in MAY_BE_STALE:
        text = _text_called(first, name)
        assert re.search(r"4\.2\.[0x]", text), name
        assert released in text, name


def test_the_guide_and_the_manual_point_at_each_other_on_the_second_night(second: Night) -> None:
    assert "See the Administrator Manual." in _text_called(second, "PulseView Security Guide")
    manual = _text_called(second, "PulseView Gateway Administrator Manual.docx")
    assert "see the PulseView Security Guide, chapter 4" in manual


def _text_called(night: Night, name: str) -> str:
    return " ".join(_text_of(night, key) or "" for key in night.called(name))


def _text_of(night: Night, key: str) -> str | None:
    """Return the file's text as its format's own library reads it, blanks folded; None for one that does not open."""
    return _read(night.contents[key], Path(night.items[key]["content"]).suffix)


@cache
def _read(data: bytes, suffix: str) -> str | None:
    try:
        return " ".join(READERS[suffix](data).split())
    except (pypdfium2.PdfiumError, BadZipFile):
        return None


def _docx(data: bytes) -> str:
    document = Document(BytesIO(data))
    parts = [document.element.body, *(part._element for one in document.sections for part in (one.header, one.footer))]
    return "\n".join("".join(text.text for text in p.iter(f"{WORD}t")) for part in parts for p in part.iter(f"{WORD}p"))


def _pdf(data: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))


def _xlsx(data: bytes) -> str:
    book = load_workbook(BytesIO(data))
    return "\n".join(str(cell.value or "") for sheet in book for row in sheet.iter_rows() for cell in row)


def _pptx(data: bytes) -> str:
    deck = Presentation(BytesIO(data))
    return "\n".join(shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame)


def _eml(data: bytes) -> str:
    mail = message_from_bytes(data, policy=policy.default)
    assert mail["From"]
    return f"{mail['Subject']}\n{mail.get_content()}"


def _csv(data: bytes) -> str:
    return "\n".join(" ".join(row) for row in csv.reader(StringIO(data.decode())))


def _png(data: bytes) -> str:
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert data.endswith(b"IEND\xaeB`\x82")
    return ""


READERS: dict[str, Callable[[bytes], str]] = {
    ".docx": _docx,
    ".pdf": _pdf,
    ".xlsx": _xlsx,
    ".pptx": _pptx,
    ".eml": _eml,
    ".csv": _csv,
    ".png": _png,
    ".html": lambda data: " ".join(str(piece) for piece in document_fromstring(data).itertext()),
    ".json": lambda data: str(json.loads(data)),
    ".md": bytes.decode,
    ".txt": bytes.decode,
    ".py": bytes.decode,
}


def _top(night: Night, key: str) -> str | None:
    parent: str | None = night.items[key]["parent"]
    while parent in night.items:
        parent = night.items[parent]["parent"]
    return parent


def _digests(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.rglob("*") if file.is_file()}
