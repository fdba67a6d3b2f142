"""What looking at a large Drive costs: streams beside one stream, a peer's manner, and nights; all in one run."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from scanner.model.display import counted
from tests.emulator_process import running_generated

MILLION = 1_000_000
LATENCY_MS = 50.0
SLOW_MS = 500.0  # nearer to what users report of Google: one to three seconds a page
SMALL_FILES, SMALL_FOLDERS = 20_000, 2_000  # for listing folder by folder, which takes its time

FIGURES = ("seconds", "calls", "units", "peak MiB", "ms of processor a call")

Facts = dict[str, dict[str, Any]]


def reader(root: str, way: str, streams: int) -> Facts:
    """Run one reader as a process of its own and return what it measured, by look."""
    command = [sys.executable, "-m", "tests.bench.reader", root, way, str(streams)]
    said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2]).stdout
    return {one["look"]: one for one in map(json.loads, said.splitlines())}


def walks(files: int, folders: int, drives: int, latency_ms: float) -> Table:
    """Measure whole walks by 1 and 8 streams; each once before, so that the emulator's own work does not count."""
    table = Table("walk", *FIGURES, title=_title(files, folders))
    with running_generated(files, folders, drives, "--remember-mb", str(2 * files // 1000)) as root:
        one, many = (_second(root, streams, latency_ms) for streams in (1, 8))
    for streams, facts in ((1, one), (8, many)):
        table.add_row(f"{latency_ms:.0f} ms a call, {counted(streams, 'stream')}", *_row(facts))
    table.add_row("", f"{one['seconds'] / many['seconds']:.1f}× faster by 8")
    return table


def nights(files: int, folders: int, drives: int) -> Table:
    """Measure the first sync with all that is kept of it, and two nights after it."""
    table = Table(
        "sync", "seconds", "calls", "units", "peak MiB", "ms of processor a call", title=_title(files, folders)
    )
    with running_generated(files, folders, drives, "--latency-ms", str(LATENCY_MS)) as root:
        facts = reader(root, "nights", 8)
    whole = facts["whole"]
    table.add_row("the first, with its database", *_row(whole))
    table.add_row("a night without changes", *_row(facts["quiet"]))
    table.add_row("a night with 1% changed", *_row(facts["changed"]))
    right = "right to the last one" if facts["truth"]["right"] else "WRONG"
    table.caption = f"{whole['files']:,} files kept; {whole['candidates']:,} candidates, {right}"
    return table


def manners() -> Table:
    """Measure flat listing beside listing folder by folder, on a Drive that the latter can bear."""
    table = Table("manner", "seconds", "calls", "units", title=_title(SMALL_FILES, SMALL_FOLDERS))
    with running_generated(SMALL_FILES, SMALL_FOLDERS, 0, "--latency-ms", str(LATENCY_MS)) as root:
        flat, recursive = reader(root, "walk", 8)["walk"], reader(root, "folders", 1)["folders"]
    table.add_row("flat, 1,000 a page, 8 streams", *_row(flat)[:3])
    table.add_row("folder by folder, 100 a page", *_row(recursive)[:3])
    more = f"{recursive['seconds'] / flat['seconds']:.0f}×", f"{recursive['calls'] / flat['calls']:.0f}×"
    table.add_row("the second ÷ the first", *more, f"{recursive['units'] / flat['units']:.0f}×")
    return table


def main(console: Console, *, files: int = MILLION) -> None:
    """Print the tables; a Drive has a folder for ten files, and ten shared drives with a tenth of all."""
    console.print(manners())
    console.print(walks(files // 10, files // 100, 10, SLOW_MS))
    console.print(walks(files, files // 10, 10, LATENCY_MS))
    console.print(nights(files, files // 10, 10))


def _second(root: str, streams: int, latency_ms: float) -> dict[str, Any]:
    """Return the second of two like walks, by which time the replies are remembered; only it meets the latency."""
    for wait in (0.0, latency_ms):
        httpx.post(f"{root}/_emulator/latency", json={"ms": wait}).raise_for_status()
        facts = reader(root, "walk", streams)["walk"]
    return facts


def _row(facts: dict[str, Any]) -> tuple[str, str, str, str, str]:
    return (
        f"{facts['seconds']:.2f}",
        f"{facts['calls']:,}",
        f"{facts['units']:,}",
        f"{facts['peak_mib']:.0f}",
        f"{1000 * facts['busy'] / facts['calls']:.1f}",
    )


def _title(files: int, folders: int) -> str:
    return f"{files:,} files in {folders:,} folders"
