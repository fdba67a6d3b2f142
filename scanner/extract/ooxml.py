"""What Office files have in common: document properties, and relationships between parts."""

import posixpath
import zipfile
from collections.abc import Iterator, Mapping

from scanner.extract.container import read_member
from scanner.extract.draft import Draft
from scanner.extract.hardened import parse_xml

CITED = frozenset({"Title", "Subject", "Keywords", "Category", "Version", "Status", "Description"})
_LABELS = {
    "title": "Title", "subject": "Subject", "keywords": "Keywords", "category": "Category", "version": "Version",
    "contentStatus": "Status", "description": "Description", "creator": "Author", "modified": "Modified",
}  # fmt: skip


def read_properties(archive: zipfile.ZipFile, draft: Draft) -> None:
    """Keep the core and custom properties of an Office file."""
    data = read_member(archive, "docProps/core.xml")
    for one in parse_xml(data) if data else ():
        label = _LABELS.get(local_name(one.tag))
        if label:
            draft.set_property(label, one.text or "", cite=label in CITED)
    for key, value in custom_properties(archive):
        draft.set_property(key, value)


def custom_properties(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield (name, value) of the properties that a person or a document system gave a file."""
    data = read_member(archive, "docProps/custom.xml")
    for one in parse_xml(data) if data else ():
        yield str(one.get("name", "")), "".join(str(piece) for piece in one.itertext())


def relations(archive: zipfile.ZipFile, part: str) -> Mapping[str, tuple[str, str]]:
    """Return the parts that a part ("": the package) points to inside of it: id → (kind, member's name)."""
    folder, name = posixpath.split(part)
    data = read_member(archive, posixpath.join(folder, "_rels", f"{name}.rels"))
    found: dict[str, tuple[str, str]] = {}
    for one in parse_xml(data) if data else ():
        if one.get("TargetMode") == "External":
            continue
        target = str(one.get("Target", ""))
        member = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[str(one.get("Id", ""))] = (str(one.get("Type", "")).rpartition("/")[2], member)
    return found


def local_name(tag: object) -> str:
    """Return a tag's name without its namespace."""
    return str(tag).rpartition("}")[2]
