"""A Message as an internet mail: headers that cannot be injected into, a text part and an HTML part."""

import hashlib
import re
from datetime import datetime
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime

from scanner.model.display import safe_link, shown
from scanner.notify.base import AddressGone, Message, NotifyError


class _Subject(str):
    """A subject that folds itself: the standard library's own folding of long subjects adds blanks between words."""

    __slots__ = ()
    name = "Subject"  # what makes a policy take the value as it is

    def fold(self, *, policy: EmailPolicy) -> str:
        """Return the whole header, encoded and folded (RFC 2047)."""
        encoded = Header(str(self), None if self.isascii() else "utf-8", header_name=self.name)
        return f"{self.name}: {encoded.encode(linesep=policy.linesep)}{policy.linesep}"


class _Unsubscribe(str):
    """An address that stays in one piece: the standard library would encode what is longer than a line."""

    __slots__ = ()
    name = "List-Unsubscribe"

    def fold(self, *, policy: EmailPolicy) -> str:
        """Return the whole header on one line; safe_link holds it far below the 998 characters of RFC 5322 §2.1.1."""
        return f"{self.name}: <{self}>{policy.linesep}"


def compose(message: Message, *, sender: str, date: datetime) -> EmailMessage:
    """Build the mail. The Message-ID depends on the mail's id and the sender's domain only, so that a mail system
    recognises a second copy (RFC 5322 §3.6.4). Raises NotifyError for a sender that is none, AddressGone for a reader.
    """
    writer = address_of(sender, name="Crosswalk")
    try:
        reader = address_of(message.to)
    except NotifyError as error:
        raise AddressGone(str(error)) from error
    mail = EmailMessage(policy=SMTP)
    mail["From"] = writer
    mail["To"] = reader
    mail["Subject"] = _Subject(shown(message.subject))
    mail["Date"] = format_datetime(date)
    mail["Message-ID"] = f"<{_local_part(message.id)}@{writer.domain}>"
    if (
        message.thread
    ):  # under a first mail that nobody ever sent: the real first one may be deleted, or be another for each reader
        mail["In-Reply-To"] = mail["References"] = f"<{_local_part(message.thread)}@{writer.domain}>"
    _let_unsubscribe(mail, message.unsubscribe)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office reply, please
    mail["X-Crosswalk-Report"] = shown(message.id, 120)
    mail.set_content(message.text, cte="quoted-printable")
    mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    for part in mail.iter_parts():  # old mail systems, and smtplib, write ">From" where a line begins so (RFC 2049 §3)
        part.set_payload(re.sub(r"^From ", "=46rom ", str(part.get_payload()), flags=re.MULTILINE))
    # Otherwise the boundary is drawn by chance, and the same report would give another file each time.
    mail.set_boundary(f"=_{hashlib.sha256(message.html.encode(errors='replace')).hexdigest()[:32]}")
    return mail


def _let_unsubscribe(mail: EmailMessage, address: str) -> None:
    """Name where such mails are ended, and that one request does it (RFC 8058 §3.1, which wants https)."""
    if not address or safe_link(address) != address:
        return
    mail["List-Unsubscribe"] = _Unsubscribe(address)
    if address.startswith("https:"):
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def address_of(text: str, *, name: str = "") -> Address:
    """Read one address. Raises NotifyError."""
    try:
        address = Address(display_name=name, addr_spec=text)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise NotifyError(f"“{shown(text, 80)}” is not an email address", transient=False) from error
    if not address.username or not re.fullmatch(r"[^\s@<>]+", address.domain):
        raise NotifyError(f"“{shown(text, 80)}” is not an email address", transient=False)
    return address


def _local_part(message_id: str) -> str:
    """Return the id where it can stand in a Message-ID, its digest otherwise."""
    if re.fullmatch(r"[A-Za-z0-9-]{1,64}", message_id):
        return f"report-{message_id}"
    return f"digest-{hashlib.sha256(message_id.encode(errors='surrogatepass')).hexdigest()[:40]}"
