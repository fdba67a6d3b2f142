"""Files made to do harm: each ends within its limits, as text or as a reason that a quality manager understands."""

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from scanner.extract.base import Unreadable
from scanner.extract.isolation import ExtractPool, Limits
from scanner.model.document import Document
from tests.extract_builders import a_docx, a_pdf
from tests.extract_promises import broken_promises
from tests.extract_samples.every import BY_NAME
from tests.hazards import HAZARDS, Hazard

MOST = 400  # MiB that a reader may ever take


@pytest.fixture(scope="module")
def pools() -> Iterator[Mapping[float, ExtractPool]]:
    """One reader for hazards that end by themselves, and one for those that would take for ever."""
    with ExitStack() as stack:
        patience = {hazard.seconds for hazard in HAZARDS}
        yield {one: stack.enter_context(ExtractPool(workers=1, limits=Limits(seconds=one))) for one in sorted(patience)}


def peak(pool: ExtractPool) -> float:
    """Return the most memory that the reader has ever taken, in MiB; none of one that has just begun."""
    said = Path(f"/proc/{pool._seats[0]._child.pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", said)
    return int(found.group(1)) / 1024 if found else 0.0


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: f"{hazard.name[-5:]} {hazard.title}")
def test_it_ends_as_text_or_with_its_reason(pools: Mapping[float, ExtractPool], hazard: Hazard) -> None:
    pool = pools[hazard.seconds]
    document, because = _read(pool, hazard)
    if document is None:
        assert re.fullmatch(hazard.because, because), because
    else:
        assert hazard.says, f"it was read: {document.passages[0].text[:100]}"
        assert any(hazard.says in passage.text for passage in document.passages)
        assert hazard.in_part in document.unread
        assert broken_promises(document) == []
        assert not _of_this_machine(document)
    assert peak(pool) < MOST
    assert pool.extract(io.BytesIO(b"A plain answer."), name="a.txt").words == 3


def _read(pool: ExtractPool, hazard: Hazard) -> tuple[Document | None, str]:
    try:
        return pool.extract(io.BytesIO(hazard.make()), name=hazard.name), ""
    except Unreadable as why:
        return None, str(why)


def _of_this_machine(document: Document) -> bool:
    """Tell whether a line of this machine's password file stands in it."""
    return any("root:" in passage.text for passage in document.passages)


def test_there_are_enough_of_them_and_no_two_alike() -> None:
    assert len({(hazard.name, hazard.title) for hazard in HAZARDS}) == len(HAZARDS) >= 60


def test_a_wrong_ending_is_read_as_what_it_is_and_said(pools: Mapping[float, ExtractPool]) -> None:
    for sample, name, note in (
        (a_docx(), "guide.pdf", "named .pdf, but it is a Word document"),
        (a_pdf(), "guide.docx", "named .docx, but it is a PDF"),
        (BY_NAME["guide.html"].data, "guide.docx", "named .docx, but it is a web page"),
        (BY_NAME["guide.rtf"].data, "guide.doc", "named .doc, but it is an RTF document"),
    ):
        document = pools[20].extract(io.BytesIO(sample), name=name)
        assert (document.mislabelled, document.notes) == (note, ())  # all of it was read
