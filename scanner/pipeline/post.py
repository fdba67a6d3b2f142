"""Whom a run's news goes to: one mail a person, put into the outbox before anything is sent."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scanner.gaps.since import told_since
from scanner.model.clause import ClausePack
from scanner.model.connection import Connection, Product
from scanner.model.gap import DriftKind, GapReport
from scanner.model.mail import Mail, MailKind, MailPart, Notice, Recipient, normal_address
from scanner.notify.letter import Part
from scanner.pipeline.outage import to_be_told
from scanner.store.store import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Puts the mails of one connection into the outbox, within one transaction."""

    unit: Unit
    connection: Connection
    products: Sequence[Product]
    packs: Sequence[ClausePack]
    now: datetime
    zone: ZoneInfo  # in which weeks begin
    patience: timedelta  # for how long nights may fail before people are told

    def __call__(self) -> None:
        """Put in what is owed; what was put in before stays as it is, unless later news says it better."""
        people = self._people()
        done = not self.unit.reviews_due(self.connection)  # else the last review asks again: one mail tells of all
        notices = self._notices(people, done=done)
        if done:
            for address, hers in people.items():
                if self._summary(address, hers, notices.get(address)):
                    notices.pop(address, None)
            for product in self.products:
                self.unit.reports.weighed(product.id, now=self.now)
        for address, notice in notices.items():
            self._put(notice.kind, address, about=notice.about)

    def _people(self) -> Mapping[str, Sequence[Recipient]]:
        people: dict[str, list[Recipient]] = {}
        for product in self.products:
            for recipient in self.unit.recipients.of_product(product.id):
                if recipient.active:
                    people.setdefault(normal_address(recipient.address), []).append(recipient)
        return people

    def _notices(self, people: Mapping[str, Sequence[Recipient]], *, done: bool) -> dict[str, Notice]:
        """Return what each person is to be told of the connection, and note that it is told."""
        connection = self.connection
        if connection.lost is not None and not connection.lost.told:
            self.unit.connections.told(connection, now=self.now)
            return dict.fromkeys(people, Notice(kind=MailKind.LOST, about=connection.lost.at.isoformat()))
        outage = connection.outage
        if outage is None or not to_be_told(connection, self.now, self.patience):
            return self._unheard(people)
        if outage.over_at is not None and not done:  # the reviews of that night are told along with it
            return {}
        self.unit.connections.outage_told(connection, now=self.now)
        began = outage.at.isoformat()
        if outage.over_at is None:
            return dict.fromkeys(people, Notice(kind=MailKind.OUTAGE, about=began))
        heard = [one for one in people if self.unit.mails.was_sent(connection.id, one, MailKind.OUTAGE, began)]
        for address in people.keys() - set(heard):
            self.unit.mails.overtake(connection.id, address, MailKind.OUTAGE)
        return dict.fromkeys(heard, Notice(kind=MailKind.WORKING, about=f"{began}/{outage.over_at.isoformat()}"))

    def _unheard(self, people: Mapping[str, Sequence[Recipient]]) -> dict[str, Notice]:
        """Return what people are to be told of feeds that cannot be read, and note that it is told.

        One a person and run: a feed with a reader who is told of another one now is told of the next time.
        """
        notices: dict[str, Notice] = {}
        for feed in self.unit.feeds.of_connection(self.connection.id):
            readers = {one for one, hers in people.items() if any(each.product == feed.product for each in hers)}
            if feed.to_be_told(self.now) and not readers & notices.keys():
                self.unit.feeds.told(feed.id, now=self.now)
                notices |= dict.fromkeys(readers, Notice(kind=MailKind.UNHEARD, about=feed.silence))
        return notices

    def _summary(self, address: str, hers: Sequence[Recipient], notice: Notice | None) -> bool:
        """Put in what is news to her; tell whether it takes the notice along."""
        week = week_of(self.now, self.zone)
        last = self.unit.mails.last_weekly(self.connection.id, address)
        begins = last is None or week_of(last, self.zone) < week  # none begins where a clock was set back
        parts, weekly = [], False
        for recipient in hers:
            due = begins and recipient.rhythm.weekly
            weekly = weekly or due
            for part, news in parts_for(self.unit, self.packs, recipient):
                if due or (news and recipient.rhythm.on_change):
                    parts.append(part)
        about = f"{week}:{parts[0].report}" if parts and weekly else parts[0].report if parts else ""
        owed = notice or self.unit.mails.notice_owed(self.connection.id, address)
        self.unit.mails.overtake(self.connection.id, address, MailKind.SUMMARY, but=about)
        return bool(parts) and self._put(
            MailKind.SUMMARY, address, about=about, parts=tuple(parts), weekly=weekly, notice=owed
        )

    def _put(
        self,
        kind: MailKind,
        address: str,
        *,
        about: str,
        parts: tuple[MailPart, ...] = (),
        weekly: bool = False,
        notice: Notice | None = None,
    ) -> bool:
        digest = hashlib.sha256("\0".join((self.connection.id, kind, address, about)).encode()).hexdigest()
        name = parts[0].report if parts else kind.value
        return self.unit.mails.add(
            Mail(
                id=f"{name}-{digest[:20]}",
                connection=self.connection.id,
                kind=kind,
                address=address,
                about=about,
                made_at=self.now,
                parts=parts,
                weekly=weekly,
                notice=notice,
            )
        )


def goes_weekly(recipient: Recipient, *, news: bool) -> bool:
    """Tell whether what she would get now goes out because a week began, and tells of all that is open."""
    return recipient.rhythm.weekly and not (recipient.rhythm.on_change and news)


def parts_for(unit: Unit, packs: Sequence[ClausePack], recipient: Recipient) -> Iterator[tuple[MailPart, bool]]:
    """Yield what a person would be told now on each clause, and whether it is news to her."""
    for pack in packs:
        newest = unit.reports.latest(recipient.product, pack.id)
        if newest is None:
            continue
        told = unit.mails.last_told(recipient.address, recipient.product, pack.id)
        since, since_at = told or ("", None)
        part = MailPart(product=recipient.product, clause=pack.id, report=newest.id, since=since, since_at=since_at)
        report = _told(unit, part)
        yield part, report is not None and (report.since is None or bool(report.drift))


def week_of(moment: datetime, zone: ZoneInfo) -> str:
    """Name the week of a moment by the zone's clock, as ISO 8601 does: "2026-W48"."""
    year, week, _ = moment.astimezone(zone).isocalendar()
    return f"{year}-W{week:02}"


def part_of(unit: Unit, part: MailPart, pack: ClausePack, product: Product, *, weekly: bool) -> Part | None:
    """Return what a mail's part tells, the same each time it is asked; None where its report is gone."""
    report = _told(unit, part)
    if report is None:
        return None
    lost = {one.constraint for one in report.drift if one.kind is DriftKind.LOST}
    before = unit.reports.get(part.since) if lost else None
    closed = unit.reports.closed(part.product, part.clause, until=before.created_at) if before else frozenset()
    return Part(
        report=replace(report, since=part.since_at) if report.since else report,
        pack=pack,
        again=closed & lost,
        quotes=product.quotes,
        whole=weekly or report.since is None,
    )


def _told(unit: Unit, part: MailPart) -> GapReport | None:
    newest = unit.reports.get(part.report)
    told = unit.reports.get(part.since) if part.since else None
    if newest is None or told is None:
        return told_since(None, (newest,)) if newest else None
    return told_since(told, unit.reports.news(part.product, part.clause, since=told, until=newest.created_at))
