"""One reader of a generated Drive, as a process of its own: `python -m tests.bench.reader ROOT WAY STREAMS`.

Ways: `walk` lists every file; `half` is killed after half of them, and `rest` goes on from the cursor on its standard
input; `nights` keeps a whole sync in a database, then a night without changes and one with 1%
changed; `folders` lists folder by folder, as most connectors do. Prints one line of JSON a look.
"""

import gc
import json
import os
import re
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from connector import Cursor, FileSource
from connector.drive.client import DriveClient
from connector.drive.files import Limits
from connector.drive.items import is_folder
from connector.drive.source import DriveSource
from connector.emulator.synthetic import NEWEST, Synthetic, name_of
from scanner.app import App
from scanner.model.clause import ClausePack, SignalKind
from scanner.settings import load
from tests.drive_builders import a_client

MIB = 1 << 10  # ru_maxrss counts KiB
BIG = 1_000_000_000  # no brake of ours: what is measured is the reader


def client_of(root: str, streams: int, *, page_size: int = 1000) -> DriveClient:
    """Return a client with a consent of its own."""
    client = a_client(
        root,
        page_size=page_size,
        streams=streams,
        google_user_units_per_minute=BIG,
        google_project_units_per_minute=BIG,
    )
    client.start_page_token()  # sign-in and connection belong to no look
    return client


def source_of(client: DriveClient) -> DriveSource:
    """Return a source that cuts alike each time it looks, so that the emulator can have kept its replies."""
    return DriveSource(client, limits=Limits(max_file_mb=100), now=lambda: NEWEST)


@contextmanager
def look(root: str, client: DriveClient, name: str) -> Iterator[dict[str, Any]]:
    """Measure one look at the Drive, and print what it came to."""
    facts: dict[str, Any] = {"look": name}
    served, calls, units = emulators(root), client.calls, client.units
    started, busy = time.perf_counter(), time.process_time()
    yield facts
    facts |= {
        "seconds": time.perf_counter() - started,
        "busy": time.process_time() - busy,  # seconds of processor, all threads
        "served": emulators(root) - served,  # and the emulator's
        "calls": client.calls - calls,
        "units": client.units - units,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB,
    }
    say(facts)


def say(facts: dict[str, Any]) -> None:
    """Print one look."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def emulators(root: str) -> float:
    """Return the seconds of processor that the emulator has used."""
    return float(httpx.get(f"{root}/_emulator/processor").json()["seconds"])


def walk(root: str, streams: int, since: Cursor | None = None) -> None:
    """List every file and keep nothing."""
    client = client_of(root, streams)
    with look(root, client, "walk") as facts:
        facts["files"] = sum(len(page.files) for page in source_of(client).pages(since))


def half(root: str, streams: int) -> None:
    """List half of the files, print the cursor that a reader would have kept, and die without a word to anybody."""
    wanted, found = httpx.get(f"{root}/_emulator/synthetic").json()["files"] // 2, 0
    client = client_of(root, streams)
    started, before = time.perf_counter(), client.calls
    for page in source_of(client).pages(None):
        found += len(page.files)
        if found >= wanted:
            seconds, calls = time.perf_counter() - started, client.calls - before
            say({"look": "half", "files": found, "seconds": seconds, "calls": calls, "cursor": page.cursor.value})
            os.kill(os.getpid(), signal.SIGKILL)


def rest(root: str, streams: int) -> None:
    """Go on where another process was killed."""
    walk(root, streams, since=Cursor(sys.stdin.read()))


def folders(root: str, _: int) -> None:
    """List folder by folder, 100 a page, and ask for each file again, as connectors that recurse do."""
    client = client_of(root, 1, page_size=100)
    with look(root, client, "folders") as facts:
        waiting, files = ["root"], 0
        while waiting:
            parent, token = waiting.pop(), None
            while True:
                page = client.files(f"'{parent}' in parents and trashed = false", page_token=token)
                waiting += [item.id for item in page.files if is_folder(item)]
                files += sum(not is_folder(item) for item in page.files)
                token = page.next_page_token
                if not token:
                    break
        facts["files"] = files


def nights(root: str, streams: int) -> None:
    """Sync wholly, then twice by the change feed, with everything that the product keeps of it."""
    client = client_of(root, streams)
    source = source_of(client)

    def opened(_: str, /, *, within: Sequence[str] = ()) -> FileSource:  # noqa: ARG001 -- the whole Drive
        return source

    with tempfile.TemporaryDirectory() as home, closing_app(Path(home)) as app:
        sync = replace(app.handlers().sync, source=opened)
        with look(root, client, "whole") as facts:
            found: set[str] = set()
            while sync("mine", on_page=lambda page: found.update(one.file.id for one in page.candidates)):
                pass  # slice by slice, as jobs follow each other
            with app.store.reading() as unit:
                facts |= {"files": unit.files.count("mine"), "candidates": len(found)}
        sizes = httpx.get(f"{root}/_emulator/synthetic").json()
        generated = Synthetic(sizes["files"], sizes["folders"], sizes["drives"])
        say({"look": "truth", "right": found == truth(generated, app.packs[0])})
        for name, edit in (("quiet", 0), ("changed", 100)):
            if edit:
                httpx.post(f"{root}/_emulator/synthetic/edit", json={"every": edit}).raise_for_status()
            with look(root, client, name) as facts:
                while sync("mine"):
                    pass


def truth(drive: Synthetic, pack: ClausePack) -> set[str]:
    """Return which files of the generated Drive the pack's patterns flag, found in another way: one by one, by `re`.

    A file is flagged by its own name, or by that of a folder above it.
    """
    patterns = [signal.text for signal in pack.signals if signal.kind is SignalKind.FILE_EXISTS]
    anyone = re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
    found = set()
    for corpus in drive.corpora.values():
        folders: list[bool] = []
        for place in range(corpus.folders):
            above = bool(place) and folders[(place - 1) // 8]
            folders.append(above or bool(anyone.search(f"Folder {corpus.first_folder + place}")))
        for place in range(corpus.files):
            number = corpus.first_file + place
            below = bool(folders) and folders[place * 2_654_435_761 % corpus.folders]
            if below or anyone.search(name_of(number)):
                found.add(f"synthetic-file-{number}")
    return found


@contextmanager
def closing_app(home: Path) -> Iterator[App]:
    """Assemble the product over an empty database, with one connection."""
    app = App(load(home=home, database_url="", clauses="", readers=1))
    with app.store.transaction() as unit:
        unit.connections.connect(connection_id="mine", subject="s", email="owner@example.org", now=app.now())
    app.connected(connection_id="mine", subject="s", email="owner@example.org")
    try:
        yield app
    finally:
        app.close()


WAYS: dict[str, Callable[[str, int], None]] = {
    "walk": walk,
    "half": half,
    "rest": rest,
    "nights": nights,
    "folders": folders,
}

if __name__ == "__main__":
    gc.freeze()  # as the product's own processes do
    WAYS[sys.argv[2]](sys.argv[1], int(sys.argv[3]))
