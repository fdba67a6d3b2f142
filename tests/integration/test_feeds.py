"""A product's feed through its nights: what is found, asked about, taken and mailed; and what becomes of failures."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scanner.app import App
from scanner.cli.main import app as commands
from scanner.feeds.base import AddressRefused
from scanner.feeds.fetch import Fetch
from scanner.feeds.pace import Pace
from scanner.gaps.release import waiting
from scanner.model.connection import product_id_of
from scanner.model.deed import Act
from scanner.model.feed import Feed
from scanner.model.job import JobKind, Priority
from scanner.model.person import Person
from scanner.model.release import Release, ReleaseOrigin, ReleaseState
from scanner.settings import load
from tests.builders import a_feed
from tests.consent_builders import text_of
from tests.feed_server import ATOM, GIT, Answered, FeedServer, a_feed_server, advertised, atom
from tests.integration.test_email_smtp import Mailbox, a_server
from tests.pipeline_builders import Bench, Clock, a_rested_bench, migrated
from tests.site_builders import browser, served, signed_in

PRODUCT = product_id_of("mine")
OLD = tuple((f"v2.{minor}.0", "2025-11-03") for minor in range(30, -1, -1))
NAMED = {"feed_hosts": "127.0.0.1"}


@pytest.fixture(scope="module")
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    with a_server(box) as port:
        yield box, port


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with a_feed_server() as made:
        yield made


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mailbox: tuple[Mailbox, int]) -> Iterator[Bench]:
    """A product after a whole night, whose operator names the server of tags."""
    settings = {**NAMED, "smtp_host": "127.0.0.1", "smtp_port": str(mailbox[1]), "smtp_security": "none"}
    for name, value in settings.items():
        monkeypatch.setenv(f"CROSSWALK_{name.upper()}", value)
    with a_rested_bench(tmp_path / "home") as made:
        at_once(made.app)
        with made.app.store.transaction() as unit:
            unit.products.name(PRODUCT, "Monitor")
        made.work()
        mailbox[0].mails.clear()
        yield made


@dataclass
class Place:
    """A product that nothing was read of: looks at its feed are asked for one by one."""

    app: App
    clock: Clock

    def set(self, address: str) -> Feed:
        return self.app.feeds.set(PRODUCT, address)

    def look(self, *, later: timedelta = timedelta(days=1)) -> None:
        self.clock.later(later)
        self.app.feeds.look("mine", priority=Priority.NIGHT)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    clock = Clock()
    app = App(load(home=migrated(tmp_path_factory.mktemp("home")), **NAMED), now=clock)
    at_once(app)
    yield Place(app, clock)
    app.close()


@pytest.fixture
def place(house: Place) -> Place:
    house.clock.now = Clock().now
    house.app.queue.forget("mine")
    with house.app.store.transaction() as unit:
        unit.connections.purge("mine")
    house.app.connected(connection_id="mine", subject="s", email="owner@example.org")
    with house.app.store.transaction() as unit:
        unit.products.name(PRODUCT, "Monitor")
    return house


def at_once(app: App) -> None:
    """Let the one server be asked without a second in between."""
    app.feeds = replace(app.feeds, fetch=Fetch(named={"127.0.0.1"}, now=app.now, pace=Pace(apart=0)))


def give(server: FeedServer, *tags: tuple[str, str], etag: str = "") -> str:
    """Let the server list these tags, and return where."""
    headers = {"Content-Type": ATOM, **({"ETag": etag} if etag else {})}
    server.answers["/maker/monitor/tags.atom"] = Answered(atom(*tags), headers=headers)
    return f"{server.root}/maker/monitor/tags.atom"


def feed(app: App) -> Feed:
    with app.store.reading() as unit:
        found = unit.feeds.get(PRODUCT)
    assert found is not None
    return found


def releases(app: App) -> dict[str, Release]:
    with app.store.reading() as unit:
        return {one.version: one for one in unit.products.releases(PRODUCT)}


def states(app: App) -> dict[str, ReleaseState]:
    return {version: one.state for version, one in releases(app).items()}


def asked_about(app: App) -> list[str]:
    return [one.version for one in waiting(tuple(releases(app).values()))]


def mails(mailbox: tuple[Mailbox, int]) -> list[EmailMessage]:
    found = list(mailbox[0].mails)
    mailbox[0].mails.clear()
    return found


def test_a_tag_is_found_asked_about_confirmed_and_the_next_one_is_mailed(
    bench: Bench, server: FeedServer, mailbox: tuple[Mailbox, int]
) -> None:
    app, address = bench.app, give(server, ("v2.1.0", "2026-01-12"), *OLD[-2:])
    app.feeds.set(PRODUCT, address)
    bench.work()
    found, source = releases(app), "tag feed: 127.0.0.1/maker/monitor"
    assert list(found) == ["2.1.0"]
    assert found["2.1.0"].line == f"2.1.0 of 12 January 2026 ({source})"
    assert bench.report().release is None
    assert [one.version for one in bench.report().waiting] == ["2.1.0"]
    assert app.releases.confirm(PRODUCT, "2.1.0")
    bench.work()
    assert bench.report().release is not None
    mails(mailbox)
    new = ("v2.2.0-rc1", "2026-03-01"), ("sdk-v9.0.0", "2026-03-01"), ("v2.2.0", "2026-03-02")
    give(server, *new, ("v2.1.0", "2026-01-12"))
    bench.night()
    assert states(app) == {"2.1.0": ReleaseState.CONFIRMED, "2.2.0": ReleaseState.CONFIRMED}
    (mail,) = mails(mailbox)
    assert str(mail["Subject"]).startswith("[Monitor 2.2.0] ")
    assert f"2.2.0 of 2 March 2026 ({source})" in words_of(mail)
    with app.store.reading() as unit:
        deeds = [(one.by, one.act, one.about) for one in unit.deeds.of_product("mine", PRODUCT)]
    assert (source, Act.RELEASE_TOLD, "2.2.0") in deeds
    assert ("the command line", Act.FEED_SET, address) in deeds
    assert len(server.asked) == 2


def test_nights_that_cannot_look_are_told_once_and_once_more_when_it_happens_again(
    bench: Bench, server: FeedServer, mailbox: tuple[Mailbox, int]
) -> None:
    app, address = bench.app, give(server)
    server.answers["/maker/monitor/tags.atom"] = Answered(b"<html>Moved</html>", headers={"Content-Type": "text/html"})
    app.feeds.set(PRODUCT, address)
    bench.work()
    because = "it answers with text/html, and not with a feed of tags or releases"
    assert feed(app).because == because
    assert bench.connection().outage is None  # the night itself has come to its end
    assert mails(mailbox) == []
    bench.night()
    (mail,) = mails(mailbox)
    assert mail["Subject"] == "[Crosswalk] New releases could not be looked for"
    assert f"We could not look for new releases, because {because}." in words_of(mail)
    assert f"The feed is {address}. It was never read." in words_of(mail)
    bench.night()
    assert mails(mailbox) == []
    give(server, ("v2.1.0", "2026-01-12"))
    bench.night()
    assert (feed(app).because, feed(app).failing_since, mails(mailbox)) == ("", None, [])
    server.answers.clear()
    bench.night()
    bench.night()
    (mail,) = mails(mailbox)
    assert "because nothing is there (404)" in words_of(mail)
    assert "It was last read on 5 March 2026, 02:15 UTC." in words_of(mail)


def words_of(mail: EmailMessage) -> str:
    """Return what a mail says, whatever its lines are."""
    return " ".join(text_of(mail).split())


def test_the_first_look_asks_about_the_newest_version_only_and_later_ones_about_what_is_new(
    place: Place, server: FeedServer
) -> None:
    place.set(give(server, *OLD))
    place.look()
    assert states(place.app) == {"2.30.0": ReleaseState.WAITING}
    give(server, ("v2.30.1", "2026-03-01"), ("v2.4.7", "2026-03-01"), *OLD)
    place.look()
    assert set(states(place.app)) == {"2.30.0", "2.30.1", "2.4.7"}  # a maintenance branch is a release as well
    assert asked_about(place.app) == ["2.30.1"]
    give(server)
    place.look()
    give(server, *OLD)
    place.look()
    assert len(states(place.app)) == 3  # what is back after an answer without tags is not new


def test_tags_of_a_git_server_are_of_the_day_on_which_they_turn_up(place: Place, server: FeedServer) -> None:
    path = "/monitor.git/info/refs?service=git-upload-pack"
    server.answers[path] = Answered(advertised("refs/heads/main", "refs/tags/v2.1.0"), headers={"Content-Type": GIT})
    place.set(f"{server.root}/monitor.git")
    place.look()
    assert releases(place.app)["2.1.0"].released_on is None
    place.app.releases.confirm(PRODUCT, "2.1.0")
    both = advertised("refs/heads/main", "refs/tags/v2.1.0", "refs/tags/v2.2.0", "refs/tags/v2.2.0^{}")
    server.answers[path] = Answered(both, headers={"Content-Type": GIT})
    place.look()
    new = releases(place.app)["2.2.0"]
    assert (new.released_on, new.origin) == (place.clock().date(), ReleaseOrigin.FEED)
    assert states(place.app) == {"2.1.0": ReleaseState.CONFIRMED, "2.2.0": ReleaseState.CONFIRMED}


def test_no_means_no_for_that_version_and_another_address_is_another_source(place: Place, server: FeedServer) -> None:
    known = place.set(give(server, ("v2.1.0", "2026-01-12")))
    place.look()
    place.app.releases.confirm(PRODUCT, "2.1.0")
    assert place.set(known.address) == feed(place.app)
    server.answers["/fork/monitor/tags.atom"] = Answered(atom(("v2.9.0", "2026-01-13")))
    place.set(f"{server.root}/fork/monitor/tags.atom")
    place.look()
    assert states(place.app) == {"2.1.0": ReleaseState.CONFIRMED, "2.9.0": ReleaseState.WAITING}
    place.app.releases.refuse(PRODUCT, "2.9.0")
    place.set(known.address)
    place.set(f"{server.root}/fork/monitor/tags.atom")
    place.look()
    assert states(place.app)["2.9.0"] is ReleaseState.REFUSED


def test_it_is_asked_once_a_night_and_told_what_it_said_last(place: Place, server: FeedServer) -> None:
    address = give(server, ("v2.1.0", "2026-01-12"), etag='"1"')
    place.set(address)
    place.look()
    place.look(later=timedelta(0))
    place.app.feeds.look("mine", priority=Priority.PERSON)
    assert len(server.asked) == 1
    server.answers["/maker/monitor/tags.atom"] = Answered(status=304)
    place.look()
    assert [headers.get("if-none-match") for _, headers in server.asked] == [None, '"1"']
    known, now = feed(place.app), place.clock()
    assert (known.because, known.looked_at, known.answered_at) == ("", now, now)
    place.look(later=timedelta(minutes=6))
    assert len(server.asked) == 2
    place.app.feeds.look("mine", priority=Priority.PERSON)
    assert len(server.asked) == 3


def test_a_server_that_wants_to_be_left_alone_is(place: Place, server: FeedServer) -> None:
    place.set(give(server))
    server.answers["/maker/monitor/tags.atom"] = Answered(status=429, headers={"Retry-After": "172800"})
    place.look()
    assert feed(place.app).wait_until == place.clock() + timedelta(days=2)
    give(server, ("v2.1.0", "2026-01-12"))
    place.look()
    assert len(server.asked) == 1
    place.look()
    assert (len(server.asked), feed(place.app).because, feed(place.app).wait_until) == (2, "", None)


def test_an_address_that_may_not_be_asked_is_refused_and_nothing_is_kept(place: Place) -> None:
    for written in ("https://10.0.0.7/feed.xml", "http://github.com/maker/monitor", "soon"):
        with pytest.raises(AddressRefused):
            place.set(written)
    with pytest.raises(KeyError):
        place.app.feeds.set("unknown", "https://github.com/maker/monitor")
    assert not place.app.feeds.remove(PRODUCT)
    assert not place.app.feeds.remove("unknown")


def test_a_host_that_the_operator_names_no_more_is_not_asked(place: Place, server: FeedServer) -> None:
    address = give(server).replace("127.0.0.1", "localhost")
    with place.app.store.transaction() as unit:
        unit.feeds.set(a_feed(product=PRODUCT, address=address))
    place.look()
    assert feed(place.app).because.startswith("nothing is asked where it leads to: only https is spoken")
    assert server.asked == []


def test_a_feed_that_was_removed_while_it_was_asked_tells_of_nothing(place: Place, server: FeedServer) -> None:
    def removed(_: object) -> Answered:
        place.app.feeds.remove(PRODUCT)
        return Answered(atom(("v2.1.0", "2026-01-12")))

    place.set(give(server))
    server.answers["/maker/monitor/tags.atom"] = removed
    place.look()
    assert len(server.asked) == 1
    assert states(place.app) == {}


def test_a_person_types_it(place: Place, server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSWALK_HOME", str(place.app.settings.home))
    monkeypatch.setenv("CROSSWALK_FEED_HOSTS", "127.0.0.1")

    def typed(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(commands, ["release", "feed", *words])
        return done.exit_code, " ".join(done.output.split())

    assert typed("show") == (0, "The product has no feed; `crosswalk release feed set` gives it one.")
    assert typed("look") == (1, "the product has no feed.")
    assert typed("remove") == (1, "The product has no feed.")
    assert typed("set", "http://10.0.0.7/x") == (2, "only https is spoken: give an address that begins with https://.")
    assert typed("set", give(server, ("v2.1.0", "2026-01-12")))[0] == 0
    assert '"last_look": "none yet"' in typed("show", "--format", "json")[1]
    assert typed("look")[0] == 0
    assert asked_about(place.app) == ["2.1.0"]
    server.answers.clear()
    code, said = typed("look")
    assert code == 1
    assert said.endswith("could not look for new releases, because nothing is there (404).")
    assert typed("remove") == (0, "The feed is read no more.")


def test_the_owner_sets_sees_and_removes_it_on_the_page(place: Place) -> None:
    app, here = place.app, f"/products/{PRODUCT}/releases"
    owner = signed_in(app, Person(subject="s", email="owner@example.org"), now=place.clock())
    with served(app) as site, browser(site, owner) as anna:
        anna.headers["origin"] = site
        refused = anna.post(f"{here}/feed", data={"address": "https://192.168.0.7/<b>"})
        assert refused.status_code == 400
        assert "the address lies in a private network" in refused.text
        assert anna.post(f"{here}/feed", data={"address": "https://github.com/maker/pulseview"}).status_code == 303
        page = anna.get(here).text
        assert "<code>https://github.com/maker/pulseview/tags.atom</code>" in page
        assert "It is read with the next look through the Drive." in page
        now, wait = place.clock(), place.clock() + timedelta(hours=5)
        with app.store.transaction() as unit:
            unit.feeds.failed(feed(app), "it answers <b>500</b>", wait_until=wait, now=now)
        page = anna.get(here).text
        assert (
            "Could not look for new releases, because it answers &lt;b&gt;500&lt;/b&gt;. It has been so since" in page
        )
        assert "and not before 1 March 2026, 07:15 UTC, as the server asked" in page
        assert "Last look: 1 March 2026, 02:15 UTC; last read: never." in page
        assert anna.post(f"{here}/feed/remove").status_code == 303
        assert "github.com/maker/pulseview/tags.atom" not in anna.get(here).text
        assert "set the feed of releases:" in anna.get(f"/products/{PRODUCT}/activity").text
    (job,) = app.queue.list(connection="mine")
    assert job.kind is JobKind.SYNC
