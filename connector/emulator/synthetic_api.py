"""The Drive calls over a generated Drive; parameters, masks and consent are checked by the same front as ever."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from connector.emulator import errors
from connector.emulator.call import BytesReply, Call, JsonReply, Reply
from connector.emulator.drive_files import FILE_FIELDS, LIST_FIELDS, page_size
from connector.emulator.resources import drive_resource, drive_root_resource, root_resource
from connector.emulator.synthetic import NEWEST, Corpus, Synthetic
from connector.emulator.values import FOLDER_MIME, ROOT_ALIAS, SHORTCUT_MIME

_TERM = re.compile(
    r"(?:(?P<trash>trashed\s*=\s*false)|mimeType\s*(?P<differs>!?=)\s*'(?P<mime>[^']+)'"
    r"|(?P<search>fullText\s+contains\s*'(?:[^'\\]|\\.)*')"
    r"|modifiedTime\s*(?P<op><=|>=|<|>)\s*'(?P<time>[^']+)'|'(?P<parent>[^']+)'\s+in\s+parents)\s*(?:and\s+|$)"
)
_HAIR = timedelta(milliseconds=1)  # ages are whole milliseconds
_TOKEN = re.compile(r"~!!~generated(\d{1,12})")
_CHANGE_TOKEN = re.compile(r"generated-(\d{1,9})-(\d{1,12})")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query that this Drive can answer: kinds of items, a span of ages, or one parent."""

    files: bool = True
    folders: bool = True
    younger: timedelta | None = None  # leave out items at most so old
    oldest: timedelta | None = None  # and those older than this
    parent: str = ""


class SyntheticApi:
    """Answers Drive's reading calls by arithmetic."""

    def __init__(self, drive: Synthetic) -> None:
        """Serve this Drive."""
        self.drive = drive
        self.handlers: Mapping[str, Callable[[Call], Reply]] = {
            "drive.files.list": self._list,
            "drive.files.get": self._get,
            "drive.changes.getStartPageToken": self._start,
            "drive.changes.list": self._changes,
            "drive.drives.list": self._drives,
        }

    def _list(self, call: Call) -> Reply:
        corpus = self._corpus(call)
        asked = _query(call.params.get("q", ""))
        place = self._at(call)
        size = page_size(call, "files")
        if asked.parent:
            parent = call.world.root_id if asked.parent == ROOT_ALIAS else asked.parent
            children = self.drive.children(parent, call.world.root_id)
            found, total = self._items(call, children[place : place + size]), len(children)
        else:
            spans = self._spans(corpus, asked)
            total = sum(len(span) for _, span in spans)
            found = list(self._slice(call, corpus, spans, place, size))
        if call.params.get("orderBy") == "modifiedTime" and not asked.parent:
            raise errors.invalid_value("orderBy")  # newest first is all that is generated
        if call.fault.empty_page:
            found, size = [], 0
        body: dict[str, Any] = {"kind": "drive#fileList", "incompleteSearch": call.fault.incomplete_search}
        if place + size < total or call.fault.empty_page:
            body["nextPageToken"] = f"~!!~generated{place + size}"
        return JsonReply(body=body | {"files": found}, default_fields=LIST_FIELDS, generated=True)

    def _slice(
        self, call: Call, corpus: Corpus, spans: Sequence[tuple[bool, range]], place: int, size: int
    ) -> Iterator[dict[str, Any]]:
        for folder, span in spans:
            build = self.drive.folder if folder else self.drive.file
            for one in span[place : place + size]:
                yield build(corpus, one, call.world.root_id)
                size -= 1
            place = max(0, place - len(span))

    def _spans(self, corpus: Corpus, asked: Asked) -> list[tuple[bool, range]]:
        spans = [(False, corpus.files)] if asked.files else []
        spans += [(True, corpus.folders)] if asked.folders else []
        return [(folder, _places(corpus, total, asked)) for folder, total in spans if total]

    def _items(self, call: Call, chosen: Sequence[tuple[str, int]]) -> list[dict[str, Any]]:
        return [self._resource(call, f"synthetic-{kind}-{number}") for kind, number in chosen]

    def _resource(self, call: Call, item_id: str) -> dict[str, Any]:
        found = self.drive.find(item_id)
        if found is None:
            raise errors.not_found(item_id)
        corpus, place, folder = found
        return (self.drive.folder if folder else self.drive.file)(corpus, place, call.world.root_id)

    def _get(self, call: Call) -> Reply:
        file_id = call.path["fileId"]
        if file_id in (ROOT_ALIAS, call.world.root_id):
            return JsonReply(body=root_resource(call.world), default_fields=FILE_FIELDS)
        for drive in self.drive.drives:
            if drive.id == file_id:
                return JsonReply(body=drive_root_resource(drive), default_fields=FILE_FIELDS)
        resource = self._resource(call, file_id)
        if call.params.get("alt") == "media":
            number = int(file_id.rsplit("-", 1)[1])
            return BytesReply(body=self.drive.content(number), media_type=resource["mimeType"])
        return JsonReply(body=resource, default_fields=FILE_FIELDS)

    def _start(self, call: Call) -> Reply:
        self._corpus(call)
        body = {"kind": "drive#startPageToken", "startPageToken": f"generated-{len(self.drive.edited)}-0"}
        return JsonReply(body=body, default_fields="kind,startPageToken")

    def _changes(self, call: Call) -> Reply:
        """Answer from the log of the person or of a drive: each holds what was edited in its own corpus."""
        found = _CHANGE_TOKEN.fullmatch(call.params["pageToken"])
        if found is None or call.fault.reject_page_token:
            raise errors.invalid_value("pageToken")
        edit, place = int(found[1]), int(found[2])
        body: dict[str, Any] = {"kind": "drive#changeList", "changes": []}
        if edit < len(self.drive.edited):
            size = page_size(call, "changes")
            corpus, every = self._corpus(call), self.drive.edited[edit]
            first = -(-corpus.first_file // every) * every
            numbers = range(first, corpus.first_file + corpus.files, every)
            body["changes"] = [self._change(call, number) for number in numbers[place : place + size]]
            more = place + size < len(numbers)
            body["nextPageToken"] = f"generated-{edit}-{place + size}" if more else f"generated-{edit + 1}-0"
        else:
            body["newStartPageToken"] = f"generated-{edit}-0"
        fields = (
            f"kind,nextPageToken,newStartPageToken,changes(kind,removed,changeType,time,fileId,file({FILE_FIELDS}))"
        )
        return JsonReply(body=body, default_fields=fields, generated=True)

    def _change(self, call: Call, number: int) -> dict[str, Any]:
        file = self._resource(call, f"synthetic-file-{number}")
        return {
            "kind": "drive#change",
            "changeType": "file",
            "time": "2026-11-02T00:00:00.000Z",
            "removed": False,
            "fileId": file["id"],
            "file": file,
        }

    def _drives(self, call: Call) -> Reply:
        place, size = self._at(call), page_size(call, "drives")
        body: dict[str, Any] = {
            "kind": "drive#driveList",
            "drives": [drive_resource(drive) for drive in self.drive.drives[place : place + size]],
        }
        if place + size < len(self.drive.drives):
            body["nextPageToken"] = f"~!!~generated{place + size}"
        return JsonReply(body=body, default_fields="kind,nextPageToken,drives(kind,id,name)")

    def _corpus(self, call: Call) -> Corpus:
        drive = call.params.get("driveId") or ""
        if drive not in self.drive.corpora:
            raise errors.drive_not_found(drive)
        return self.drive.corpora[drive]

    def _at(self, call: Call) -> int:
        token = call.params.get("pageToken", "")
        found = _TOKEN.fullmatch(token)
        if token and (found is None or call.fault.reject_page_token):
            raise errors.invalid_value("pageToken")
        return int(found[1]) if found else 0


def _places(corpus: Corpus, total: int, asked: Asked) -> range:
    """Return the places of the items of these ages: the youngest come first."""
    first = 0 if asked.younger is None else corpus.before(total, asked.younger)
    last = total if asked.oldest is None else corpus.before(total, asked.oldest)
    return range(first, max(first, last))


def _query(text: str) -> Asked:
    """Read a conjunction; whatever else the real service takes is refused here as it refuses nonsense."""
    asked, position = Asked(), 0
    while position < len(text):
        term = _TERM.match(text, position)
        if term is None:
            raise errors.invalid_value("q")
        asked = _narrowed(asked, term)
        position = term.end()
    return asked


def _narrowed(asked: Asked, term: re.Match[str]) -> Asked:
    if term["mime"]:
        folder, differs = term["mime"] == FOLDER_MIME, term["differs"] == "!="
        if folder:
            return replace(asked, files=asked.files and differs, folders=asked.folders and not differs)
        if term["mime"] == SHORTCUT_MIME:
            return asked if differs else replace(asked, files=False, folders=False)  # none are generated
        raise errors.invalid_value("q")  # other types are not told apart
    if term["search"]:  # contents are made when they are fetched: no index knows them
        return replace(asked, files=False, folders=False)
    if term["time"]:
        age = NEWEST - datetime.fromisoformat(term["time"])
        if term["op"] in ("<", "<="):
            return replace(asked, younger=age - _HAIR if term["op"] == "<=" else age)
        return replace(asked, oldest=age - _HAIR if term["op"] == ">" else age)
    return replace(asked, parent=term["parent"] or asked.parent)
