"""summarize: what is news to each person becomes one email, noted in the outbox before it is sent and after."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scanner.model.clause import ClausePack
from scanner.model.connection import Connection, ConnectionState
from scanner.model.gap import GapReport
from scanner.model.mail import Mail, MailKind, MailState
from scanner.notify.base import AddressGone, MailError, Message, Notifier, NotifyError
from scanner.pipeline.outage import PATIENCE
from scanner.pipeline.post import Post, part_of
from scanner.pipeline.writing import Writing
from scanner.store.store import Store, Unit

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One email that was handed over."""

    report: GapReport | None  # the first that it tells of; None where it is about the connection
    subject: str
    where: str  # in words: which files, which address


@dataclass(frozen=True, slots=True, kw_only=True)
class Summarize:
    """Puts a connection's mails into the outbox, then sends what stands there."""

    store: Store
    packs: tuple[ClausePack, ...]
    write: Writing
    notifier: Notifier
    now: Callable[[], datetime]
    zone: ZoneInfo  # in which weeks begin
    patience: timedelta = PATIENCE

    def __call__(self, connection_id: str) -> tuple[Sent, ...]:
        """Send what is owed. Raises NotifyError where some of it has to be tried again; what was sent stays marked.

        NOTE: a kill between sending and marking sends that one mail once more, under the same Message-ID.
        """
        with self.store.transaction() as unit:
            connection = unit.connections.get(connection_id)
            if connection is None or connection.state is ConnectionState.DISCONNECTED:
                return ()
            self._post(unit, connection)()
            waiting = unit.mails.to_send(connection_id)
        sent: list[Sent] = []
        later: MailError | None = None
        for mail in waiting:
            try:
                sent += self._deliver(connection, mail)
            except MailError as error:
                later = error
        if later is not None:
            raise later
        return tuple(sent)

    def _post(self, unit: Unit, connection: Connection) -> Post:
        return Post(
            unit=unit,
            connection=connection,
            products=unit.products.of_connection(connection.id),
            packs=self.packs,
            now=self.now(),
            zone=self.zone,
            patience=self.patience,
        )

    def _deliver(self, connection: Connection, mail: Mail) -> Iterator[Sent]:
        """Send one mail. Raises MailError where this one has to be tried again, NotifyError where none gets through."""
        with self.store.reading() as unit:
            written = self._written(unit, connection, mail)
        if written is None:
            self._ended(mail, MailState.OVERTAKEN, "")
            return
        message, report = written
        try:
            where = self.notifier.send(message)
        except AddressGone as error:
            self._refused(mail, str(error), gone=True)
        except NotifyError as error:
            if error.transient or not isinstance(error, MailError):
                with self.store.transaction() as unit:
                    unit.mails.failed(mail.id, said=str(error))
                raise
            self._refused(mail, str(error), gone=False)
        else:
            self._ended(mail, MailState.SENT, where)
            log.info("A mail was handed over.", extra={"event": "summarize.sent", "mail": mail.id})
            yield Sent(report=report, subject=message.subject, where=where)

    def _written(self, unit: Unit, connection: Connection, mail: Mail) -> tuple[Message, GapReport | None] | None:
        """Write the mail from what it names; None where nothing of it holds any more, or she wants no more of it."""
        if mail.kind is MailKind.INVITATION:
            member = unit.people.get(mail.about)
            product = unit.products.get(member.product) if member and not member.accepted_at else None
            return (self.write.invitation(mail, member, product), None) if member and product else None
        products = {
            product.id: product
            for product in unit.products.of_connection(connection.id)
            if (known := unit.recipients.get(product.id, mail.address)) and known.active
        }
        if not products:
            return None
        feeds = unit.feeds.of_connection(connection.id)
        if mail.kind is not MailKind.SUMMARY:
            message = self.write.notice(mail, connection, tuple(products.values()), feeds)
            return (message, None) if message else None
        packs = {pack.id: pack for pack in self.packs}
        named = [part for part in mail.parts if part.product in products and part.clause in packs]
        told = [part_of(unit, part, packs[part.clause], products[part.product], weekly=mail.weekly) for part in named]
        parts = [part for part in told if part]
        if not parts:
            message = self.write.notice(mail, connection, tuple(products.values()), feeds) if mail.notice else None
            return (message, None) if message else None
        return self.write.summary(mail, connection, tuple(products.values()), parts, feeds), parts[0].report

    def _refused(self, mail: Mail, because: str, *, gone: bool) -> None:
        """Note that the mail was refused for good; where there is no such mailbox, nothing goes there any more."""
        with self.store.transaction() as unit:
            unit.mails.ended(mail.id, MailState.REFUSED, said=because, now=self.now())
            for product in unit.products.of_connection(mail.connection) if gone else ():
                unit.recipients.disable(product.id, mail.address, because=because, now=self.now())
        log.warning("A mail was refused for good.", extra={"event": "summarize.refused", "mail": mail.id})

    def _ended(self, mail: Mail, state: MailState, said: str) -> None:
        with self.store.transaction() as unit:
            unit.mails.ended(mail.id, state, said=said, now=self.now())
