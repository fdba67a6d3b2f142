"""A product with all that the API tells of, people who see it, and programs that ask in their names."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import httpx

from connector import SourceFile
from scanner.app import App
from scanner.model.api_token import TokenScope
from scanner.model.candidate import Candidate, SignalHit
from scanner.model.connection import Product, ScanState, product_id_of
from scanner.model.document import DocumentFacts, DocumentKind
from scanner.model.hook import Hook, HookKind
from scanner.model.job import Priority
from scanner.model.mail import Mail, MailKind, MailState
from scanner.model.person import Person, Role
from scanner.model.release import Release, ReleaseOrigin
from scanner.model.verdict import Judgement, Outcome, Verdict
from scanner.model.waiver import WaiverKind
from scanner.pipeline.orders import scan_job, sync_job
from scanner.web.api import PLACE
from tests.builders import a_feed, a_file, a_member, a_verdict
from tests.report_builders import a_report, a_second_report

NOW = datetime(2026, 5, 15, 9, 0, tzinfo=UTC)
CLAUSE = "iec-81001-5-1/5.8.2"
CONNECTION = "c-anna"
PRODUCT = product_id_of(CONNECTION)
ANNA = Person(subject="subject-anna", email="anna@maker.example")
BEN = Person(subject="subject-ben", email="ben@maker.example")
STRANGER = Person(subject="subject-stranger", email="stranger@elsewhere.example")
CONSTRAINT = "account-management"


def fill(app: App, *, candidates: int = 15) -> None:
    """Give Anna a product: candidates in every state, two reports, releases, decisions and jobs."""
    with app.store.transaction() as unit:
        unit.connections.connect(connection_id=CONNECTION, subject=ANNA.subject, email=ANNA.email, now=NOW)
        unit.products.add(Product(id=PRODUCT, connection=CONNECTION, name="PulseView"), notify=ANNA.email)
        files = [a_guide(number) for number in range(candidates)]
        unit.files.saw(CONNECTION, files, sync_id="s1")
        for number, file in enumerate(files):
            hit = SignalHit(signal="file-name", field="name", text="Security Guide")
            unit.candidates.flag(CONNECTION, Candidate(file=file, clause=CLAUSE, hits=(hit,)), revision="r1")
            if number % 3 == 0:
                gave = judged(app, number)
                unit.candidates.scanned(
                    CONNECTION, file.id, CLAUSE, revision="r1", judgement=gave, seconds=0.4, now=NOW
                )
            elif number % 3 == 1:
                unit.candidates.could_not_check(
                    CONNECTION, file.id, CLAUSE, revision="r1", because="it is encrypted", now=NOW
                )
        first = a_report(created_at=NOW - timedelta(days=1), id="r-1")
        unit.reports.add(PRODUCT, first, worth_telling=True)
        unit.reports.add(PRODUCT, a_second_report(), worth_telling=True)
        unit.feeds.set(a_feed(product=PRODUCT))
        unit.products.released(PRODUCT, a_release("4.2.0"), now=NOW)
        waiting = replace(a_release("4.3.0"), origin=ReleaseOrigin.NOTES, source="release notes: Notes 4.3.0.docx")
        unit.products.released(PRODUCT, waiting, now=NOW)
        unit.products.released(PRODUCT, a_release("4.1.0"), now=NOW)
        unit.products.refuse(PRODUCT, "4.1.0")
    app.people.decisions.make(
        PRODUCT,
        "residual-risks",
        clause=CLAUSE,
        kind=WaiverKind.WAIVED,
        reason="The risk file is under review.",
        approver="Mara Voss",
        until=date(2026, 12, 31),
    )
    scan = scan_job(CONNECTION, "file-002", CLAUSE, "r1", priority=Priority.NIGHT)
    app.queue.enqueue([sync_job(CONNECTION), scan])
    _say(app)


def _say(app: App) -> None:
    """Let people have said something: to suggestions, against where a constraint stands; and mails went out."""
    with app.store.transaction() as unit:
        found = [a_guide(number, id=f"found-{number}", name=f"Handbook {number}.pdf") for number in range(3)]
        unit.files.saw(CONNECTION, found, sync_id="s1")
        unit.suggestions.found(CONNECTION, CLAUSE, {one.id: ["audit log"] for one in found}, now=NOW)
        unit.hooks.add(Hook(id="h-1", product=PRODUCT, kind=HookKind.GITHUB, made_at=NOW), sealed="")
        for number in range(3):
            mail = Mail(
                id=f"mail-{number}",
                connection=CONNECTION,
                kind=MailKind.SUMMARY,
                address=ANNA.email,
                about=f"run-{number}",
                made_at=NOW - timedelta(days=number // 2),
                state=MailState.SENT,
                said="to the mail server",
            )
            unit.mails.add(mail)
    product = Product(id=PRODUCT, connection=CONNECTION, name="PulseView")
    app.people.suggesting.ignore(product, "found-2", clause=CLAUSE, by=ANNA.email)
    app.people.objecting.object(
        PRODUCT,
        CONSTRAINT,
        clause=CLAUSE,
        claimed=Outcome.NOT_APPLICABLE,
        reason="It has no accounts.",
        by=ANNA.email,
    )


def share(app: App, role: Role, person: Person = BEN) -> None:
    """Share Anna's product with a person."""
    member = a_member(product=PRODUCT, role=role, subject=person.subject, address=person.email, accepted_at=NOW)
    with app.store.transaction() as unit:
        unit.people.add(member)


def a_guide(number: int, **changes: str) -> SourceFile:
    """Build a file of the product."""
    named = {"id": f"file-{number:03}", "name": f"Security Guide {number}.pdf", **changes}
    modified, link = NOW if number % 2 else None, "https://drive.google.com/file/d/x/view"
    return a_file(**named, fingerprint=str(number), modified_at=modified, link=link)


@contextmanager
def filled(app: App) -> Iterator[None]:
    """Give Anna her product, and take it away."""
    fill(app)
    yield
    app.queue.forget(CONNECTION)
    shutil.rmtree(app.settings.outbox, ignore_errors=True)
    with app.store.transaction() as unit:
        for connection in (CONNECTION, "c-stranger"):
            unit.connections.purge(connection)


def a_release(version: str) -> Release:
    """Build a release that was added by hand."""
    return Release(product="PulseView", version=version, released_on=date(2026, 5, 14), source="added by hand")


def judged(app: App, number: int) -> Judgement:
    """Build what a scan gave: something on one constraint, nothing on the others."""
    facts = DocumentFacts(kind=DocumentKind.OPERATOR_GUIDE, document_id=f"PV-{number}", words=900, dated=NOW.date())
    verdicts = [
        a_verdict(one.id)
        if one.id == CONSTRAINT and number % 2
        else Verdict(constraint=one.id, outcome=Outcome.MISSING, reason="Nothing usable was found.")
        for one in app.packs[0].constraints
    ]
    return Judgement(facts=facts, verdicts=tuple(verdicts), unread="it is longer than 8 MB" if number % 4 == 0 else "")


def secret_of(app: App, person: Person = ANNA, scope: TokenScope = TokenScope.WRITE) -> str:
    """Make a token for a person and return its secret."""
    return app.people.tokens.make(person, name="Nightly build", scope=scope, days=90).secret


def program(site: str, secret: str) -> httpx.Client:
    """Return a program that asks the API with a token."""
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx.Client(base_url=f"{site}{PLACE}", headers=headers, timeout=10, trust_env=False)


def count_of(app: App, state: ScanState) -> int:
    """Count Anna's candidates in a state."""
    with app.store.reading() as unit:
        return unit.candidates.counts(CONNECTION)[state]
