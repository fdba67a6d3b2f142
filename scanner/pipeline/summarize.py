"""summarize: an undelivered report becomes an email, marked as delivered after it was sent."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from scanner.model.clause import ClausePack
from scanner.model.gap import GapReport
from scanner.notify.base import Message, Notifier
from scanner.store.store import Store

log = logging.getLogger(__name__)

Write = Callable[[GapReport, ClausePack, str], Message]  # (report, its pack, the address it goes to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One email that was handed over."""

    report: GapReport
    subject: str
    where: str  # in words: which files, which address


@dataclass(frozen=True, slots=True, kw_only=True)
class Summarize:
    """Sends a product's undelivered reports, the oldest first."""

    store: Store
    packs: tuple[ClausePack, ...]
    write: Write
    notifier: Notifier
    now: Callable[[], datetime]

    def __call__(self, product_id: str) -> tuple[Sent, ...]:
        """Send what is worth telling and was not sent. Raises NotifyError; what was sent before it stays marked.

        NOTE: a kill between sending and marking sends the same report once more, under the same Message-ID.
        """
        with self.store.reading() as unit:
            product = unit.products.get(product_id)
            waiting = unit.reports.undelivered(product_id)
        if product is None:
            return ()
        sent = []
        for report in waiting:
            pack = next((pack for pack in self.packs if pack.id == report.clause), None)
            if pack is None:
                continue
            message = self.write(report, pack, product.notify)
            where = self.notifier.send(message)
            with self.store.transaction() as unit:
                unit.reports.delivered(report.id, where=where, now=self.now())
            log.info("A summary was sent.", extra={"event": "summarize.sent", "report": report.id})
            sent.append(Sent(report=report, subject=message.subject, where=where))
        return tuple(sent)
