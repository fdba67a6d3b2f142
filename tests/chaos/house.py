"""Crosswalk as an operator runs it, in processes of its own, any of which can be killed at any line."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx

from scanner.app import App
from scanner.model.gap import GapReport
from scanner.model.job import JobKind, Priority
from scanner.pipeline.orders import sync_job
from scanner.settings import load
from tests.consent_builders import calls, connect, told
from tests.emulator_process import running_emulator
from tests.integration.test_email_smtp import Mailbox, a_free_port, a_server
from tests.postgres import Server

CROSSWALK = str(Path(sys.executable).parent / "crosswalk")
ROLES = {
    "web": ("serve", "--web-only"),
    "schedule": ("schedule",),
    "worker 1": ("worker",),
    "worker 2": ("worker",),
}
PAGE = 4  # files; a sync of many pages can be killed at many of them
SETTLED_SECONDS = 180.0  # a story that does not come to its end by then hangs


@dataclass
class House:
    """The processes, what they stand on, and who was killed."""

    app: App  # the harness's own look into the tables; it works no job
    google: str
    mailbox: Mailbox
    environment: dict[str, str]
    server: Server | None  # where the tables are in PostgreSQL
    running: dict[str, "subprocess.Popen[str]"] = field(default_factory=dict)
    killed: Counter[str] = field(default_factory=Counter)
    log: Path = field(default=Path(os.devnull))

    @property
    def victims(self) -> list[str]:
        """Return who can be killed, by their turns: those who do the work more often than those who look on."""
        return [*ROLES, "worker 1", "worker 2", *(["database"] if self.server else [])]

    def start(self, role: str) -> None:
        """Start one process."""
        with self.log.open("a") as log:
            command = [CROSSWALK, *ROLES[role]]
            self.running[role] = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, text=True)

    def kill(self, victim: str) -> None:
        """Kill one, in the middle of whatever it does, and start it again as a supervisor would."""
        self.killed[victim] += 1
        if victim == "database":
            assert self.server is not None
            self.server.crash()
            self.server.start()
            self._restart_the_dead()
            return
        self.running[victim].send_signal(signal.SIGKILL)
        self.running[victim].wait(10)
        self.start(victim)

    def stop(self) -> None:
        """End all of them in order."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)

    def connect(self) -> str:
        """Let the person consent; return the connection."""
        return connect(self.app)

    def night(self, connection: str, *, disturb: Callable[[], object]) -> None:
        """Ask for a sync and return when all that follows from it is done; `disturb` is called until then."""
        began, until = self.app.now(), time.monotonic() + SETTLED_SECONDS
        self.app.queue.enqueue([sync_job(connection, priority=Priority.PERSON)])
        while not self._settled(connection, began):
            assert time.monotonic() < until, f"it did not come to an end; killed: {dict(self.killed)}"
            disturb()
            self._restart_the_dead()

    def drive_calls(self) -> list[str]:
        """Return what Drive was asked so far, as "GET /drive/v3/files"."""
        return [call for call in calls(self.google) if "/drive/" in call]

    def report(self, connection: str) -> GapReport:
        """Return the newest report."""
        with self.app.store.reading() as unit:
            (product,) = unit.products.of_connection(connection)
            report = unit.reports.latest(product.id, self.app.packs[0].id)
        assert report is not None
        return report

    def _settled(self, connection: str, began: datetime) -> bool:
        """Nothing is queued or runs, and the tables know of nothing more that is to be done."""
        if any(self.app.queue.live(connection, kind) for kind in JobKind):
            return False
        with self.app.store.reading() as unit:
            known = unit.connections.get(connection)
            assert known is not None
            return (
                known.synced_at is not None
                and known.synced_at >= began
                and not unit.candidates.to_scan(connection, limit=1)
                and not unit.reviews_due(known)
                and not unit.reports.unweighed(connection)
                and not unit.mails.owed(connection)
            )

    def _restart_the_dead(self) -> None:
        """Start again what ended by itself, as a supervisor does."""
        for role, process in self.running.items():
            if process.poll() is not None:
                self.start(role)


@contextmanager
def a_house(
    folder: Path, seed: Path, *, roles: Iterable[str] = ROLES, server: Server | None = None, database: str = ""
) -> Iterator[House]:
    """Run these processes over a seeded Drive and a mailbox of its own; all ends with the block."""
    with ExitStack() as stack:
        google = stack.enter_context(running_emulator(seed))
        httpx.post(f"{google}/_emulator/page-cap", json={"files": PAGE}).raise_for_status()
        mailbox = Mailbox()
        port = stack.enter_context(a_server(mailbox))
        mail = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
        settings = {"home": folder / "home", "database_url": database, "readers": 1, "lease_seconds": 5, **mail}
        google_settings = told(google, call_attempts=4)
        names = {**settings, **google_settings, "port": a_free_port(), "vault_key_file": folder / "home" / "vault.key"}
        environment = {**os.environ, **{f"CROSSWALK_{name.upper()}": str(value) for name, value in names.items()}}
        app = App(load(**{**settings, "clauses": ""}), google=google_settings)
        stack.callback(app.close)
        house = House(app, google, mailbox, environment, server, log=folder / "log")
        stack.callback(house.stop)
        for role in roles:
            house.start(role)
        yield house
