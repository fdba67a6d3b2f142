"""Sending by SMTP, with the failures that pass told apart from those that stay, and one mail's from everybody's."""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from ipaddress import ip_address
from socket import gaierror

from scanner.model.display import shown
from scanner.notify.base import AddressGone, MailError, Message, NotifyError
from scanner.notify.mime import compose


class SmtpSecurity(StrEnum):
    """How the connection to the mail server is kept private."""

    STARTTLS = "starttls"  # plain at first, then encrypted; usual on port 587
    TLS = "tls"  # encrypted from the first byte; usual on port 465
    NONE = "none"  # for a relay on the same machine


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """Where and how to hand mail over."""

    host: str
    port: int = 587
    security: SmtpSecurity = SmtpSecurity.STARTTLS
    username: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30.0  # seconds, for each answer of the server

    def __post_init__(self) -> None:
        """Refuse to send a password in the clear over a network."""
        if self.username and self.security is SmtpSecurity.NONE and not _is_here(self.host):
            raise ValueError("SMTP with a user name needs starttls or tls: the password would travel in the clear")


class Email:
    """A Notifier over SMTP."""

    def __init__(
        self,
        settings: SmtpSettings,
        *,
        sender: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """Keep the server, the sender's address and the clock; `trust` stands in for the system's certificates."""
        self._settings = settings
        self._sender = sender
        self._clock = clock
        self._trust = trust or ssl.create_default_context()

    def send(self, message: Message) -> str:
        """Hand the message to the mail server. Raises NotifyError; no error text holds a password.

        A connection lost after the text went out may lead to a second copy; its Message-ID is the same.
        """
        mail = compose(message, sender=self._sender, date=self._clock())
        server = f"{self._settings.host}:{self._settings.port}"
        try:
            with self._signed_in() as smtp:
                smtp.send_message(mail)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise _translated(error, server) from error
        return f"sent to {shown(message.to)} by {server}"

    def forget(self, message_id: str) -> None:
        """Do nothing: what was sent is its reader's."""

    def check(self) -> str:
        """Go as far as the sign-in, send nothing, and say what answered. Raises NotifyError."""
        server = f"{self._settings.host}:{self._settings.port}"
        try:
            with self._signed_in():
                return f"{server} takes mail ({self._settings.security.value})"
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise _translated(error, server) from error

    @contextmanager
    def _signed_in(self) -> Iterator[smtplib.SMTP]:
        """Connect, secure, sign in; say goodbye afterwards."""
        smtp = self._connected()
        try:
            smtp.ehlo_or_helo_if_needed()
            if self._settings.security is SmtpSecurity.STARTTLS:
                smtp.starttls(context=self._trust)
            if self._settings.username:
                smtp.login(self._settings.username, self._settings.password)
            yield smtp
            with suppress(smtplib.SMTPException, OSError):  # the mail is accepted: a rude goodbye changes nothing
                smtp.quit()
        finally:
            smtp.close()

    def _connected(self) -> smtplib.SMTP:
        """Open the connection."""
        host, port, timeout = self._settings.host, self._settings.port, self._settings.timeout
        if self._settings.security is SmtpSecurity.TLS:
            return smtplib.SMTP_SSL(host, port, timeout=timeout, context=self._trust)
        return smtplib.SMTP(host, port, timeout=timeout)


def _translated(error: smtplib.SMTPException | OSError | UnicodeError, server: str) -> NotifyError:
    """Say a failure in our words, with the setting to change; of SMTP's reply codes 4xx passes and 5xx stays.

    Source: RFC 5321 §4.2.1.
    """
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, reply = next(iter(error.recipients.values()))
            told = f"{server} refused the recipient: {_reply(code, reply)}"
            return AddressGone(told) if _no_mailbox(code, reply) else MailError(told, transient=_passes(code))
        case smtplib.SMTPDataError():
            told = f"{server} refused the mail: {_reply(error.smtp_code, error.smtp_error)}"
            return MailError(told, transient=_passes(error.smtp_code))
        case _:
            told, transient = _unusable(error)
            return NotifyError(f"{server} {told}", transient=transient)


def _unusable(error: smtplib.SMTPException | OSError | UnicodeError) -> tuple[str, bool]:
    """Say why no mail of anybody gets through this server, and whether that may pass."""
    match error:
        case smtplib.SMTPAuthenticationError():  # its reply is left out: it may repeat what was sent
            code = error.smtp_code
            told = f"refused the user name and password (reply {code}): set CROSSWALK_SMTP_USER and _PASSWORD"
        case smtplib.SMTPSenderRefused():
            code = error.smtp_code
            told = f"refused the sender, CROSSWALK_SMTP_FROM: {_reply(code, error.smtp_error)}"
        case smtplib.SMTPResponseException():
            code = error.smtp_code
            told = f"refused: {_reply(code, error.smtp_error)}"
        case smtplib.SMTPNotSupportedError() if "STARTTLS" in str(error):
            told = "cannot do STARTTLS: set CROSSWALK_SMTP_SECURITY to tls (often port 465), or to none on this machine"
            code = 550
        case smtplib.SMTPNotSupportedError():
            told, code = f"cannot do what is needed: {shown(str(error), 160)}", 550
        case ssl.SSLCertVerificationError():
            told, code = f"has a certificate that is not trusted: {shown(error.verify_message, 160)}", 550
        case ssl.SSLError() if error.reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"}:
            told = "does not speak TLS from the first byte: set CROSSWALK_SMTP_SECURITY to starttls, or another port"
            code = 550
        case gaierror() | UnicodeError():
            told, code = "is no host that is known here: set CROSSWALK_SMTP_HOST", 421
        case _:
            told, code = f"cannot be reached: {shown(str(error), 160)}", 421
    return told, code < 500


def _passes(code: int) -> bool:
    """Tell whether a refusal may pass; 552 is a full mailbox, which its owner can empty (RFC 5321 §4.2.3)."""
    return code < 500 or code == 552


def _no_mailbox(code: int, reply: bytes | str) -> bool:
    """Tell whether a refusal says that the mailbox is not there, and not that it is full or that we are not wanted.

    Source: RFC 3463 §3.2, §3.3 (X.1.x is about the address, X.2.1 a disabled mailbox); without one RFC 5321 §4.2.3.
    """
    detail = re.match(r"5\.(\d+)\.(\d+)\b", reply.decode(errors="replace") if isinstance(reply, bytes) else reply)
    if detail:
        return code >= 500 and (detail[1] == "1" or detail.groups() == ("2", "1"))
    return code in {550, 551, 553}


def _reply(code: int, reply: bytes | str) -> str:
    """Say a server's reply."""
    text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    return f"{code} {shown(text, 160)}"


def _is_here(host: str) -> bool:
    """Tell whether the host is this machine."""
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return False
