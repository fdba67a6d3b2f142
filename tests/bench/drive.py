"""What looking at a large Drive costs: streams beside one stream, peers, a killed walk, and nights; all in one run.

`BENCH_PEERS` may name a Python that has langchain-google-community, such as that of a venv with nothing else in it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from scanner.model.display import counted
from tests.bench import peer
from tests.emulator_process import DRIVE_SCOPE, running_generated

MILLION = 1_000_000
LATENCY_MS = 50.0
SLOW_MS = 500.0  # nearer to what users report of Google: one to three seconds a page
SMALL_FILES, SMALL_FOLDERS = 20_000, 2_000  # for listing folder by folder, which takes its time
DRIVES = 10
ROOT = Path(__file__).parents[2]

COST = ("seconds", "calls", "units", "peak MiB")
PROCESSOR = ("its processor, s", "the emulator's, s")
# A peer that cannot be pointed at the emulator, and why.
LEFT_OUT = "PyDrive2 is left out: it speaks version 2 of the Drive API, which the emulator does not serve."

Facts = dict[str, dict[str, Any]]


def reader(root: str, way: str, streams: int, *, said: str = "", killed: bool = False) -> Facts:
    """Run one reader as a process of its own and return what it measured, by look; `said` is put to it."""
    command = [sys.executable, "-m", "tests.bench.reader", root, way, str(streams)]
    ended = subprocess.run(command, check=not killed, input=said, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    return {one["look"]: one for one in map(json.loads, ended.stdout.splitlines())}


def walks(files: int, folders: int, latency_ms: float, *, rounds: int = 1) -> Table:
    """Measure whole walks by 1 and 8 streams; once before, so that making replies is not what is measured."""
    table = Table("walk", *COST, *PROCESSOR, title=f"{_title(files, folders)}, {latency_ms:.0f} ms a call")
    with running_generated(files, folders, DRIVES, "--remember-mb", str(2 * files // 1000)) as root:
        for streams in (1, 8):
            _wait(root, 0)
            reader(root, "walk", streams)
        _wait(root, latency_ms)
        for _ in range(rounds):
            one, many = (reader(root, "walk", streams)["walk"] for streams in (1, 8))
            for streams, facts in ((1, one), (8, many)):
                table.add_row(counted(streams, "stream"), *_cost(facts), *_processor(facts))
            table.add_row("", f"{one['seconds'] / many['seconds']:.1f}× faster by 8", _limit(many, latency_ms))
    table.caption = f"load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    return table


def killed(files: int, folders: int) -> Table:
    """Measure what a walk costs that is killed half-way and gone on with by another process."""
    table = Table("walk, 8 streams", "files", "seconds", "calls", "peak MiB", title=_title(files, folders))
    with running_generated(files, folders, DRIVES, "--latency-ms", str(LATENCY_MS)) as root:
        first = reader(root, "half", 8, killed=True)["half"]
        rest = reader(root, "rest", 8, said=first["cursor"])["walk"]
    table.add_row("until it was killed", f"{first['files']:,}", f"{first['seconds']:.1f}", f"{first['calls']:,}", "")
    table.add_row("the rest, by another process", f"{rest['files']:,}", *(_cost(rest)[place] for place in (0, 1, 3)))
    table.caption = f"{first['files'] + rest['files'] - files:,} files were handed on twice"
    return table


def nights(files: int, folders: int) -> Table:
    """Measure the first sync with all that is kept of it, and two nights after it."""
    table = Table("sync", *COST, *PROCESSOR, title=_title(files, folders))
    with running_generated(files, folders, DRIVES, "--latency-ms", str(LATENCY_MS)) as root:
        facts = reader(root, "nights", 8)
    whole = facts["whole"]
    for name, look in (
        ("the first, with its database", "whole"),
        ("a night without changes", "quiet"),
        ("a night with 1% changed", "changed"),
    ):
        table.add_row(name, *_cost(facts[look]), *_processor(facts[look]))
    right = "right to the last one" if facts["truth"]["right"] else "WRONG"
    table.caption = f"{whole['files']:,} files kept; {whole['candidates']:,} candidates, {right}"
    return table


def manners() -> Table:
    """Measure flat listing beside listing folder by folder and beside a peer, on a Drive that these can bear."""
    table = Table("manner", "files found", "seconds", "calls", "units", title=_title(SMALL_FILES, SMALL_FOLDERS))
    with running_generated(SMALL_FILES, SMALL_FOLDERS, 0, "--latency-ms", str(LATENCY_MS)) as root:
        flat, recursive = reader(root, "walk", 8)["walk"], reader(root, "folders", 1)["folders"]
        theirs = _peer(root)
    table.add_row("flat, 1,000 a page, 8 streams", f"{flat['files']:,}", *_cost(flat)[:3])
    table.add_row("folder by folder, 100 a page", f"{recursive['files']:,}", *_cost(recursive)[:3])
    if theirs:
        table.add_row("LangChain's loader, only its listing", f"{theirs['files']:,}", *_cost(theirs)[:3])
    slower = theirs or recursive
    times = [f"{slower[name] / flat[name]:.0f}×" for name in ("seconds", "calls", "units")]
    table.add_row("the last ÷ the first", "", *times)
    left = "" if theirs else "LangChain's loader is left out: BENCH_PEERS names no Python that has it. "
    table.caption = f"{left}{LEFT_OUT}"
    return table


def main(console: Console, *, files: int = MILLION) -> None:
    """Print the tables; a Drive has a folder for ten files, and ten shared drives with a tenth of all."""
    console.print(manners())
    console.print(walks(files // 10, files // 100, SLOW_MS))
    console.print(walks(files, files // 10, LATENCY_MS, rounds=2))
    console.print(killed(files, files // 10))
    console.print(nights(files, files // 10))


def _peer(root: str) -> dict[str, Any] | None:
    """Return what a peer's listing came to, or None where there is no peer."""
    python = os.environ.get("BENCH_PEERS", "")
    if not python:
        return None
    token = httpx.post(f"{root}/_emulator/tokens", json={"scopes": [DRIVE_SCOPE]}).json()["access_token"]
    before, spent = _calls(root), _spent(root)
    command = [python, str(Path(peer.__file__)), root, token]
    ended = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    facts: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return facts | {"calls": _calls(root) - before, "units": _spent(root) - spent, "peak_mib": 0}


def _calls(root: str) -> int:
    return int(httpx.get(f"{root}/_emulator/calls", params={"since": 1 << 40}).json()["next"])


def _spent(root: str) -> int:
    return int(httpx.get(f"{root}/_emulator/quota").json()["spent"])


def _wait(root: str, latency_ms: float) -> None:
    httpx.post(f"{root}/_emulator/latency", json={"ms": latency_ms}).raise_for_status()


def _cost(facts: dict[str, Any]) -> tuple[str, str, str, str]:
    return f"{facts['seconds']:.2f}", f"{facts['calls']:,}", f"{facts['units']:,}", f"{facts['peak_mib']:.0f}"


def _processor(facts: dict[str, Any]) -> tuple[str, str]:
    return f"{facts['busy']:.1f}", f"{facts['served']:.1f}"


def _limit(facts: dict[str, Any], latency_ms: float) -> str:
    """Say what the walk by 8 streams waited for the most: the one who was at work for most of its time."""
    waited = facts["calls"] * latency_ms / 1000 / 8
    shares = {"latency": waited, "our processor": facts["busy"], "the emulator": facts["served"]}
    most = max(shares, key=lambda name: shares[name])
    return f"limit: {most} ({100 * shares[most] / facts['seconds']:.0f}%)"


def _title(files: int, folders: int) -> str:
    return f"{files:,} files in {folders:,} folders"
