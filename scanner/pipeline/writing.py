"""What stands around the words of a mail: its ids, its thread, where it leads to, and how its reader ends it."""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from scanner.model.connection import Connection, Product
from scanner.model.feed import Feed
from scanner.model.mail import Mail, MailKind, Notice, normal_address
from scanner.model.person import Member
from scanner.notify.base import Message
from scanner.notify.invite import write_invitation
from scanner.notify.inviting import HOLDS, Invitation
from scanner.notify.leaving import Leave
from scanner.notify.letter import Part, product_of
from scanner.notify.message import Envelope, Word, write, write_word
from scanner.notify.trouble import word_of_feed, word_of_loss, word_of_outage, word_of_working


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Writes mails that lead to this installation's pages."""

    page_link: str  # "" for nowhere
    connect_link: str
    leaving_link: Callable[[Leave], str]  # where somebody ends her mails about some products
    invitation_link: Callable[[Invitation], str]

    def summary(
        self,
        mail: Mail,
        connection: Connection,
        products: Sequence[Product],
        parts: Sequence[Part],
        feeds: Sequence[Feed] = (),
    ) -> Message:
        """Write a gap summary, with its notice where that holds still; those of a product and release are a thread."""
        thread = "\n".join(sorted({product_of(part.report) for part in parts}))
        envelope = self._envelope(mail, connection, products, thread=thread)
        notice = mail.notice
        word = self._word(notice, connection, feeds, envelope, along=True) if notice else None
        return write(parts, envelope, word)

    def notice(
        self, mail: Mail, connection: Connection, products: Sequence[Product], feeds: Sequence[Feed]
    ) -> Message | None:
        """Write what a mail tells of the connection, None where that does not hold any more."""
        notice = mail.notice or Notice(kind=mail.kind, about=mail.about)
        envelope = self._envelope(mail, connection, products, thread=notice.kind)
        word = self._word(notice, connection, feeds, envelope, along=False)
        return write_word(word, envelope) if word else None

    def _word(
        self, notice: Notice, connection: Connection, feeds: Sequence[Feed], envelope: Envelope, *, along: bool
    ) -> Word | None:
        lost, outage = connection.lost, connection.outage
        match notice.kind:
            case MailKind.LOST:
                known = lost is not None and lost.at.isoformat() == notice.about
                return word_of_loss(connection, lost, connect_link=self.connect_link) if lost and known else None
            case MailKind.OUTAGE:
                known = outage is not None and outage.over_at is None and outage.at.isoformat() == notice.about
                return word_of_outage(connection, outage, page_link=envelope.page_link) if outage and known else None
            case MailKind.WORKING:
                began, over = map(datetime.fromisoformat, notice.about.split("/"))
                return word_of_working(connection, began, over, along=along, page_link=envelope.page_link)
            case MailKind.UNHEARD:
                silent = next((one for one in feeds if one.silence == notice.about), None)
                return word_of_feed(connection, silent, page_link=envelope.page_link) if silent else None
            case MailKind.SUMMARY | MailKind.INVITATION:
                return None

    def invitation(self, mail: Mail, member: Member, product: Product) -> Message:
        """Write an invitation; it ends in no list that could be left."""
        envelope = Envelope(id=mail.id, to=mail.address)
        link = self.invitation_link(Invitation(member=member.id, at=member.invited_at))
        return write_invitation(member, product.name, envelope, link=link, until=member.invited_at + HOLDS)

    def _envelope(self, mail: Mail, connection: Connection, products: Sequence[Product], *, thread: str) -> Envelope:
        leave = Leave(address=mail.address, products=tuple(product.id for product in products))
        digest = hashlib.sha256("\0".join((connection.id, mail.address, thread)).encode()).hexdigest()
        return Envelope(
            id=mail.id,
            to=mail.address,
            thread=f"thread-{digest[:32]}",
            page_link=self._leads_to({part.product for part in mail.parts} or {product.id for product in products}),
            unsubscribe=self.leaving_link(leave) if self.page_link else "",
            asked_by=connection.email if mail.address != normal_address(connection.email) else "",
        )

    def _leads_to(self, products: Collection[str]) -> str:
        """Return the page of the one product that a mail is about, or of all that its reader sees."""
        if not self.page_link or len(products) != 1:
            return self.page_link
        return f"{self.page_link}/products/{next(iter(products))}"
