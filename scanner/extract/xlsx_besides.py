"""What an Excel workbook says beside its cells: headers and footers for print, comments, and texts in drawings."""

import html
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator

from lxml import etree

from scanner.extract.base import Unreadable
from scanner.extract.container import DAMAGED, read_member
from scanner.extract.draft import Draft
from scanner.extract.grid import sheet_said
from scanner.extract.hardened import parse_xml
from scanner.extract.ooxml import local_name, relations
from scanner.model.document import Locator, PassageKind

MAX_SHEETS = 500
_WORKBOOK = "xl/workbook.xml"
_CHUNK = 65_536
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MARGIN = re.compile(
    rb"<(?:\w+:)?(?:odd|even|first)(Header|Footer)>([^<]{1,4000})</", re.IGNORECASE
)  # ECMA-376 part 1, §18.3.1.46
_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|\d{1,3}|[LCRPNDTGFAZBIUESXYHO+-])', re.IGNORECASE)


def read_besides(archive: zipfile.ZipFile, draft: Draft) -> None:
    """Add them, sheet by sheet, each once, also where sheets share a part. Raises Unreadable."""
    draft.leave_headings()
    seen: set[tuple[str, str]] = set()
    read: set[str] = set()
    for name, member in worksheets(archive):
        for part, text in _margins(archive, member):
            if (part, text) not in seen:
                seen.add((part, text))
                draft.add(text, PassageKind.HEADER_FOOTER, at=Locator(sheet=name, part=part))
        related = list(relations(archive, member).values())
        threaded = any(kind == "threadedComment" for kind, _ in related)
        for kind, target in related:
            wanted = kind in ("threadedComment", "drawing") or (kind == "comments" and not threaded)
            data = read_member(archive, target) if wanted and target not in read else None
            read.add(target)
            if data:
                _read_related(parse_xml(data), name, draft)


def worksheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield (name, member) of each worksheet in order."""
    data = read_member(archive, _WORKBOOK)
    related = relations(archive, _WORKBOOK)
    sheets = [one for one in (parse_xml(data).iter() if data else ()) if local_name(one.tag) == "sheet"]
    for one in sheets[:MAX_SHEETS]:
        kind, member = related.get(str(one.get(f"{_R}id", "")), ("", ""))
        if kind == "worksheet" and member.endswith(".xml"):
            yield sheet_said(str(one.get("name", ""))), member


def head_of(archive: zipfile.ZipFile, member: str) -> bytes:
    """Return a member's first bytes, none where it is missing. Raises Unreadable."""
    return b"".join(_chunks(archive, member, 1, size=4096))


def tail_of(archive: zipfile.ZipFile, member: str) -> bytes:
    """Return a member's last bytes, none where it is missing. Raises Unreadable."""
    return b"".join(deque(_chunks(archive, member, 1_000_000), maxlen=2))


def _chunks(archive: zipfile.ZipFile, member: str, most: int, *, size: int = _CHUNK) -> Iterator[bytes]:
    try:
        with archive.open(member) as sheet:
            for _ in range(most):
                if not (chunk := sheet.read(size)):
                    return
                yield chunk
    except KeyError:
        return
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        raise Unreadable(DAMAGED) from None


def _margins(archive: zipfile.ZipFile, member: str) -> Iterator[tuple[str, str]]:
    """Yield (header or footer, its text); they stand behind the cells, so the member's end is enough."""
    for found in _MARGIN.finditer(tail_of(archive, member)):
        said = html.unescape(found.group(2).decode("utf-8", "replace"))
        text = _CODE.sub(" ", said.replace("&&", "\0")).replace("\0", "&")
        if any(char.isalnum() for char in text):
            yield found.group(1).decode().lower(), " ".join(text.split())


def _read_related(root: etree._Element, sheet: str, draft: Draft) -> None:
    """Add comments with their cells, or a drawing's paragraphs."""
    kind = local_name(root.tag)
    for one in root.iter():
        name = local_name(one.tag)
        if name in ("comment", "threadedComment"):
            cell = str(one.get("ref", ""))[:20]
            at = Locator(
                sheet=sheet, cell=cell if re.fullmatch(r"[A-Z]{1,3}[1-9]\d{0,6}", cell) else None, part="comment"
            )
            draft.add("".join(_texts(one)), PassageKind.COMMENT, at=at)
        elif kind == "wsDr" and name == "p":
            draft.add("".join(_texts(one)), at=Locator(sheet=sheet, part="text box"))


def _texts(root: etree._Element) -> Iterator[str]:
    """Yield the runs of a text; a threaded comment has it without runs, and a phonetic hint is none of it."""
    for one in root.iter():
        name = local_name(one.tag)
        if name in ("t", "text") and not any(local_name(above.tag) == "rPh" for above in one.iterancestors()):
            yield one.text or ""
