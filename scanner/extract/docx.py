"""Word: parts found by their relationships, python-docx for what the package says of itself, the body walked once."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO

from docx.opc.coreprops import CoreProperties
from docx.oxml import parse_xml as parse_docx_xml
from docx.oxml.coreprops import CT_CoreProperties
from lxml import etree

from scanner.extract.base import Unreadable
from scanner.extract.container import DAMAGED, opened, read_member
from scanner.extract.docx_body import CALLS, Body, paragraphs, text_of
from scanner.extract.docx_styles import Numbering, Styles, W, without_table_styles
from scanner.extract.draft import NOWHERE, Draft
from scanner.extract.formats import Format
from scanner.extract.hardened import parse_xml
from scanner.extract.ooxml import CITED, custom_properties, relations
from scanner.model.document import Document, Locator, PassageKind

BESIDES = {
    "header": (PassageKind.HEADER_FOOTER, "header"),
    "footer": (PassageKind.HEADER_FOOTER, "footer"),
    "footnotes": (PassageKind.FOOTNOTE, "footnote"),
    "endnotes": (PassageKind.FOOTNOTE, "endnote"),
    "comments": (PassageKind.COMMENT, "comment"),
}
_READ = frozenset({*BESIDES, "styles", "numbering"})
_MAIN = "word/document.xml"
_CORE = {
    "Title": "title", "Subject": "subject", "Keywords": "keywords", "Category": "category", "Version": "version",
    "Status": "content_status", "Description": "comments", "Author": "author", "Revision": "revision",
    "Last modified by": "last_modified_by", "Created": "created", "Modified": "modified",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The parts of a Word file that are read."""

    body: etree._Element
    styles: etree._Element | None = None
    numbering: etree._Element | None = None
    besides: tuple[tuple[str, etree._Element], ...] = ()  # a key of BESIDES, and the part's root
    damaged: tuple[str, ...] = ()  # keys of those that could not be read


def extract(stream: IO[bytes], *, name: str) -> Document:
    """Read a Word document. Raises Unreadable."""
    with opened(stream) as archive:
        package = _package(archive)
        properties = (*_core_properties(archive), *custom_properties(archive))
    draft = Draft(name=name, real=Format.DOCX)
    with draft:
        for kind in package.damaged:
            draft.note(f"its {kind} could not be read: that part is damaged")
        for key, value in properties:
            draft.set_property(key, value, cite=key in CITED or key not in _CORE)
        body = Body(draft, Styles(package.styles), Numbering(package.numbering))
        body.read_all(package.body)
        draft.leave_headings()
        for kind, root in package.besides:
            if kind in CALLS.values():
                _read_called(draft, kind, root, body.called)
            else:
                _read_margin(draft, kind, root)
    return draft.document(because_empty="no text was found in it: it may hold pictures only")


def _read_called(draft: Draft, kind: str, root: etree._Element, called: Mapping[tuple[str, str], Locator]) -> None:
    """Read notes or comments, each below the headings that it is called under."""
    passage_kind, part = BESIDES[kind]
    for note in root:
        place = called.get((kind, str(note.get(f"{W}id", ""))), NOWHERE)
        for paragraph in paragraphs(note):
            draft.add(text_of(paragraph), passage_kind, at=replace(place, part=part))


def _read_margin(draft: Draft, kind: str, root: etree._Element) -> None:
    passage_kind, part = BESIDES[kind]
    seen = {passage.text for passage in draft.passages if passage.kind is passage_kind}
    for paragraph in paragraphs(root):
        text = " ".join(text_of(paragraph).split())
        if text not in seen:
            seen.add(text)
            draft.add(text, passage_kind, at=Locator(part=part))


def _package(archive: zipfile.ZipFile) -> Package:
    """Return the parts that are read. Raises Unreadable where there is no body."""
    main = _MAIN if _MAIN in archive.namelist() else _main_of(archive)
    body = _root(archive, "body", main)
    if body is None:
        raise Unreadable(DAMAGED)
    found: dict[str, list[etree._Element]] = {}
    damaged: list[str] = []
    for kind, member in _related(archive, main) or _by_usual_names(archive):
        if kind in _READ:
            try:
                root = _root(archive, kind, member)
            except etree.XMLSyntaxError:
                damaged.append(kind)
            else:
                found.setdefault(kind, []).extend([root] if root is not None else [])
    styles, numbering = (found.pop(kind, [])[:1] for kind in ("styles", "numbering"))
    return Package(
        body=body,
        styles=styles[0] if styles else None,
        numbering=numbering[0] if numbering else None,
        besides=tuple((kind, root) for kind, roots in found.items() for root in roots),
        damaged=tuple(damaged),
    )


def _main_of(archive: zipfile.ZipFile) -> str:
    """Return which member is the document, by what the package says of itself (ECMA-376 part 2, §9.3)."""
    return next((member for kind, member in _related(archive, "") if kind == "officeDocument"), _MAIN)


def _related(archive: zipfile.ZipFile, part: str) -> tuple[tuple[str, str], ...]:
    try:
        return tuple(relations(archive, part).values())
    except etree.XMLSyntaxError:
        return ()


def _by_usual_names(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield (kind, member) of a package that lacks its relationships, which Word mends as well."""
    for member in sorted(archive.namelist()):
        if usual := re.fullmatch(r"word/([a-z]+)\d*\.xml", member):
            yield usual.group(1), member


def _root(archive: zipfile.ZipFile, kind: str, member: str) -> etree._Element | None:
    data = read_member(archive, member)
    if not data:
        return None
    return parse_xml(without_table_styles(data) if kind == "styles" else data)


def _core_properties(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    data = read_member(archive, "docProps/core.xml")
    try:
        root = parse_docx_xml(data) if data else None
    except etree.XMLSyntaxError:
        root = None
    core = CoreProperties(root) if isinstance(root, CT_CoreProperties) else None
    for label, attribute in _CORE.items():
        try:
            value = getattr(core, attribute, None)
        except (ValueError, TypeError):  # a date or number that is none
            continue
        if value:
            yield label, value.date().isoformat() if isinstance(value, datetime) else str(value)
