"""A real PostgreSQL server on loopback for the tests: made in a temporary folder, gone afterwards."""

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SPEED = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=60"
STOP = "-c authentication_timeout=5"  # a stop waits so long for who is just connecting; a minute by default


@dataclass(frozen=True)
class Server:
    """A running server."""

    binaries: Path
    port: int
    folder: Path

    def new_database(self, name: str, *, like: str = "template1") -> str:
        """Make an empty database, or a copy of one that nobody is connected to; return its address."""
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]
        subprocess.run([str(self.binaries / "createdb"), *where, "-T", like, name], check=True, capture_output=True)
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-h 127.0.0.1 -p {self.port} -k {self.folder} {SPEED} {STOP}"
        self._control("-o", options, "-l", str(self.folder / "log"), "-w", "start")

    def restart(self) -> None:
        """End every connection and start anew, in order."""
        self._control("-m", "fast", "-w", "stop")
        self.start()

    def crash(self) -> None:
        """Let it end at once, as in a power cut: nothing is written any more, and starting again recovers."""
        self._control("-m", "immediate", "stop", check=False)

    def _control(self, *options: str, check: bool = True) -> None:
        _as_postgres([str(self.binaries / "pg_ctl"), "-D", str(self.folder / "data"), *options], check=check)


@contextmanager
def running_postgres() -> Iterator[Server | None]:
    """Run a server and yield it; None where its programs are not installed."""
    binaries = _binaries()
    if binaries is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="crosswalk-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    server = Server(binaries, _free_port(), folder)
    make = [str(binaries / "initdb"), "-D", str(folder / "data"), "-A", "trust", "-U", "postgres", "--no-sync"]
    try:
        _as_postgres(make)
        server.start()
        yield server
    finally:
        server.crash()
        # Hundreds of databases are as many thousand files; nobody has to wait half a minute for their end.
        subprocess.run(["sh", "-c", 'rm -rf "$0" &', str(folder)], check=False, start_new_session=True)


def _as_postgres(command: Sequence[str], *, check: bool = True) -> None:
    """PostgreSQL refuses to run as root."""
    prefix = ["runuser", "-u", "postgres", "--"] if getpass.getuser() == "root" else []
    subprocess.run([*prefix, *command], check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    if found:
        return found[-1].parent
    here = shutil.which("initdb")
    return Path(here).parent if here else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
