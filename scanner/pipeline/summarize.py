"""summarize: an undelivered report, or a loss that was not told, becomes an email, marked after it was sent."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from scanner.model.clause import ClausePack
from scanner.model.connection import Connection, ConnectionState, Lost, Product
from scanner.model.gap import GapReport
from scanner.notify.base import Message, Notifier
from scanner.store.store import Store

log = logging.getLogger(__name__)

Write = Callable[[GapReport, ClausePack, str], Message]  # (report, its pack, the address it goes to)
WriteLost = Callable[[Connection, Lost, str], Message]  # (connection, how it was lost, the address it goes to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One email that was handed over."""

    report: GapReport | None  # None where it was about the connection
    subject: str
    where: str  # in words: which files, which address


@dataclass(frozen=True, slots=True, kw_only=True)
class Summarize:
    """Sends that a product's Drive can no longer be read, once; then its undelivered reports, the oldest first."""

    store: Store
    packs: tuple[ClausePack, ...]
    write: Write
    write_lost: WriteLost
    notifier: Notifier
    now: Callable[[], datetime]

    def __call__(self, product_id: str) -> tuple[Sent, ...]:
        """Send what is worth telling and was not sent. Raises NotifyError; what was sent before it stays marked.

        NOTE: a kill between sending and marking sends the same mail once more, under the same Message-ID.
        """
        with self.store.reading() as unit:
            product = unit.products.get(product_id)
            connection = unit.connections.get(product.connection) if product else None
            waiting = unit.reports.undelivered(product_id)
        if product is None or connection is None or connection.state is ConnectionState.DISCONNECTED:
            return ()
        return (*self._lost(connection, product), *self._reports(waiting, product))

    def _lost(self, connection: Connection, product: Product) -> Iterator[Sent]:
        if connection.lost is None or connection.lost.told:
            return
        message = self.write_lost(connection, connection.lost, product.notify)
        where = self.notifier.send(message)
        with self.store.transaction() as unit:
            unit.connections.told(connection, now=self.now())
        log.info("A loss was told.", extra={"event": "summarize.lost", "connection": connection.id})
        yield Sent(report=None, subject=message.subject, where=where)

    def _reports(self, waiting: Sequence[GapReport], product: Product) -> Iterator[Sent]:
        for report in waiting:
            pack = next((pack for pack in self.packs if pack.id == report.clause), None)
            if pack is None:
                continue
            message = self.write(report, pack, product.notify)
            where = self.notifier.send(message)
            with self.store.transaction() as unit:
                unit.reports.delivered(report.id, where=where, now=self.now())
            log.info("A summary was handed over.", extra={"event": "summarize.sent", "report": report.id})
            yield Sent(report=report, subject=message.subject, where=where)
