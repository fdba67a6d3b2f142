"""RTF: what stands beside its text, once each, and what makes no reader work twice."""

import io
import time

from scanner.extract.direct import read
from scanner.model.document import Document, PassageKind


def read_rtf(body: str) -> Document:
    return read(io.BytesIO(rf"{{\rtf1\ansi {body}}}".encode("latin-1")), name="a.rtf")


def test_headers_of_all_kinds_and_notes_are_read_once_each() -> None:
    header = r"{\header PV-SEC-001 revision 4\par}{\headerl PV-SEC-001 revision 4\par}{\footerf Confidential\par}"
    document = read_rtf(header + r"Default accounts exist.{\footnote See \{annex\} E.}\par")
    assert [(one.kind, one.text, one.locator.part) for one in document.passages] == [
        (PassageKind.PARAGRAPH, "Default accounts exist.", None),
        (PassageKind.HEADER_FOOTER, "PV-SEC-001 revision 4", "header"),
        (PassageKind.HEADER_FOOTER, "Confidential", "footer"),
        (PassageKind.FOOTNOTE, "See {annex} E.", "footnote"),
    ]


def test_notes_within_notes_without_end_are_gone_through_once() -> None:
    started = time.process_time()
    document = read_rtf("A text. " + r"{\footnote " * 30_000)
    assert document.passages[0].text == "A text."
    assert time.process_time() - started < 10  # it was minutes
