"""Twelve nights of an invented maker: what happens in her Drive, and every mail that goes out because of it."""

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import httpx

from scanner.app import App
from scanner.model.connection import product_id_of
from scanner.model.mail import Rhythm
from scanner.model.release import Release
from scanner.model.waiver import Waiver, WaiverKind
from scanner.pipeline.orders import sync_job
from scanner.settings import load
from tests.consent_builders import CALLBACK, USUAL, told
from tests.emulator_process import running_emulator, write_seed
from tests.integration.test_email_smtp import Mailbox, a_server
from tests.pipeline_builders import Clock

OWNER, QUALITY = "owner@example.org", "quality@example.org"
FIRST = datetime(2026, 5, 4, 2, 15, tzinfo=UTC)  # a Monday

ACCOUNTS = """
## Accounts

| Role | May do |
|---|---|
| Nurse | read values, acknowledge alarms |
| Administrator | add and remove users, change settings |

Give each person an account of her own. Change the default password of the administrator before first use; passwords
have at least 12 characters and lock after five wrong attempts. When somebody leaves, disable the account on the same
day, and review all accounts every three months.
"""
GUIDE = """# PulseView Security Guide

Document PV-SEC-001. Applies to PulseView 4.2.0.

## Secure operation

Place the monitor in a locked room. Install updates within 30 days after we announce them. Back up the configuration
every week and keep the copy offline. Check the audit log every day for failed sign-ins, and report a suspected attack
to security@pulseview.example within 24 hours.
{accounts}
## Retention and disposal

The monitor keeps measurements for 72 hours and deletes them then. Before disposal, erase the storage with "Service,
Erase all" and destroy the disk; keep the record of it for ten years.
"""
HARDENING = """# PulseView Hardening Guide

Applies to PulseView 4.2.0.

Open port 443 (TLS 1.3) to the server and block every other port in the firewall. Set the session time-out to 10
minutes. Switch off the USB ports unless they are needed for service.
"""
RISKS = """# PulseView Residual Risk Disclosure

Applies to PulseView 4.2.0.

| Risk | Explanation | What the operator does |
|---|---|---|
| R-1 Open alarm relay | The nurse-call relay sends alarms unencrypted | Run the relay in a VLAN of its own |
| R-2 Shared service key | A stolen service tool can read settings | Lock the tools up; report a loss on the same day |

Patient names and measurements lie unencrypted in the memory of the monitor for up to 72 hours. Delete them with
"Erase patient" when the patient is discharged.
"""
CONFORMANCE = """# PulseView Conformance Statement

Applies to PulseView 4.2.0.

PulseView was developed in conformance with IEC 81001-5-1:2021. The scope is the monitor's software and its server.
All clauses from 4 to 9 apply; no clause was left out. Deviation: penetration tests were made by a team of our own.

| Annex E | Where it is given |
|---|---|
| E.1 | PulseView Security Guide, Secure operation |
| E.2 | PulseView Security Guide, Accounts |
| E.3 | PulseView Residual Risk Disclosure |
"""


@dataclass
class Life:
    """Everything that the nights happen in."""

    app: App
    google: str
    mailbox: Mailbox
    clock: Clock
    connection: str = ""
    told: dict[str, list[EmailMessage]] = field(default_factory=dict)

    def put(self, ident: str, name: str, text: str, parent: str | None = "security", **more: object) -> None:
        content = base64.b64encode(text.encode()).decode()
        item = {"id": ident, "name": name, "kind": "file", "mime": "text/markdown", "parent": parent}
        self.knob("POST", "items", {**item, "content_base64": content, **more})

    def knob(self, verb: str, path: str, body: object = None) -> None:
        httpx.request(verb, f"{self.google}/_emulator/{path}", json=body, timeout=10).raise_for_status()

    def connect(self) -> None:
        url, cookie = self.app.connector.begin(CALLBACK)
        back = httpx.URL(httpx.get(url).headers["location"])
        consent = self.app.connector.complete(dict(back.params), cookie)
        self.app.connected(connection_id=consent.connection_id, subject=consent.subject, email=consent.email)
        self.connection = consent.connection_id
        with self.app.store.transaction() as unit:
            unit.products.name(self.product, "PulseView")
            unit.recipients.choose(self.product, QUALITY, Rhythm.WEEKLY)

    @property
    def product(self) -> str:
        return product_id_of(self.connection)

    def released(self, version: str, on: date) -> None:
        """Tell of a release as the page and the command line do: it asks for a review at once, without any sync."""
        release = Release(product="PulseView", version=version, released_on=on, source="added by hand")
        self.app.releases.tell(self.product, release)

    def waive(self, constraint: str, *, until: date) -> None:
        waiver = Waiver(
            id=0,
            product=self.product,
            clause=self.app.packs[0].id,
            constraint=constraint,
            kind=WaiverKind.WAIVED,
            reason="the table of Annex E follows with 4.4",
            approver="Olive Owner",
            decided_at=self.clock(),
            until=until,
        )
        with self.app.store.transaction() as unit:
            unit.waivers.add(waiver)

    def night(self, name: str, *, later: timedelta = timedelta(0)) -> None:
        """Do what the clock and the worker do in a night, and once more some hours later; then the next day comes."""
        self.app.queue.enqueue([sync_job(self.connection)])
        self.app.work(until_idle=True)
        if later:
            self.clock.later(later)
            self.app.sweep()
        self.work(name)
        self.clock.later(timedelta(days=1) - later)

    def work(self, name: str) -> None:
        """Do all that is queued, and keep the mails that came of it under a name."""
        self.app.work(until_idle=True)
        self.told[name] = list(self.mailbox.mails)
        self.mailbox.mails.clear()


def live(life: Life) -> None:
    """Let the nights pass."""
    life.put("risks", "PulseView Residual Risk Disclosure.md", RISKS)
    life.put("guide", "PulseView Security Guide.md", GUIDE.format(accounts=ACCOUNTS))
    life.put("hardening", "PulseView Hardening Guide.md", HARDENING, parent=None)
    life.put("conformance", "PulseView Conformance Statement.md", CONFORMANCE, parent="regulatory")
    life.connect()
    life.released("4.2.0", date(2026, 3, 2))
    life.night("01 first look")
    life.released("4.3.0", date(2026, 5, 5))
    life.waive("annex-e-coverage", until=date(2026, 5, 11))
    life.night("02 release")
    life.put("guide", "PulseView Security Guide.md", GUIDE.format(accounts=""))
    life.night("03 edit")
    life.knob("POST", "items/risks/trash")
    life.night("04 delete")
    life.knob("POST", "items/guide/rename", {"name": "PulseView Security Guide (final).md"})
    life.night("05 rename")
    life.knob("POST", "items/risks/untrash")
    life.night("06 restore")
    life.knob("DELETE", "items/hardening")
    life.night("07 access lost")
    life.knob("DELETE", "drives/regulatory")
    life.night("08 drive removed")
    life.night("09 waiver over")
    life.knob("POST", "faults", {"match": "GET /drive/v3/*", "times": None, "status": 503})
    life.night("10 Drive down", later=timedelta(hours=4))
    life.released("4.1.0", date(2025, 9, 1))
    life.work("10 still down, a release told")
    life.knob("DELETE", "faults")
    life.put("conformance-2", "PulseView Conformance Statement.md", CONFORMANCE)
    life.night("11 Drive back")
    life.mailbox.answers["DATA"] = "451 4.3.0 The disk is full, come back later"
    life.put("guide", "PulseView Security Guide (final).md", GUIDE.format(accounts=ACCOUNTS))
    life.night("12 mailbox down")
    life.mailbox.answers.clear()
    life.night("13 mailbox back")


@contextmanager
def a_life(home: Path) -> Iterator[Life]:
    """Assemble Crosswalk over a local Google and a mail server of its own, with a clock that stands still."""
    items = [{"id": "security", "name": "Security", "kind": "folder"}]
    seed = write_seed(home / "seed", items=items, drives=[{"id": "regulatory", "name": "Regulatory"}])
    mailbox, clock = Mailbox(), Clock(FIRST)
    with running_emulator(seed) as google, a_server(mailbox) as port:
        settings = load(
            home=home / "home",
            readers=1,
            base_url="https://crosswalk.example",
            smtp_host="127.0.0.1",
            smtp_port=port,
            smtp_security="none",
            smtp_from="crosswalk@maker.example",
            max_attempts=1,
        )
        app = App(settings, google=told(google), now=clock)
        try:
            yield Life(app, google, mailbox, clock)
        finally:
            app.close()
            httpx.post(f"{google}/_emulator/oauth", json=USUAL).raise_for_status()


def as_read(mail: EmailMessage) -> str:
    """Return a mail as its reader sees it in plain text, without what another run or clause pack would change."""
    part = mail.get_body(("plain",))
    assert part is not None
    text = part.get_content().replace("\r\n", "\n")
    text = re.sub(r"unsubscribe\?by=[\w-]+", "unsubscribe?by=…", text)
    text = re.sub(
        r"Clause\s+pack\s+(\S+)\s+\([0-9a-f]+…\),\s+judge\s+[^,]+,\s+report\s+of", r"Clause pack \1, report of", text
    )
    return f"To: {mail['To']}\nSubject: {mail['Subject']}\n\n{text}"
