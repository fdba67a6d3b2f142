"""Word: python-docx opens the package with its styles, properties, headers and footers; the body is walked once."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import IO

import docx
from docx.opc.part import Part
from lxml import etree

from scanner.extract.base import Unreadable
from scanner.extract.container import DAMAGED, opened, read_member
from scanner.extract.docx_body import CALLS, Body, paragraphs, text_of
from scanner.extract.docx_styles import Numbering, Styles, W
from scanner.extract.draft import NOWHERE, Draft
from scanner.extract.formats import Format
from scanner.extract.hardened import parse_xml
from scanner.extract.ooxml import CITED, custom_properties
from scanner.model.document import Document, Locator, PassageKind

BESIDES = {
    "header": (PassageKind.HEADER_FOOTER, "header"),
    "footer": (PassageKind.HEADER_FOOTER, "footer"),
    "footnotes": (PassageKind.FOOTNOTE, "footnote"),
    "endnotes": (PassageKind.FOOTNOTE, "endnote"),
    "comments": (PassageKind.COMMENT, "comment"),
}
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
    properties: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = field(default=())


def extract(stream: IO[bytes], *, name: str) -> Document:
    """Read a Word document. Raises Unreadable."""
    with opened(stream) as archive:
        package = _by_python_docx(stream, archive) or _by_parts(archive)
    draft = Draft(name=name, real=Format.DOCX)
    with draft:
        for note in package.notes:
            draft.note(note)
        for key, value in package.properties:
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


def _by_python_docx(stream: IO[bytes], archive: zipfile.ZipFile) -> Package | None:
    """Return the package as python-docx opens it, None when it refuses what Word itself would mend."""
    stream.seek(0)
    try:
        opened_docx = docx.Document(stream)
        part = opened_docx.part
        besides = [(_besides_kind(rel.reltype), rel.target_part) for rel in part.rels.values() if not rel.is_external]
        return Package(
            body=part.element,
            styles=opened_docx.styles.element,
            numbering=_related(part, "/numbering"),
            besides=tuple((kind, _root(one)) for kind, one in besides if kind),
            properties=tuple(_core_properties(opened_docx)) + tuple(custom_properties(archive)),
        )
    except (KeyError, ValueError, AttributeError, TypeError, AssertionError, NotImplementedError, etree.LxmlError):
        return None


def _by_parts(archive: zipfile.ZipFile) -> Package:
    """Return the package from its parts' usual names: macro-enabled files, templates, and what python-docx refuses."""
    names = archive.namelist()
    found = {name: read_member(archive, name) for name in names if re.fullmatch(r"word/[a-z]+\d*\.xml", name)}
    roots = {name: parse_xml(data) for name, data in found.items() if data}
    body = roots.get("word/document.xml")
    if body is None:
        raise Unreadable(DAMAGED)
    kinds = {name: re.sub(r"\d+$", "", name[5:-4]) for name in roots}
    return Package(
        body=body,
        styles=roots.get("word/styles.xml"),
        numbering=roots.get("word/numbering.xml"),
        besides=tuple((kinds[name], root) for name, root in sorted(roots.items()) if kinds[name] in BESIDES),
        properties=tuple(custom_properties(archive)),
    )


def _related(part: Part, ending: str) -> etree._Element | None:
    for rel in part.rels.values():
        if not rel.is_external and rel.reltype.endswith(ending):
            return _root(rel.target_part)
    return None


def _besides_kind(reltype: str) -> str:
    kind = reltype.rpartition("/")[2]
    return kind if kind in BESIDES else ""


def _root(part: Part) -> etree._Element:
    element = getattr(part, "element", None)
    return element if element is not None else parse_xml(part.blob)


def _core_properties(opened_docx: object) -> Iterator[tuple[str, str]]:
    core = getattr(opened_docx, "core_properties", None)
    for label, attribute in _CORE.items():
        try:
            value = getattr(core, attribute)
        except (ValueError, TypeError):  # a date or number that is none
            continue
        if value:
            yield label, value.date().isoformat() if isinstance(value, datetime) else str(value)
