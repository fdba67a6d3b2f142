"""Whom a night's news goes to, when, and what becomes of each mail: real store and queue, a real SMTP server."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scanner.app import App
from scanner.model.connection import Connection, ConnectionState, Product
from scanner.model.gap import DriftKind, GapReport
from scanner.model.mail import Mail, MailKind, MailState, Recipient, Rhythm
from scanner.model.verdict import Outcome
from scanner.notify.base import Message, NotifyError
from scanner.pipeline.orders import sync_job
from scanner.pipeline.post import week_of
from scanner.settings import load
from tests.builders import a_feed
from tests.consent_builders import text_of
from tests.integration.test_email_smtp import Mailbox, a_server
from tests.pipeline_builders import Clock, migrated
from tests.report_builders import a_drift, a_report

ANNA, BEN, CARLA = "anna@maker.example", "ben@maker.example", "carla@maker.example"
CLAUSE = "iec-81001-5-1/5.8.2"
PRODUCT = "[PulseView 4.3.0] "
MONDAY = datetime(2026, 5, 11, 2, 15, tzinfo=UTC)


@dataclass
class Desk:
    """One product of Anna's, whose reports the tests write by hand."""

    app: App
    clock: Clock
    mailbox: Mailbox
    made: int = 0
    reports: list[GapReport] = field(default_factory=list)

    def night(self, *drift: tuple[DriftKind, str], product: str = "p", days: int = 1, **changes: Any) -> GapReport:
        """Let days pass and keep a report; `drift` are kinds with constraints."""
        self.clock.later(timedelta(days=days))
        return self.keep(*drift, product=product, **changes)

    def keep(self, *drift: tuple[DriftKind, str], product: str = "p", **changes: Any) -> GapReport:
        """Keep a report of now; without any drift in it, it is no news."""
        self.made += 1
        rows = tuple(
            a_drift(kind, constraint, before=Outcome.MISSING, now=Outcome.SATISFIED, old_quote="")
            if kind is DriftKind.WON
            else a_drift(kind, constraint)
            for kind, constraint in drift
        )
        lost = {constraint for kind, constraint in drift if kind is DriftKind.LOST}
        plain = a_report(id=f"r{self.made}-{product}", created_at=self.clock(), drift=rows, since=self.clock())
        standings = tuple(
            replace(one, outcome=Outcome.MISSING, severity="high") if one.constraint in lost else one
            for one in plain.standings
        )
        report = replace(plain, standings=standings, **changes)
        with self.app.store.transaction() as unit:
            first = unit.reports.latest(product, CLAUSE) is None
            unit.reports.add(product, report, worth_telling=first or bool(rows))
        return report

    def send(self) -> None:
        self.app.summarize("mine")

    def choose(self, address: str, rhythm: Rhythm = Rhythm.ON_CHANGE, *, product: str = "p") -> None:
        with self.app.store.transaction() as unit:
            unit.recipients.choose(product, address, rhythm)

    def recipient(self, address: str) -> Recipient:
        with self.app.store.reading() as unit:
            known = unit.recipients.get("p", address)
        assert known is not None
        return known

    def took(self) -> list[tuple[str, str]]:
        """Return who got which subject since this was last asked."""
        found = [
            (str(mail["To"]), str(mail["Subject"]).removeprefix("[PulseView 4.3.0] ")) for mail in self.mailbox.mails
        ]
        self.mailbox.mails.clear()
        return [(to, subject.removesuffix(" – IEC 81001-5-1 §5.8.2")) for to, subject in found]

    def mails(self, *states: MailState) -> tuple[Mail, ...]:
        with self.app.store.reading() as unit:
            return tuple(mail for mail in unit.mails.recent("mine") if not states or mail.state in states)

    def connection(self) -> Connection:
        with self.app.store.reading() as unit:
            known = unit.connections.get("mine")
        assert known is not None
        return known


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Crosswalk with its mail server, built once."""
    clock, mailbox = Clock(MONDAY), Mailbox()
    with a_server(mailbox) as port:
        mail = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
        settings = load(home=migrated(tmp_path_factory.mktemp("home")), base_url="https://crosswalk.example", **mail)
        app = App(settings, now=clock)
        yield Desk(app, clock, mailbox)
        app.close()


@pytest.fixture
def desk(house: Desk) -> Desk:
    """Anna with a product that nothing is known of yet."""
    app, clock, mailbox = house.app, house.clock, house.mailbox
    clock.now = MONDAY
    mailbox.answers.clear()
    mailbox.mails.clear()
    shutil.rmtree(app.settings.outbox, ignore_errors=True)
    app.queue.forget("mine")
    with app.store.transaction() as unit:
        unit.connections.purge("mine")
        unit.connections.connect(connection_id="mine", subject="s", email=ANNA, now=MONDAY)
        unit.products.add(Product(id="p", connection="mine", name="PulseView"), notify=ANNA)
    return Desk(app, clock, mailbox)


LOST, WON = DriftKind.LOST, DriftKind.WON


def test_the_first_report_is_mailed_then_only_news(desk: Desk) -> None:
    desk.night()
    desk.send()
    desk.send()
    assert desk.took() == [(ANNA, "no gaps")]
    desk.night()
    desk.send()
    assert desk.took() == []
    desk.night((LOST, "residual-risks"))
    desk.send()
    desk.send()
    assert desk.took() == [(ANNA, "1 new gap")]


def test_of_two_feeds_that_cannot_be_read_each_is_told_one_mail_a_run(desk: Desk) -> None:
    with desk.app.store.transaction() as unit:
        unit.products.add(Product(id="q", connection="mine", name="Gateway"), notify=ANNA)
        for product in ("p", "q"):
            made = a_feed(product, address=f"https://127.0.0.1/{product}.atom", set_at=MONDAY)
            unit.feeds.set(made)
            unit.feeds.failed(made, "nothing is there (404)", wait_until=None, now=MONDAY)
    desk.clock.later(timedelta(days=1))
    told = []
    for _ in range(3):
        desk.send()
        told += [text_of(mail) for mail in desk.mailbox.mails]
        desk.mailbox.mails.clear()
    assert ["p.atom" in mail for mail in told] == [True, False]
    assert ["q.atom" in mail for mail in told] == [False, True]


def test_since_the_last_mail_means_since_the_last_one_that_was_delivered(desk: Desk) -> None:
    desk.night()
    desk.send()
    desk.took()
    desk.mailbox.answers["DATA"] = "451 4.3.0 later"
    desk.night((LOST, "residual-risks"))
    with pytest.raises(NotifyError, match="451"):
        desk.send()
    desk.mailbox.answers.clear()
    desk.night((LOST, "account-management"))
    desk.send()
    assert desk.took() == [(ANNA, "2 new gaps")]
    assert [mail.state for mail in desk.mails()] == [MailState.SENT, MailState.OVERTAKEN, MailState.SENT]


def test_a_clock_that_was_set_back_repeats_no_news_and_begins_no_week(desk: Desk) -> None:
    desk.choose(BEN, Rhythm.WEEKLY)
    desk.night()
    desk.send()
    told = desk.night((LOST, "residual-risks"), days=7)
    desk.send()
    desk.took()
    desk.clock.later(timedelta(days=-400))
    desk.keep(created_at=told.created_at + timedelta(microseconds=1))
    desk.send()
    assert desk.took() == []
    desk.keep((LOST, "account-management"), created_at=told.created_at + timedelta(microseconds=2))
    desk.send()
    assert desk.took() == [(ANNA, "1 new gap")]


def test_what_was_lost_and_is_back_before_anybody_was_told_is_no_news(desk: Desk) -> None:
    desk.night()
    desk.send()
    desk.took()
    desk.mailbox.answers["DATA"] = "451 4.3.0 later"
    desk.night((LOST, "residual-risks"))
    with pytest.raises(NotifyError):
        desk.send()
    desk.mailbox.answers.clear()
    desk.night((WON, "residual-risks"))
    desk.send()
    assert desk.took() == []
    assert desk.mails(MailState.TO_SEND) == ()


def test_a_gap_that_was_closed_once_came_back(desk: Desk) -> None:
    for drift in ((), ((LOST, "residual-risks"),), ((WON, "residual-risks"),), ((LOST, "residual-risks"),)):
        desk.night(*drift)
        desk.send()
    assert desk.took() == [(ANNA, "no gaps"), (ANNA, "1 new gap"), (ANNA, "1 resolved"), (ANNA, "1 came back")]


def test_each_person_hears_in_her_own_rhythm(desk: Desk) -> None:
    desk.choose(BEN, Rhythm.WEEKLY)
    desk.choose(CARLA, Rhythm.BOTH)
    desk.night(days=0)  # a Monday: everybody's first
    desk.send()
    assert [to for to, _ in desk.took()] == [ANNA, BEN, CARLA]
    desk.night((LOST, "residual-risks"), days=2)
    desk.send()
    assert desk.took() == [(ANNA, "1 new gap"), (CARLA, "1 new gap")]
    desk.night(days=5)  # the next Monday, and nothing new
    desk.send()
    desk.send()
    assert desk.took() == [(BEN, "1 new gap"), (CARLA, "nothing changed, no gaps")]
    desk.night((WON, "residual-risks"), days=7)
    desk.send()
    assert desk.took() == [(ANNA, "1 resolved"), (BEN, "1 resolved"), (CARLA, "1 resolved")]


def test_a_week_begins_by_the_clock_of_the_zone() -> None:
    sunday = datetime(2026, 5, 17, 22, 30, tzinfo=UTC)
    assert week_of(sunday, ZoneInfo("UTC")) == "2026-W20"
    assert week_of(sunday, ZoneInfo("Europe/Berlin")) == "2026-W21"


def test_one_mail_a_person_and_run_tells_of_all_her_products(desk: Desk) -> None:
    with desk.app.store.transaction() as unit:
        unit.products.add(Product(id="q", connection="mine", name="InfuSet"), notify=ANNA)
    desk.choose(BEN, product="q")
    desk.night()
    desk.keep(product="q")
    desk.send()
    subjects = [str(mail["Subject"]) for mail in desk.mailbox.mails]
    assert [str(mail["To"]) for mail in desk.mailbox.mails] == [ANNA, BEN]
    assert subjects[0].count("no gaps") == 2
    assert subjects[1].count("no gaps") == 1


def test_a_mailbox_that_is_not_there_is_disabled_with_a_note_and_nobody_else_waits_for_it(desk: Desk) -> None:
    desk.choose(BEN)
    desk.mailbox.answers[f"RCPT {ANNA}"] = "550 5.1.1 No such person"
    desk.night()
    desk.send()
    assert desk.took() == [(BEN, "no gaps")]
    assert desk.recipient(ANNA).disabled_at == desk.clock()
    assert "550 5.1.1 No such person" in desk.recipient(ANNA).disabled_because
    desk.night((LOST, "residual-risks"))
    desk.send()
    assert desk.took() == [(BEN, "1 new gap")]
    with desk.app.store.transaction() as unit:
        unit.recipients.resume("p", ANNA)
    desk.mailbox.answers.clear()
    desk.night()
    desk.send()
    assert desk.took() == [(ANNA, "no gaps")]  # she was never told: her first mail


def test_a_refusal_of_one_mail_neither_repeats_it_nor_disables_the_address(desk: Desk) -> None:
    desk.mailbox.answers["DATA"] = "554 5.7.1 Looks like spam"
    desk.night()
    desk.send()
    desk.send()
    assert [(mail.state, "Looks like spam" in mail.said) for mail in desk.mails()] == [(MailState.REFUSED, True)]
    assert desk.recipient(ANNA).active


def test_a_mailbox_that_is_busy_is_tried_again_and_nobody_else_gets_a_mail_twice(desk: Desk) -> None:
    desk.choose(BEN)
    desk.mailbox.answers[f"RCPT {ANNA}"] = "450 4.2.0 Greylisted"
    desk.night()
    with pytest.raises(NotifyError, match="Greylisted") as caught:
        desk.send()
    assert caught.value.transient
    assert desk.took() == [(BEN, "no gaps")]
    assert [mail.said for mail in desk.mails(MailState.TO_SEND)] == [str(caught.value)]
    desk.mailbox.answers.clear()
    assert desk.app.sweep() == 1
    desk.send()
    assert desk.took() == [(ANNA, "no gaps")]
    desk.app.queue.forget("mine")
    assert desk.app.sweep() == 0


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Dying:
    """A channel in a process that is killed right after it handed a mail over."""

    channel: Any

    def send(self, message: Message) -> str:
        self.channel.send(message)
        raise Killed

    def forget(self, message_id: str) -> None:
        self.channel.forget(message_id)


def test_a_kill_between_sending_and_marking_sends_that_one_mail_once_more(desk: Desk) -> None:
    desk.choose(BEN)
    desk.night()
    with pytest.raises(Killed):
        replace(desk.app.summarize, notifier=Dying(desk.app.notifier))("mine")
    desk.send()
    desk.send()
    twice, again, once = desk.mailbox.mails
    assert [mail["To"] for mail in (twice, again, once)] == [ANNA, ANNA, BEN]
    assert twice["Message-ID"] == again["Message-ID"] != once["Message-ID"]
    assert len(list(desk.app.settings.outbox.glob("*.eml"))) == 2


def test_mails_about_one_product_and_release_stand_in_one_thread_for_each_reader(desk: Desk) -> None:
    desk.choose(BEN)
    desk.night()
    desk.send()
    desk.night((LOST, "residual-risks"))
    desk.send()
    threads = [(str(mail["To"]), str(mail["References"])) for mail in desk.mailbox.mails]
    assert threads[0] == threads[2]
    assert threads[1] == threads[3]
    assert threads[0][1] != threads[1][1]
    assert len({str(mail["Message-ID"]) for mail in desk.mailbox.mails}) == 4


def test_who_unsubscribes_between_planning_and_sending_gets_no_mail(desk: Desk) -> None:
    desk.mailbox.answers["DATA"] = "451 later"
    desk.night()
    with pytest.raises(NotifyError):
        desk.send()
    with desk.app.store.transaction() as unit:
        unit.recipients.unsubscribe("p", ANNA, now=desk.clock())
    desk.mailbox.answers.clear()
    desk.send()
    assert desk.took() == []


def said(mails: Sequence[Any]) -> list[str]:
    return [str(mail["Subject"]) for mail in mails]


def test_nights_that_fail_are_told_once_after_some_patience_and_once_that_they_work_again(desk: Desk) -> None:
    desk.night()
    desk.send()
    desk.took()
    failed = desk.app.handlers().gave_up
    job = a_failed_sync(desk)
    failed(job, "Google did not answer.")
    assert desk.app.sweep() == 0
    desk.clock.later(timedelta(hours=3))
    assert desk.app.sweep() == 1
    desk.send()
    failed(job, "Google did not answer.")
    desk.send()
    assert said(desk.mailbox.mails) == ["[Crosswalk] The Drive could not be looked through"]
    assert "Google did not answer." in text_of(desk.mailbox.mails[0])
    assert "That no mail comes does not mean that nothing has changed." in text_of(desk.mailbox.mails[0])
    with desk.app.store.transaction() as unit:
        unit.connections.works("mine", now=desk.clock())
    desk.send()
    desk.send()
    assert said(desk.mailbox.mails)[1:] == ["[Crosswalk] The Drive is looked through again"]
    assert desk.connection().outage is None


def an_outage_that_was_told(desk: Desk) -> None:
    desk.night()
    desk.send()
    desk.app.handlers().gave_up(a_failed_sync(desk), "Google did not answer.")
    desk.clock.later(timedelta(hours=3))
    desk.send()
    desk.took()
    with desk.app.store.transaction() as unit:
        unit.connections.works("mine", now=desk.clock())


AGAIN = "The Drive is looked through again"


def test_the_night_that_ends_an_outage_is_one_mail_with_what_changed_meanwhile(desk: Desk) -> None:
    an_outage_that_was_told(desk)
    desk.keep((LOST, "account-management"))
    desk.send()
    (mail,) = desk.mailbox.mails
    assert str(mail["Subject"]) == f"{PRODUCT}1 new gap – IEC 81001-5-1 §5.8.2"
    text = " ".join(text_of(mail).split())
    assert text.index(AGAIN) < text.index("What changed in the meantime stands below.") < text.index("NEW SINCE")
    assert "your next summary" not in text
    desk.took()
    desk.send()
    assert desk.took() == []
    assert desk.connection().outage is None


def test_who_has_no_summary_that_night_hears_of_the_end_by_itself(desk: Desk) -> None:
    desk.choose(BEN, Rhythm.WEEKLY)
    an_outage_that_was_told(desk)
    desk.keep((LOST, "account-management"))
    desk.send()
    assert desk.took() == [(ANNA, "1 new gap"), (BEN, f"[Crosswalk] {AGAIN}")]


def test_word_of_the_connection_is_not_lost_with_the_summary_that_a_later_one_overtakes(desk: Desk) -> None:
    an_outage_that_was_told(desk)
    desk.keep((LOST, "account-management"))
    desk.mailbox.answers["DATA"] = "451 later"
    with pytest.raises(NotifyError):
        desk.send()
    desk.mailbox.answers.clear()
    desk.night((LOST, "residual-risks"))
    desk.send()
    (mail,) = desk.mailbox.mails
    assert "2 new gaps" in str(mail["Subject"])
    assert AGAIN in text_of(mail)


def test_an_outage_and_a_weekly_summary_are_one_mail_that_says_the_worst_first(desk: Desk) -> None:
    desk.choose(ANNA, Rhythm.WEEKLY)
    desk.night()
    desk.send()
    desk.took()
    desk.clock.later(timedelta(days=6))
    desk.app.handlers().gave_up(a_failed_sync(desk), "Google did not answer.")
    desk.clock.later(timedelta(hours=3))
    desk.send()
    (mail,) = desk.mailbox.mails
    assert str(mail["Subject"]).startswith(f"[Crosswalk] The Drive could not be looked through; {PRODUCT}")
    desk.took()
    with desk.app.store.transaction() as unit:
        unit.connections.works("mine", now=desk.clock())
    desk.send()
    assert desk.took() == [(ANNA, f"[Crosswalk] {AGAIN}")]


def test_one_address_in_two_spellings_is_one_person_with_one_mail(desk: Desk) -> None:
    with desk.app.store.transaction() as unit:
        unit.products.add(Product(id="q", connection="mine", name="Ward"), notify=" Anna@Maker.Example")
    desk.keep()
    desk.keep(product="q")
    desk.send()
    assert [to for to, _ in desk.took()] == [ANNA]
    with desk.app.store.reading() as unit:
        assert unit.mails.last_told("ANNA@maker.example ", "q", CLAUSE) == unit.mails.last_told(ANNA, "q", CLAUSE)
        assert unit.mails.last_told(ANNA, "q", CLAUSE) is not None


def test_a_night_that_fails_and_is_made_up_for_at_once_is_no_mail(desk: Desk) -> None:
    desk.night()
    desk.send()
    desk.took()
    desk.app.handlers().gave_up(a_failed_sync(desk), "Google did not answer.")
    with desk.app.store.transaction() as unit:
        unit.connections.works("mine", now=desk.clock())
    desk.clock.later(timedelta(hours=9))
    desk.send()
    assert desk.took() == []


def test_who_never_got_the_mail_about_an_outage_gets_none_about_its_end(desk: Desk) -> None:
    desk.night()
    desk.send()
    desk.took()
    desk.app.handlers().gave_up(a_failed_sync(desk), "Google did not answer.")
    desk.clock.later(timedelta(hours=4))
    desk.mailbox.answers["DATA"] = "451 later"
    with pytest.raises(NotifyError):
        desk.send()
    with desk.app.store.transaction() as unit:
        unit.connections.works("mine", now=desk.clock())
    desk.mailbox.answers.clear()
    desk.send()
    assert desk.took() == []


def test_a_night_that_never_ends_is_told_as_well(desk: Desk) -> None:
    desk.night()
    desk.send()
    desk.took()
    desk.clock.later(timedelta(hours=37))
    desk.app.sweep()
    desk.clock.later(timedelta(hours=3))
    desk.send()
    assert [subject for _, subject in desk.took()] == ["[Crosswalk] The Drive could not be looked through"]


def test_a_review_by_hand_is_no_look_through_the_drive(desk: Desk) -> None:
    desk.night()
    desk.send()
    desk.took()
    desk.clock.later(timedelta(hours=36))
    desk.keep()
    desk.clock.later(timedelta(hours=1))
    desk.app.sweep()
    assert desk.connection().outage is not None


def test_nothing_goes_out_for_a_connection_that_is_ending(desk: Desk) -> None:
    desk.night()
    with desk.app.store.transaction() as unit:
        unit.connections.ending("mine")
    desk.send()
    assert desk.connection().state is ConnectionState.DISCONNECTED
    assert desk.took() == []


def a_failed_sync(desk: Desk) -> Any:
    """Queue a sync and return it, as the worker would when it gives up on it."""
    desk.app.queue.enqueue([sync_job("mine")])
    (job,) = desk.app.queue.list(limit=1)
    desk.app.queue.forget("mine")
    return job


def test_the_outbox_takes_the_same_news_to_the_same_person_once(desk: Desk) -> None:
    mail = Mail(id="one", connection="mine", kind=MailKind.LOST, address=ANNA, about="then", made_at=desk.clock())
    with desk.app.store.transaction() as unit:
        assert unit.mails.add(mail)
        assert not unit.mails.add(replace(mail, id="two"))
        assert unit.mails.add(replace(mail, id="three", address=BEN))
