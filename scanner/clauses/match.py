"""Candidates: which source files a pack's signals flag, by name and by folder; never a proof."""

from functools import lru_cache

from connector import SourceFile
from scanner.clauses.patterns import Patterns
from scanner.model.candidate import Candidate, SignalHit
from scanner.model.clause import ClausePack, SignalKind

MAX_FOLDERS = 20
_KEPT_PATHS = 20_000  # a folder's files come one after another, or nearly so
_FOLDER = "application/vnd.google-apps.folder"
_SHORTCUT = "application/vnd.google-apps.shortcut"


class Flags:
    """Flags files for the clause of one pack."""

    def __init__(self, pack: ClausePack) -> None:
        """Take the pack's FILE_EXISTS signals."""
        self.pack = pack
        signals = [signal for signal in pack.signals if signal.kind is SignalKind.FILE_EXISTS]
        self._ids = [signal.id for signal in signals]
        self._patterns = Patterns([signal.text for signal in signals])
        self._of_path = lru_cache(maxsize=_KEPT_PATHS)(self._by_folders)

    def candidate(self, file: SourceFile) -> Candidate | None:
        """Return the file with the signals that flag it, one hit a signal and field, or None.

        Folders and shortcuts are never candidates.
        """
        if file.media_type in {_FOLDER, _SHORTCUT}:
            return None
        by_name = [(place, "name", text) for place, text in self._patterns.found_in(file.name)]
        by_folder = self._of_path(file.path)
        if not by_name and not by_folder:
            return None
        found = sorted([*by_name, *by_folder], key=lambda hit: hit[0])  # a signal's name comes before its folder
        hits = tuple(SignalHit(signal=self._ids[place], field=field, text=text) for place, field, text in found)
        return Candidate(file=file, clause=self.pack.id, hits=hits)

    def _by_folders(self, path: str) -> tuple[tuple[int, str, str], ...]:
        """Return what the names of the folders bear; of several for one signal the outermost."""
        found: dict[int, str] = {}
        for folder in path.split(" / ")[-MAX_FOLDERS:]:
            for place, text in self._patterns.found_in(folder):
                found.setdefault(place, text)
        return tuple((place, "folder", text) for place, text in found.items())
