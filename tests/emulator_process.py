"""Starts the Drive emulator as a process of its own, for tests: a seed in, its address out."""

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

OWNER = {"email": "owner@example.org", "name": "Olive Owner", "sub": "100000000000000000001"}
CLIENT_ID = "emulator-client"
CLIENT_SECRET = "emulator-secret"
ROOT = Path(__file__).parents[1]
READY = """
import json, os, signal, sys
from connector.emulator.__main__ import main
signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so that whoever ended is gone
for order in sys.stdin:
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        sys.stdin.close()
        os.dup2(write, 1)
        sys.argv[1:] = json.loads(order)
        os._exit(main())
    os.close(write)
    with open(read) as said:
        print(pid, said.readline(), end="", flush=True)
os.killpg(0, signal.SIGKILL)
"""
ANY_TIME = "2026-05-04T10:00:00Z"
DRIVE_SCOPE = "https://www.googleapis.com/auth/drive.readonly"


def write_seed(
    folder: Path,
    *,
    items: Iterable[Mapping[str, Any]] = (),
    drives: Iterable[Mapping[str, str]] = (),
    clients: Iterable[Mapping[str, Any]] | None = None,
    user: Mapping[str, str] = OWNER,
) -> Path:
    """Write a seed into a folder and return it.

    Items are manifest items. Missing keys are filled in: name (the id), parent (root), kind (file), modified, for
    files mime (text/plain), and `text` may hold the contents in place of `content` or `content_base64`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifest: dict[str, Any] = {"user": dict(user), "drives": [dict(drive) for drive in drives]}
    if clients is not None:
        manifest["clients"] = [dict(client) for client in clients]
    manifest["items"] = [_filled(item, folder) for item in items]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@contextmanager
def running_emulator(seed_dir: Path, *options: str, auto_consent: bool = True) -> Iterator[str]:
    """Run the emulator on a seed and yield its base URL, such as `http://127.0.0.1:40123`; ends it on leaving."""
    with _listening("--seed", str(seed_dir), *(["--auto-consent"] if auto_consent else []), *options) as root:
        yield root


@contextmanager
def running_generated(files: int, folders: int, drives: int = 0, *options: str) -> Iterator[str]:
    """Run the emulator on a generated Drive of that size and yield its base URL; ends it on leaving."""
    sizes = ("--synthetic", str(files), "--folders", str(folders), "--drives", str(drives))
    with _listening(*sizes, *options) as root:
        yield root


@contextmanager
def _listening(*options: str) -> Iterator[str]:
    emulator, root = _ready().start(options)
    try:
        yield root
    finally:
        os.kill(emulator, signal.SIGKILL)  # it keeps nothing that an orderly end would save


class _Ready:
    """A process that has the emulator loaded and forks one at each order: loading costs more than most tests."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", READY],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            start_new_session=True,  # a group of its own, which it ends as a whole
        )
        atexit.register(self._process.communicate)  # at the end of its orders it ends with all that it forked

    def start(self, options: Sequence[str]) -> tuple[int, str]:
        """Start an emulator with these options; return its process id and base URL."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{json.dumps(options)}\n")
        self._process.stdin.flush()
        pid, _, first = self._process.stdout.readline().partition(" ")
        assert first.startswith("listening on http://127.0.0.1:"), f"the emulator did not start: {first!r}"
        return int(pid), first.removeprefix("listening on ").strip()


_ready = cache(_Ready)


def _filled(item: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    given = dict(item)
    text = given.pop("text", None)
    whole = {"name": given["id"], "parent": "root", "kind": "file", "modified": ANY_TIME} | given
    if whole["kind"] == "file":
        whole.setdefault("mime", "text/plain")
    has_bytes = whole["kind"] not in ("folder", "shortcut")
    if has_bytes and "content" not in whole and "content_base64" not in whole:
        path = folder / f"{given['id']}.bin"
        path.write_text(given["id"] if text is None else text, encoding="utf-8")
        whole["content"] = path.name
    return whole
