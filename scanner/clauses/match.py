"""Candidates: which source files a pack's signals flag, by name and by folder; never a proof."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from connector import SourceFile
from scanner.clauses.patterns import MAX_SUBJECT_CHARS
from scanner.model.candidate import Candidate, SignalHit
from scanner.model.clause import ClausePack, SignalKind

MAX_FOLDERS = 20
_FOLDER = "application/vnd.google-apps.folder"
_SHORTCUT = "application/vnd.google-apps.shortcut"


def candidate(file: SourceFile, pack: ClausePack) -> Candidate | None:
    """Return the file with the signals that flag it for the pack's clause, or None; folders are never candidates."""
    if file.media_type in {_FOLDER, _SHORTCUT}:
        return None
    hits = tuple(_hits(file, pack))
    return Candidate(file=file, clause=pack.id, hits=hits) if hits else None


def _hits(file: SourceFile, pack: ClausePack) -> Iterator[SignalHit]:
    """Try every FILE_EXISTS pattern on the name, then on each folder's name; one hit a signal and field."""
    name = file.name[:MAX_SUBJECT_CHARS]
    for signal in pack.signals:
        if signal.kind is not SignalKind.FILE_EXISTS:
            continue
        if text := _first(signal.text, [name]):
            yield SignalHit(signal=signal.id, field="name", text=text)
        if text := _first_folder(signal.text, file.path):
            yield SignalHit(signal=signal.id, field="folder", text=text)


def _first(pattern: str, subjects: Iterable[str]) -> str:
    compiled = _compiled(pattern)
    found = (match.group() for subject in subjects if (match := compiled.search(subject)))
    return next(found, "")


@lru_cache(maxsize=4096)
def _first_folder(pattern: str, path: str) -> str:
    """A folder's files come together, so its names are tried once for all of them."""
    return _first(pattern, [folder[:MAX_SUBJECT_CHARS] for folder in path.split(" / ")[-MAX_FOLDERS:]])


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
