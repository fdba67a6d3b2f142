"""scan: one candidate's bytes become verdicts with citations; the bytes and the text end with it."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Protocol

from connector import ConsentLost, FileSource, FileUnavailable, SourceFile
from scanner.checks.base import Judge
from scanner.checks.bounds import judged
from scanner.extract.base import Unreadable
from scanner.jobs.base import JobQueue
from scanner.model.clause import ClausePack
from scanner.model.connection import ConnectionState
from scanner.model.document import Document
from scanner.model.job import Job, JobKind, NewJob, Priority
from scanner.model.unchecked import uncheckable
from scanner.model.verdict import Judgement
from scanner.pipeline.lost import note_loss, readable
from scanner.pipeline.orders import review_job, scan_job
from scanner.store.store import Store, Unit

log = logging.getLogger(__name__)

REMADE = 20  # scans of a connection that are queued at a time where a kill left them unqueued


class Reader(Protocol):
    """Reads one file in isolation."""

    def extract(self, stream: IO[bytes], *, name: str) -> Document:
        """Return the document. Raises Unreadable."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """Reads and judges one revision of one candidate."""

    store: Store
    queue: JobQueue
    source: Callable[[str], FileSource]
    packs: tuple[ClausePack, ...]
    reader: Reader
    judge: Judge
    now: Callable[[], datetime]

    def __call__(self, connection: str, *, file_id: str, clause: str, revision: str, priority: Priority) -> None:
        """Scan it, unless the candidate is of another revision by now. Raises ConnectorError to be tried again."""
        with self.store.reading() as unit:
            current = unit.candidates.revision(connection, file_id, clause)
            known = unit.files.get(connection, file_id)
            consent = readable(unit.connections.get(connection))
        if consent is None or known is None or known[1] is not None or current != revision:
            self._review_when_done(connection, priority)
            return
        pack = next((pack for pack in self.packs if pack.id == clause), None)
        if pack is None:
            return
        started = time.monotonic()
        try:
            judgement = self._read(connection, known[0], pack)
        except (FileUnavailable, Unreadable) as error:
            self.could_not_check(connection, file_id, clause, revision, because=str(error), priority=priority)
            return
        except ConsentLost as error:
            note_loss(self.store, self.queue, consent, error.because, now=self.now())
            raise
        with self.store.transaction() as unit:
            unit.candidates.scanned(
                connection,
                file_id,
                clause,
                revision=revision,
                judgement=judgement,
                seconds=time.monotonic() - started,
                now=self.now(),
            )
        self._review_when_done(connection, priority)

    def could_not_check(
        self, connection: str, file_id: str, clause: str, revision: str, *, because: str, priority: Priority
    ) -> None:
        """Keep that the candidate could not be checked, and why: an outcome like any other."""
        with self.store.transaction() as unit:
            unit.candidates.could_not_check(
                connection, file_id, clause, revision=revision, because=because, now=self.now()
            )
        reason = uncheckable(because).value
        log.info(
            "A file could not be checked.", extra={"event": "scan.undetermined", "file": file_id, "because": reason}
        )
        self._review_when_done(connection, priority)

    def gave_up(self, job: Job, because: str) -> None:
        """Take a scan job that failed for good: its file could not be checked.

        When the connection itself cannot be read, its files stay to be scanned: connecting again goes on with them.
        """
        with self.store.reading() as unit:
            connection = unit.connections.get(job.connection)
        if connection is None or connection.state is not ConnectionState.ACTIVE:
            return
        args = job.args
        self.could_not_check(
            job.connection, args["file"], args["clause"], args["revision"], because=because, priority=job.priority
        )

    def _read(self, connection: str, file: SourceFile, pack: ClausePack) -> Judgement:
        if file.blocked:
            raise FileUnavailable(file.blocked)
        with self.source(connection).fetch(file) as stream:
            document = self.reader.extract(stream, name=file.name)
        return judged(self.judge, pack, document)

    def _review_when_done(self, connection: str, priority: Priority) -> None:
        """The last scan of a connection asks for the review; the last that is queued, for what a kill left unqueued."""
        with self.store.reading() as unit:
            waiting = unit.candidates.to_scan(connection, limit=1)
            consent = readable(unit.connections.get(connection))
            products = unit.products.of_connection(connection)
        if not waiting:
            self.queue.enqueue([review_job(connection, product.id, priority=priority) for product in products])
        elif consent is not None and not self.queue.waits(connection, JobKind.SCAN):
            with self.store.reading() as unit:
                remade = scans_again(unit, connection, priority=priority)
            self.queue.enqueue(remade)


def scans_again(unit: Unit, connection: str, *, priority: Priority) -> list[NewJob]:
    """List scans that are to be queued where none is; the last of them asks for more."""
    return [scan_job(connection, *one, priority=priority) for one in unit.candidates.to_scan(connection, limit=REMADE)]
