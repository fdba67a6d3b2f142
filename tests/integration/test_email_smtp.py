"""Sending through a real SMTP server on loopback, and reading back what arrived."""

import email
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from scanner.notify.base import AddressGone, MailError, Message, NotifyError
from scanner.notify.email import Email, SmtpSecurity, SmtpSettings
from scanner.notify.letter import Part
from scanner.notify.message import Envelope, write
from scanner.notify.registry import NotifySettings, notifier
from tests.report_builders import a_pack, a_second_report

NOW = datetime(2026, 5, 15, 3, 10, tzinfo=UTC)
SENDER = "crosswalk@maker.example"


@dataclass
class Mailbox:
    """What the server does with mails: keeps them, or answers as it is told."""

    answers: dict[str, str] = field(default_factory=dict)
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd finds its hooks by these names
        self, _server: object, _session: object, envelope: Any, address: str, _options: list[str]
    ) -> str:
        refused = self.answers.get(f"RCPT {address}") or self.answers.get("RCPT")
        if refused:
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(  # noqa: N802 -- same
        self, _server: object, _session: object, envelope: Any, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 -- same
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.raw.append(envelope.content)
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    async def handle_QUIT(self, _server: object, _session: object, _envelope: object) -> str:  # noqa: N802 -- same
        return self.answers.get("QUIT", "221 Bye")


def a_free_port() -> int:
    """Ask the system for a port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def a_server(mailbox: Mailbox, **options: Any) -> Iterator[int]:
    """Run an SMTP server while the block runs."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=a_free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make a certificate for localhost; returns the server's side and a client that trusts it."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(["openssl", *request.split(), *names], check=True, capture_output=True)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    return server, ssl.create_default_context(cafile=str(cert))


def a_sender(port: int, trust: ssl.SSLContext | None = None, **changes: Any) -> Email:
    """Build the channel under test."""
    values: dict[str, Any] = {"host": "127.0.0.1", "port": port, "security": SmtpSecurity.NONE, "timeout": 5.0}
    return Email(SmtpSettings(**(values | changes)), sender=SENDER, clock=lambda: NOW, trust=trust)


def a_mail() -> Message:
    """Write the second night's mail."""
    envelope = Envelope(
        id="r-2026-0002",
        to="anna@maker.example",
        thread="thread-1",
        page_link="https://crosswalk.example",
        unsubscribe=f"https://crosswalk.example/unsubscribe?by={'s' * 180}",
    )
    return write([Part(report=a_second_report(), pack=a_pack())], envelope)


def test_a_summary_arrives_as_it_was_written() -> None:
    """Subject, both parts and the headers that a mail system reads."""
    mailbox = Mailbox()
    with a_server(mailbox) as port:
        where = a_sender(port).send(a_mail())
    assert where == f"sent to anna@maker.example by 127.0.0.1:{port}"
    (mail,) = mailbox.mails
    assert mail["Subject"] == "[PulseView 4.3.0] 3 new gaps, 1 resolved, 1 undetermined – IEC 81001-5-1 §5.8.2"
    assert mail["From"].addresses[0].addr_spec == SENDER
    assert mail["To"].addresses[0].addr_spec == "anna@maker.example"
    assert mail["Date"].datetime == NOW
    assert mail["Message-ID"] == "<report-r-2026-0002@maker.example>"
    assert mail["References"] == mail["In-Reply-To"] == "<report-thread-1@maker.example>"
    assert mail["List-Unsubscribe"] == f"<{a_mail().unsubscribe}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == a_mail().text
    assert html.get_content().replace("\r\n", "\n").strip() == a_mail().html.strip()
    assert max(len(line) for line in mailbox.raw[0].splitlines()) <= 998


def test_a_repeated_send_carries_the_same_message_id() -> None:
    """So that a second copy can be recognised."""
    mailbox = Mailbox()
    with a_server(mailbox) as port:
        a_sender(port).send(a_mail())
        a_sender(port).send(a_mail())
    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_starttls_and_a_sign_in_work_together(certificate: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    """The usual way of a mail provider."""
    server, client = certificate
    mailbox = Mailbox()
    signed_in: list[bytes] = []

    def check(_server: object, _session: object, _envelope: object, _mechanism: str, data: LoginPassword) -> AuthResult:
        signed_in.append(data.login)
        return AuthResult(success=data.password == b"s3cret", handled=False)

    with a_server(mailbox, tls_context=server, require_starttls=True, auth_required=True, authenticator=check) as port:
        signed = a_sender(
            port, client, host="localhost", security=SmtpSecurity.STARTTLS, username="anna", password="s3cret"
        )
        signed.send(a_mail())
        wrong = a_sender(
            port, client, host="localhost", security=SmtpSecurity.STARTTLS, username="anna", password="wr0ng"
        )
        with pytest.raises(NotifyError, match="refused the user name and password") as caught:
            wrong.send(a_mail())
    assert len(mailbox.mails) == 1
    assert set(signed_in) == {b"anna"}
    assert not caught.value.transient
    assert "wr0ng" not in str(caught.value)


def test_tls_from_the_first_byte_works(certificate: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    """Port 465's way."""
    server, client = certificate
    mailbox = Mailbox()
    with a_server(mailbox, ssl_context=server, server_hostname="127.0.0.1") as port:
        a_sender(port, client, host="localhost", security=SmtpSecurity.TLS).send(a_mail())
    assert len(mailbox.mails) == 1


def test_an_untrusted_certificate_is_a_lasting_failure(certificate: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    """Nothing is sent, and trying again cannot help."""
    mailbox = Mailbox()
    with a_server(mailbox, tls_context=certificate[0]) as port:
        sender = a_sender(port, host="localhost", security=SmtpSecurity.STARTTLS)
        with pytest.raises(NotifyError, match="certificate that is not trusted") as caught:
            sender.send(a_mail())
    assert not caught.value.transient
    assert mailbox.mails == []


def test_a_server_without_starttls_gets_no_mail() -> None:
    """A mail that was to be private is not sent in the clear."""
    mailbox = Mailbox()
    with a_server(mailbox) as port:
        sender = a_sender(port, security=SmtpSecurity.STARTTLS)
        with pytest.raises(NotifyError, match="cannot do STARTTLS: set CROSSWALK_SMTP_SECURITY") as caught:
            sender.send(a_mail())
    assert not caught.value.transient
    assert mailbox.mails == []


@pytest.mark.parametrize(
    ("answers", "transient", "kind"),
    [
        ({"DATA": "452 Mailbox full"}, True, MailError),
        ({"DATA": "554 No spam today"}, False, MailError),
        ({"RCPT": "450 Greylisted, come back"}, True, MailError),
        ({"RCPT": "452 4.2.2 Over quota"}, True, MailError),
        ({"RCPT": "552 5.2.2 Over quota"}, True, MailError),
        ({"RCPT": "550 5.7.1 Relaying denied"}, False, MailError),
        ({"RCPT": "550 5.2.2 Over quota"}, False, MailError),
        ({"RCPT": "554 We know you"}, False, MailError),
        ({"RCPT": "550 No such person"}, False, AddressGone),
        ({"RCPT": "550 5.1.1 No such person"}, False, AddressGone),
        ({"RCPT": "550 5.1.10 Null MX"}, False, AddressGone),
        ({"RCPT": "550 5.2.1 Mailbox disabled"}, False, AddressGone),
        ({"RCPT": "551 User not local"}, False, AddressGone),
        ({"MAIL": "451 Busy"}, True, NotifyError),
        ({"MAIL": "550 5.7.1 Not you"}, False, NotifyError),
    ],
    ids=str,
)
def test_a_failure_that_passes_is_told_apart_from_one_that_stays_and_one_mails_from_everybodys(
    answers: dict[str, str],
    transient: bool,  # noqa: FBT001 -- pytest passes it by name
    kind: type[NotifyError],
) -> None:
    """By the reply's code and its detail; the sentence repeats it."""
    with a_server(Mailbox(answers=answers)) as port:
        sender = a_sender(port)
        with pytest.raises(NotifyError, match=next(iter(answers.values()))) as caught:
            sender.send(a_mail())
    assert (type(caught.value), caught.value.transient) == (kind, transient)


def test_a_rude_goodbye_after_the_mail_was_accepted_is_no_failure() -> None:
    """Otherwise a retry would send it twice."""
    mailbox = Mailbox(answers={"QUIT": "421 Going down"})
    with a_server(mailbox) as port:
        a_sender(port).send(a_mail())
    assert len(mailbox.mails) == 1


def test_a_server_that_is_not_there_may_come_back() -> None:
    """Refused connections are worth another try."""
    with pytest.raises(NotifyError, match="cannot be reached") as caught:
        a_sender(a_free_port()).send(a_mail())
    assert caught.value.transient


def test_a_server_that_never_answers_is_given_up_in_time() -> None:
    """The timeout is the settings'."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        sender = a_sender(silent.getsockname()[1], timeout=0.3)
        with pytest.raises(NotifyError, match="cannot be reached") as caught:
            sender.send(a_mail())
    assert caught.value.transient


@pytest.mark.parametrize(
    "address",
    ["", "anna", "anna@", "@maker.example", "a@b\r\nBcc: c@d", "anna@x.example, b@y.example", "a b@c.example"],
)
def test_what_is_no_address_is_refused_before_anything_is_sent(address: str) -> None:
    """No header can be slipped in by an address."""
    mail = Message(id="r-1", to=address, subject="s", text="t", html="h")
    with pytest.raises(NotifyError, match="is not an email address") as caught:
        a_sender(1).send(mail)
    assert not caught.value.transient


def test_a_password_never_travels_in_the_clear_and_never_shows() -> None:
    """Refused when set, hidden when printed."""
    with pytest.raises(ValueError, match="in the clear"):
        SmtpSettings(host="mail.example.org", security=SmtpSecurity.NONE, username="anna", password="s3cret")
    assert "s3cret" not in repr(SmtpSettings(host="mail.example.org", username="anna", password="s3cret"))


def test_where_smtp_is_set_a_mail_is_written_and_sent(tmp_path: Path) -> None:
    """Both channels, and both are named."""
    mailbox = Mailbox()
    with a_server(mailbox) as port:
        smtp = SmtpSettings(host="127.0.0.1", port=port, security=SmtpSecurity.NONE)
        told = notifier(NotifySettings(outbox=tmp_path, sender=SENDER, smtp=smtp), clock=lambda: NOW)
        where = told.send(a_mail())
    assert where.startswith(f"written to {tmp_path}")
    assert where.endswith(f"sent to anna@maker.example by 127.0.0.1:{port}")
    assert len(mailbox.mails) == 1
