"""What every document that a reader gives must keep, whatever the file was."""

import re

from scanner.extract.draft import MAX_CHARS, MAX_PASSAGES, folded
from scanner.extract.formats import Format
from scanner.model.document import MAX_PASSAGE_CHARS, Document, Passage, PassageKind

_BESIDES = (PassageKind.PROPERTY, PassageKind.HEADER_FOOTER)
_CELLS = re.compile(r"[A-Z]{1,7}[1-9]\d{0,9}(?::[A-Z]{1,7}[1-9]\d{0,9})?")


def broken_promises(document: Document) -> list[str]:
    """Return which promises the document breaks, in words; none for one as it should be."""
    passages = document.passages
    headings = {one.text[:60] for one in passages if one.kind is PassageKind.HEADING}
    broken = {
        "no passage": not passages,
        "passages are not counted from one on": [one.locator.paragraph for one in passages]
        != list(range(1, len(passages) + 1)),
        "too many passages": len(passages) > MAX_PASSAGES,
        "too much text": sum(len(one.text) for one in passages) > MAX_CHARS + MAX_PASSAGE_CHARS,
        "a heading above leads nowhere": any(
            above[:60] not in headings for one in passages for above in one.locator.heading[-1:]
        ),
        "a passage does not say where it stands": not all(
            _stands(one, document.media_type) for one in passages if one.kind not in _BESIDES
        ),
    }
    return [words for words, is_broken in broken.items() if is_broken] + [
        words for passage in passages for words in _broken_by(passage)
    ]


def _stands(passage: Passage, media_type: str) -> bool:
    """Tell whether a passage has the place that a person opens its format at."""
    at = passage.locator
    if media_type in (Format.PDF.media_type, Format.IMAGE.media_type):
        return at.page is not None
    if media_type in (Format.PPTX.media_type, Format.ODP.media_type):
        return at.slide is not None
    if media_type in (Format.XLSX.media_type, Format.XLS.media_type, Format.ODS.media_type):
        return at.sheet is not None and (at.cell is not None or passage.kind is not PassageKind.TABLE_ROW)
    if media_type in (Format.CSV.media_type, Format.TSV.media_type):
        return at.cell is not None
    return media_type != Format.ZIP.media_type or (at.part or "").startswith("file ")


def _broken_by(passage: Passage) -> list[str]:
    at, text = passage.locator, passage.text
    broken = {
        "a passage is empty or too long": not 0 < len(text.strip()) <= len(text) <= MAX_PASSAGE_CHARS,
        "a passage is not folded": passage.kind is not PassageKind.CODE and text != " ".join(text.split()),
        "a passage holds controls": any(ord(char) < 32 and char not in "\n" for char in text),
        "a number is none": any(one is not None and one < 1 for one in (at.page, at.slide, at.paragraph)),
        "a place is not folded": any(
            one is not None and (not one or one != folded(one)) for one in (at.sheet, at.part, at.anchor)
        ),
        "a cell has no place": at.cell is not None and not _CELLS.fullmatch(at.cell),
        "a cell stands without its sheet's row": any(value not in text for _, value in passage.cells),
        "a level is negative": passage.level < 0,
    }
    return [words for words, is_broken in broken.items() if is_broken]
