"""What reading costs, and how much of the text it finds: our readers in isolation beside peers, on the same files.

`READ_PEERS` may name a Python that has them, such as that of a venv with nothing else in it:
`pip install kreuzberg 'markitdown[pdf,docx]' pdfplumber pypdf docx2python pymupdf`. What counts are seconds of
processor, over all of an engine's processes and threads: on a busy machine these alone can be compared.
"""

import json
import os
import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from scanner.extract.base import Extractor
from scanner.extract.direct import read
from scanner.extract.isolation import ExtractPool
from scanner.model.document import Document, PassageKind
from tests.bench import engine, kept
from tests.bench.books import Book, shelve

OURS = "Crosswalk, structure, isolated"
BARE = "Crosswalk, structure, in one process as the peers"  # what the isolation costs is the difference
ROUNDS = 3
BOOKS, CHAPTERS = 12, 8


@dataclass(slots=True, kw_only=True)
class Taken:
    """What one engine took for one kind of file, round by round, and what it read last."""

    seconds: list[float] = field(default_factory=list)
    peak_mib: float = 0.0
    texts: dict[str, str] = field(default_factory=dict)
    headings: dict[str, list[str]] = field(default_factory=dict)


def main(console: Console) -> None:
    """Print a table for each kind of file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shelf = {f"{book.number:03}": book for book in shelve(folder, books=BOOKS, chapters=CHAPTERS)}
        for ending in ("pdf", "docx"):
            taken = measured(folder, ending)
            console.print(_table(ending, taken, shelf, folder))
            left = [name for name, (endings, _) in engine.ENGINES.items() if ending in endings and name not in taken]
            console.print(f"Left out, since READ_PEERS names no Python that has them: {', '.join(left) or 'none'}.")
    console.print(_kept())


def _kept() -> Table:
    """Return what every engine keeps of one document of many structures."""
    texts, peers = {OURS: kept.ours()}, os.environ.get("READ_PEERS", "")
    with tempfile.TemporaryDirectory() as name:
        kept.sample_in(Path(name))
        for engine_name, (endings, _) in engine.ENGINES.items() if peers else ():
            taken = Taken()
            if "docx" in endings and _read_by(peers, engine_name, Path(name), "docx", taken):
                texts[engine_name] = taken.texts[kept.SAMPLE]
    return kept.kept_of(texts)


def measured(folder: Path, ending: str) -> dict[str, Taken]:
    """Let every engine read all files of one kind, in turns."""
    peers = os.environ.get("READ_PEERS", "")
    names = [name for name, (endings, _) in engine.ENGINES.items() if ending in endings.split()] if peers else []
    taken = {name: Taken() for name in (OURS, BARE, *names)}
    for _ in range(ROUNDS):
        _read_ourselves(folder, ending, taken[OURS])
        _read_bare(folder, ending, taken[BARE])
        for name in list(names):
            if not _read_by(peers, name, folder, ending, taken[name]):
                names.remove(name)
                del taken[name]
    return taken


def _read_ourselves(folder: Path, ending: str, taken: Taken) -> None:
    paths = sorted(folder.glob(f"*.{ending}"))
    with ExtractPool(workers=1) as pool:
        pid = pool._seats[0]._child.pid
        _all_of(paths[: engine.WARM_UP], pool.extract)
        started = time.process_time() + _seconds_of(pid)
        documents = _all_of(paths, pool.extract)
        taken.seconds.append(time.process_time() + _seconds_of(pid) - started)
        taken.peak_mib = _peak_mib(pid)
    _keep(documents, taken)


def _read_bare(folder: Path, ending: str, taken: Taken) -> None:
    paths = sorted(folder.glob(f"*.{ending}"))
    _all_of(paths[: engine.WARM_UP], read)
    started = time.process_time()
    documents = _all_of(paths, read)
    taken.seconds.append(time.process_time() - started)
    taken.peak_mib = _peak_mib(os.getpid())
    _keep(documents, taken)


def _all_of(paths: Sequence[Path], reader: Extractor) -> dict[str, Document]:
    documents = {}
    for path in paths:
        with path.open("rb") as stream:
            documents[path.name] = reader(stream, name=path.name)
    return documents


def _peak_mib(pid: int) -> float:
    said = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+)", said)[0]) / 1024


def _keep(documents: Mapping[str, Document], taken: Taken) -> None:
    for name, document in documents.items():
        kept = [one for one in document.passages if one.kind is not PassageKind.PROPERTY]
        taken.texts[name] = "\n".join(one.text for one in kept)
        taken.headings[name] = [one.text for one in kept if one.kind is PassageKind.HEADING]


def _seconds_of(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _read_by(peers: str, name: str, folder: Path, ending: str, taken: Taken) -> bool:
    """Let a peer read in a process of its own; False where it is not installed."""
    with tempfile.TemporaryDirectory() as out:
        command = [peers, "-P", str(Path(engine.__file__)), name, ending, str(folder), out]
        told = subprocess.run(command, capture_output=True, text=True, check=False)
        if told.returncode:
            return False
        facts = json.loads(told.stdout.splitlines()[-1])
        taken.seconds.append(facts["seconds"])
        taken.peak_mib = max(taken.peak_mib, facts["peak_mib"])
        for path in Path(out).iterdir():
            taken.texts[path.name] = path.read_text(encoding="utf-8")
            marked = re.findall(r"^#{1,6} +(.+?)\s*$", taken.texts[path.name], re.MULTILINE)
            taken.headings[path.name] = [re.sub(r"[*_\\]", "", one) for one in marked]
    return True


def _table(ending: str, taken: Mapping[str, Taken], shelf: Mapping[str, Book], folder: Path) -> Table:
    pages = _pages(folder) if ending == "pdf" else len(shelf)
    each = "pages" if ending == "pdf" else "documents"
    table = Table(
        "engine", f"{each} a second of processor", "ours ÷ theirs", "words found", "headings found", "wrong headings",
        "peak MiB", title=f"{ending.upper()}: {len(shelf)} books, {pages} {each}, median of {ROUNDS} rounds in turn",
    )  # fmt: skip
    ours = median(taken[OURS].seconds)
    for name, one in taken.items():
        seconds = median(one.seconds)
        found, wrong = _headings(one.headings, shelf)
        table.add_row(
            name, f"{pages / seconds:.0f}", f"{seconds / ours:.2f}×", f"{_words(one.texts, shelf):.3f}",
            f"{found:.3f}" if found else "–", f"{wrong:.3f}" if found else "–", f"{one.peak_mib:.0f}",
        )  # fmt: skip
    return table


def _words(texts: Mapping[str, str], shelf: Mapping[str, Book]) -> float:
    """Return the share of the books' words that stand in what was read."""
    wanted = sum(book.words.total() for book in shelf.values())
    lost = sum((shelf[name[:3]].words - Counter(_split(text))).total() for name, text in texts.items())
    return 1 - lost / wanted


def _split(text: str) -> list[str]:
    return re.sub(r"[|*\\]", " ", text).split()


def _headings(found: Mapping[str, Sequence[str]], shelf: Mapping[str, Book]) -> tuple[float, float]:
    """Return the share of the books' headings that were found, and of those found that are none."""
    right = sum((Counter(shelf[name[:3]].headings) & Counter(one)).total() for name, one in found.items())
    return right / sum(len(book.headings) for book in shelf.values()), 1 - right / max(
        1, sum(len(one) for one in found.values())
    )


def _pages(folder: Path) -> int:
    return sum(path.read_bytes().count(b"/Type /Page\n") for path in folder.glob("*.pdf"))
