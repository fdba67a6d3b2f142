"""Who gets mail about a product, when and what: what is shown of it, and what can be changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scanner.model.connection import Product
from scanner.model.deed import Act
from scanner.model.display import day
from scanner.model.mail import Mail, MailKind, MailState, Recipient, Rhythm, normal_address
from scanner.notify.base import Message, NotifyError
from scanner.notify.mime import address_of
from scanner.pipeline.post import goes_weekly, part_of, parts_for
from scanner.web.scope import Scope

MOST = 50  # recipients of one product
MOST_MAILS = 30  # of late on the page
_TELLS = {
    MailKind.SUMMARY: "Gap summary",
    MailKind.LOST: "Consent lost",
    MailKind.OUTAGE: "Nights fail",
    MailKind.WORKING: "Nights work again",
    MailKind.UNHEARD: "Releases not heard of",
    MailKind.INVITATION: "Invitation",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientRow:
    """A recipient as shown."""

    recipient: Recipient
    said: str  # why she gets no mail, "" while she does


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    """A mail of late as shown."""

    mail: Mail
    tells: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The mail as it would be sent now."""

    to: str = ""  # "" where there is nobody
    news: bool = False  # whether it tells of anything new: else it goes out only because a week began
    message: Message | None = None  # None before the first report


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsPage:
    """All of the page."""

    product: Product
    rows: tuple[RecipientRow, ...]
    mails: tuple[MailRow, ...]
    rhythms: tuple[Rhythm, ...]
    preview: Preview
    by_smtp: bool  # whether a mail server is set: else mails only go to the outbox folder


class Alerts:
    """The recipients of one product."""

    def __init__(self, scope: Scope) -> None:
        """Ask about what the person sees."""
        self._scope = scope
        self._app = scope.app
        self._connection = scope.connection
        self._product = scope.product

    def page(self, to: str = "") -> AlertsPage:
        """Return all that is shown, with the mail as it would go now to that address, or to the first."""
        return AlertsPage(
            product=self._product,
            rows=self.recipients(),
            mails=self.mails(),
            rhythms=tuple(Rhythm),
            preview=self.preview(to),
            by_smtp=self._app.smtp is not None,
        )

    def recipients(self) -> tuple[RecipientRow, ...]:
        """Return who gets mail, and who does no more."""
        with self._app.store.reading() as unit:
            recipients = unit.recipients.of_product(self._product.id)
        return tuple(RecipientRow(recipient=one, said=_silent(one)) for one in recipients)

    def mails(self, *, before: tuple[datetime, str] | None = None, most: int = MOST_MAILS) -> tuple[MailRow, ...]:
        """Return what went out of late and what became of it, the newest first: before one, by its moment and id."""
        with self._app.store.reading() as unit:
            mails = unit.mails.recent(self._connection.id, before=before, limit=most)
        return tuple(MailRow(mail=one, tells=_told_of(one), said=_became(one)) for one in mails)

    def preview(self, to: str = "") -> Preview:
        """Write the mail as it would go now to that recipient, or to the first one."""
        with self._app.store.reading() as unit:
            chosen = self._previewed(unit.recipients.of_product(self._product.id), to)
            if chosen is None:
                return Preview()
            packs = {pack.id: pack for pack in self._app.packs}
            owed = tuple(parts_for(unit, self._app.packs, chosen))
            named, news = tuple(part for part, _ in owed), any(new for _, new in owed)
            weekly = goes_weekly(chosen, news=news)
            told = [part_of(unit, part, packs[part.clause], self._product, weekly=weekly) for part in named]
        parts = [part for part in told if part]
        if not parts:
            return Preview(to=chosen.address, news=news)
        mail = Mail(
            id="preview",
            connection=self._connection.id,
            kind=MailKind.SUMMARY,
            address=chosen.address,
            about="",
            made_at=self._app.now(),
            parts=named,
            weekly=weekly,
        )
        written = self._app.writing.summary(mail, self._connection, (self._product,), parts)
        return Preview(to=chosen.address, news=news, message=written)

    def choose(self, address: str, rhythm: str) -> str:
        """Add a recipient or change when she hears; return why that cannot be, "" where it was done."""
        address = address.strip()
        try:
            address_of(address)
            chosen = Rhythm(rhythm)
        except (NotifyError, ValueError) as error:
            return f"{error}."
        with self._app.store.transaction() as unit:
            known = unit.recipients.of_product(self._product.id)
            if len(known) >= MOST and unit.recipients.get(self._product.id, address) is None:
                return f"{MOST} addresses are the most that a product can have."
            unit.recipients.choose(self._product.id, address, chosen)
            self._scope.note(unit, Act.ALERT_CHOSEN, f"{address} ({chosen.value})")
        return ""

    def remove(self, address: str) -> bool:
        """Forget a recipient; False for an address that is none."""
        with self._app.store.transaction() as unit:
            known = unit.recipients.get(self._product.id, address) is not None
            if known:
                unit.recipients.remove(self._product.id, address)
                self._scope.note(unit, Act.ALERT_REMOVED, address)
        return known

    def resume(self, address: str) -> bool:
        """Let mail go to a recipient again; False for an address that is none."""
        with self._app.store.transaction() as unit:
            known = unit.recipients.get(self._product.id, address) is not None
            if known:
                unit.recipients.resume(self._product.id, address)
                self._scope.note(unit, Act.ALERT_RESUMED, address)
        return known

    def show_quotes(self, *, shown: bool) -> None:
        """Let mails show what stands in documents, or not."""
        with self._app.store.transaction() as unit:
            unit.products.show_quotes(self._product.id, shown=shown)
            self._scope.note(unit, Act.QUOTES_CHANGED, "shown" if shown else "not shown")

    def _previewed(self, recipients: Sequence[Recipient], to: str) -> Recipient | None:
        wanted = to or self._connection.email
        mine = (one for one in recipients if one.address == normal_address(wanted))
        return next(mine, recipients[0] if recipients else None)


def _told_of(mail: Mail) -> str:
    return " · ".join(_TELLS[kind] for kind in (mail.kind, mail.notice.kind if mail.notice else None) if kind)


def _silent(one: Recipient) -> str:
    if one.disabled_at is not None:
        return f"No mail goes there since {day(one.disabled_at)}: {one.disabled_because}"
    if one.unsubscribed_at is not None:
        return f"Unsubscribed on {day(one.unsubscribed_at)}."
    return ""


def _became(mail: Mail) -> str:
    match mail.state:
        case MailState.SENT:
            return f"Handed over: {mail.said}."
        case MailState.TO_SEND:
            return f"Waits to be handed over{': ' + mail.said if mail.said else ''}."
        case MailState.REFUSED:
            return f"Refused for good: {mail.said}."
        case MailState.OVERTAKEN:
            return "Not sent: a later mail says it better."
