"""Measures in one run what may be compared, as ratios: `make bench`. Never a test.

`python -m tests.bench N` looks at a Drive of N files in place of a million.
"""

import io
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from scanner.checks.registry import judge
from scanner.clauses.load import load_packs
from scanner.demo.company.build import build_seed
from scanner.extract.base import Unreadable
from scanner.extract.direct import read
from scanner.extract.isolation import ExtractPool
from scanner.model.document import Document
from scanner.settings import config_dir
from tests.bench import drive, mail, pages, queue, reading, workers

WORDS_A_PAGE = 400


def seconds(work: Callable[[], object], *, rounds: int = 3) -> float:
    """Return the shortest of some rounds: the one that was disturbed least."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def samples(folder: Path) -> dict[str, bytes]:
    """Return the demo company's files, by name."""
    build_seed(folder, today=date(2026, 11, 24))
    return {file.name: file.read_bytes() for file in sorted((folder / "content").iterdir())}


def readable(files: dict[str, bytes]) -> dict[str, Document]:
    """Return the documents of all files that can be read."""
    documents = {}
    for name, content in files.items():
        try:
            documents[name] = read(io.BytesIO(content), name=name)
        except Unreadable:
            continue
    return documents


def isolated(files: dict[str, bytes]) -> tuple[float, float]:
    """Return the seconds for all readable files: through one isolated reader, and in this process."""
    good = {name: files[name] for name in readable(files)}
    with ExtractPool(workers=1) as pool:
        through = seconds(lambda: [pool.extract(io.BytesIO(content), name=name) for name, content in good.items()])
    return through, seconds(lambda: [read(io.BytesIO(content), name=name) for name, content in good.items()])


def judged(files: dict[str, bytes]) -> tuple[float, float]:
    """Return the seconds for judging all readable files, and how many pages of 400 words they are."""
    documents, by = list(readable(files).values()), judge()
    (pack,) = load_packs(config_dir() / "clauses")
    amount = sum(document.words for document in documents) / WORDS_A_PAGE
    return seconds(lambda: [by.judge(pack, document) for document in documents]), amount


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        files = samples(Path(name))
        table = Table("what", "measured", title="On the demo company's files, in one run")
        through, within = isolated(files)
        table.add_row("every file: isolated ÷ in this process", f"{through / within:.2f}×")
        taken, amount = judged(files)
        table.add_row("judging, pages of 400 words a second on one core", f"{amount / taken:.0f}")
        console = Console()
        console.print(table)
        reading.main(console)
        queue.main(console)
        mail.main(console)
        pages.main(console)
        workers.main(console)
        drive.main(console, **({"files": int(sys.argv[1])} if sys.argv[1:] else {}))


if __name__ == "__main__":
    main()
