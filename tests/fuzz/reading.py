"""One file read as the product reads it, and what is wrong with how that ended."""

import io
import re
import traceback
from dataclasses import dataclass
from pathlib import Path

from scanner.extract.base import Unreadable
from scanner.extract.dispatch import DAMAGED
from scanner.extract.formats import Format
from scanner.extract.isolation import CRASHED, ExtractPool
from scanner.extract.reading import Reading
from scanner.extract.registry import extractors
from scanner.extract.sniff import sniff
from scanner.extract.wire import NO_MEMORY
from scanner.model.document import Document
from tests.extract_promises import broken_promises

OURS = str(Path(__file__).parents[2] / "scanner")
_BREACHES = {CRASHED: "crash", NO_MEMORY: "memory", "reading it gave more text than allowed": "output"}
_NEVER_DAMAGED = {one for one in Format if one.is_text} | {
    Format.HTML,
    Format.RTF,
    Format.EML,
    Format.MHTML,
    Format.ZIP,
}
# A cell at the far corner, or a form that draws itself, takes whatever memory there is: the hazards hold how that ends.
_GROWING = {Format.XLSX, Format.XLS, Format.ODS, Format.PDF}
_NOT_FOR_PEOPLE = re.compile(
    r"(?i:error|exception|errno|traceback|codec|0x[0-9a-f]|invalid|\bnull\b|xml)|\bNone\b|[<>{}\\_]|^\W*$"
)
TEXT, IN_PART = "text", "text in part"
_QUOTES_A_NAME = ("attachment ", "file ", "named ")


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How reading one file ended."""

    finding: str  # "" for nothing
    how: str  # ends that are alike have the same
    said: str  # the reason, without its numbers, or what `is_text` looks for

    @property
    def is_text(self) -> bool:
        """Tell whether the file was read, if only in part."""
        return self.said in (TEXT, IN_PART)


class Reader:
    """Reads files of one ending, and looks at what comes of it."""

    def __init__(self, pool: ExtractPool, reading: Reading) -> None:
        """Read in the pool; `reading` is how its readers read."""
        self._pool = pool
        self._extractors = extractors(reading)

    def end(self, data: bytes, name: str, *, twice: bool = False) -> End:
        """Read it: a crash, a hang, a limit broken, an accident of ours, a broken promise … are findings."""
        first = self._read(data, name)
        if isinstance(first, str):
            finding, how = self._refusal(first, data, name), first
        else:
            finding, how = _of_document(first), _shape(first)
        if twice and not finding and self._read(data, name) != first:
            finding = "unstable: read twice, it gave two things"
        said = how if isinstance(first, str) else IN_PART if first.notes else TEXT
        return End(finding=finding, how=how, said=re.sub(r"\d[\d,.]*", "N", said))

    def _read(self, data: bytes, name: str) -> Document | str:
        try:
            return self._pool.extract(io.BytesIO(data), name=name)
        except Unreadable as why:
            return str(why)

    def _refusal(self, because: str, data: bytes, name: str) -> str:
        if because == DAMAGED:
            return self._accident(data, name)
        if because == NO_MEMORY and sniff(io.BytesIO(data), name=name) in _GROWING:
            return ""
        if _NOT_FOR_PEOPLE.search(because):
            return f"words: {because[:80]}"
        return _BREACHES.get(because, "hang" if "took longer" in because else "")

    def _accident(self, data: bytes, name: str) -> str:
        """Read it once more in this process, where it ended by itself before, to see whose exception it was."""
        stream = io.BytesIO(data)
        real = sniff(stream, name=name)
        try:
            self._extractors[real](stream, name=name)
        except Unreadable:
            return ""
        except Exception as error:  # noqa: BLE001  # whatever was raised: only its place is asked for
            last = traceback.extract_tb(error.__traceback__)[-1]
            ours = last.filename.startswith(OURS) or real in _NEVER_DAMAGED
            return f"accident: {type(error).__name__} at {Path(last.filename).name}:{last.lineno}" if ours else ""
        return ""


def _of_document(document: Document) -> str:
    if broken := broken_promises(document):
        return f"promise: {broken[0]}"
    told = [note for note in (*document.notes, document.mislabelled) if not note.startswith(_QUOTES_A_NAME)]
    strange = next((note for note in told if note and _NOT_FOR_PEOPLE.search(note)), "")
    return f"words: {strange[:80]}" if strange else ""


def _shape(document: Document) -> str:
    kinds = ",".join(sorted({one.kind.value for one in document.passages}))
    parts = ",".join(sorted({(one.locator.part or "").partition(" ")[0] for one in document.passages}))
    deepest = max(len(one.locator.heading) for one in document.passages)
    columns = max(len(one.cells).bit_length() for one in document.passages)
    size = len(document.passages).bit_length(), document.words.bit_length() // 2
    return f"{kinds} {parts} {deepest} {columns} {size} {len(document.properties)} {document.unread}"
