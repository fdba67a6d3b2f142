"""Several people at their browsers: signing in with and without a Drive, invitations by mail, and who is let out."""

import html
import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import httpx
import pytest

from scanner.app import App
from scanner.model.connection import product_id_of
from scanner.model.deed import Act
from scanner.model.job import JobKind
from scanner.settings import load
from scanner.store.taking import NOT_TAKEN, TABLES
from tests.consent_builders import Place, told
from tests.emulator_process import OWNER, running_emulator, write_seed
from tests.integration.test_email_smtp import Mailbox
from tests.pipeline_builders import Clock, migrated
from tests.report_builders import a_second_report
from tests.site_builders import served

BEN = {"email": "ben@maker.example", "name": "Ben", "sub": "200000000000000000002"}
CARLA = {"email": "carla@maker.example", "name": "Carla", "sub": "300000000000000000003"}
KNOBS = {"person": "", "email_verified": True, "grant_scopes": None}


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    items = [{"id": "guide", "name": "Security Guide.txt", "text": "Change the default password."}]
    with running_emulator(write_seed(tmp_path_factory.mktemp("google"), items=items)) as root:
        for user in (BEN, CARLA):
            httpx.post(f"{root}/_emulator/people", json={"user": user, "drives": [], "items": []}).raise_for_status()
        yield root


@pytest.fixture(scope="module")
def installed(google: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, str]]:
    """One Crosswalk for all tests of this module, served at the address that its settings name."""
    home, clock = tmp_path_factory.mktemp("home"), Clock(datetime.now(UTC))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = load(home=migrated(home / "home"), base_url=address, readers=1, sign_in_per_minute=10_000)
        app = App(settings, google=told(google), now=clock)
        with served(app, listener) as site:
            yield Place(app, google, Mailbox(), clock, home), site
        app.close()


@pytest.fixture
def place(installed: tuple[Place, str]) -> Iterator[Place]:
    made, _ = installed
    yield made
    made.knob(**KNOBS)
    with made.app.store.reading() as unit:
        known = [one.id for one in unit.connections.all()]
    for one in known:
        made.app.disconnect(one)


@pytest.fixture
def site(installed: tuple[Place, str]) -> str:
    return installed[1]


@contextmanager
def browser(
    place: Place, site: str, person: dict[str, str] | None = None, *, drive: bool = False
) -> Iterator[httpx.Client]:
    """Give a browser to a person who signs in, or connects; to nobody where none is named."""
    headers = {"sec-fetch-site": "same-origin"}
    with httpx.Client(base_url=site, follow_redirects=True, timeout=20, trust_env=False, headers=headers) as made:
        if person:
            place.knob(person="" if person is OWNER else person["email"])
            assert made.get("/connections/connect" if drive else "/connections/sign-in").status_code == 200
        yield made


def product(place: Place) -> str:
    (connection,) = place.app.readable_connections()
    return f"/products/{product_id_of(connection)}"


def invite(place: Place, owner: httpx.Client, person: dict[str, str], role: str = "member") -> str:
    """Let the owner invite somebody, and return the link in the mail that goes out."""
    answer = owner.post(f"{product(place)}/settings/people", data={"address": person["email"], "role": role})
    assert answer.status_code == 200, answer.text
    before = set(place.app.settings.outbox.glob("*.eml"))
    place.work(JobKind.SUMMARIZE)
    (mail,) = set(place.app.settings.outbox.glob("*.eml")) - before
    parsed = BytesParser(policy=policy.default).parsebytes(mail.read_bytes())
    assert isinstance(parsed, EmailMessage)
    assert parsed["To"] == person["email"]
    text, rich = (part.get_content() for kind in ("plain", "html") if (part := parsed.get_body((kind,))))
    link = re.search(r"Open the invitation: (\S+)", text)
    assert link
    assert link[1] in html.unescape(rich)
    return link[1]


def test_signing_in_asks_google_for_nothing_but_who_she_is(place: Place, site: str) -> None:
    """PKCE, state and nonce as for a consent; no lasting access, no Drive, nothing in the vault."""
    with browser(place, site) as ben:
        asked = httpx.URL(ben.get("/connections/sign-in", follow_redirects=False).headers["location"]).params
        assert asked["scope"] == "openid email"
        assert (asked["access_type"], asked["prompt"]) == ("online", "select_account")
        assert (asked["code_challenge_method"], bool(asked["state"]), bool(asked["nonce"])) == ("S256", True, True)
    with browser(place, site, BEN) as ben:
        assert "Nothing is shared with you yet" in ben.get("/").text
        assert BEN["email"] in ben.get("/").text
    assert place.app.readable_connections() == ()
    assert place.app.store.tokens.ids() == ()


def test_nobody_signs_in_and_is_where_she_wanted_to_go(place: Place, site: str) -> None:
    with browser(place, site, OWNER, drive=True):
        pass
    with browser(place, site) as again:
        page = again.get(f"{product(place)}/alerts?to=x")
        assert "Sign in to go on" in page.text
        button = re.search(r'href="(/connections/sign-in\?to=[^"]+)"', page.text)
        assert button
        place.knob(person="")
        there = again.get(html.unescape(button[1]))
        assert (there.status_code, str(there.url)) == (200, f"{site}{product(place)}/alerts?to=x")


def test_an_address_that_google_does_not_vouch_for_signs_nobody_in(place: Place, site: str) -> None:
    place.knob(email_verified=False)
    with browser(place, site) as ben:
        for way in ("sign-in", "connect"):
            page = ben.get(f"/connections/{way}")
            assert page.status_code == 400
            assert "Google has not verified your address" in page.text
        assert ben.cookies.get("crosswalk") is None
    assert place.app.store.tokens.ids() == ()


def test_connecting_with_another_account_than_the_signed_in_one_is_told_and_keeps_nothing(
    place: Place, site: str
) -> None:
    with browser(place, site, BEN) as ben:
        place.knob(person=CARLA["email"])
        page = ben.get("/connections/connect")
        assert page.status_code == 400
        assert "You chose another account" in page.text
        assert BEN["email"] in ben.get("/products").text
    assert place.app.readable_connections() == ()
    assert place.app.store.tokens.ids() == ()


def test_an_invitation_goes_by_mail_and_lets_in_whom_it_names_once(place: Place, site: str) -> None:
    with browser(place, site, OWNER, drive=True) as owner:
        link = invite(place, owner, BEN)
        with browser(place, site, CARLA) as carla:
            wrong = carla.get(link)
            assert wrong.status_code == 403
            assert "It went to b•••@maker.example, and you are signed in as c•••@maker.example." in wrong.text
            assert carla.post(link).status_code == 403
            assert carla.get(product(place)).status_code == 404
        with browser(place, site) as ben:
            place.knob(person=BEN["email"])
            asked = ben.get(link)
            assert "Sign in to go on" in asked.text
            button = re.search(r'href="(/connections/sign-in\?to=[^"]+)"', asked.text)
            assert button
            page = ben.get(html.unescape(button[1]))
            assert f"{OWNER['email']} shares her product with you" in page.text
            assert ben.get(product(place)).status_code == 404  # looking at it accepts nothing
            action = re.search(r'action="(/invitations[^"]+)"', page.text)
            assert action
            there = ben.post(html.unescape(action[1]))
            assert (there.status_code, str(there.url)) == (200, f"{site}{product(place)}")
            assert str(ben.get(link).url) == f"{site}{product(place)}"  # opened again it only leads there
            assert ben.get(f"{product(place)}/settings").status_code == 403
            assert "connected the Drive" in ben.get(f"{product(place)}/activity").text
        settled = owner.get(f"{product(place)}/settings").text
        assert f'{BEN["email"]} <span class="quiet">since' in settled
    with place.app.store.reading() as unit:
        deeds = unit.deeds.of_product(place.app.readable_connections()[0], product(place).rpartition("/")[2])
    assert [(one.by, one.act, one.about) for one in deeds][:2] == [
        (BEN["email"], Act.ACCEPTED, "ben@maker.example (member)"),
        (OWNER["email"], Act.INVITED, "ben@maker.example (member)"),
    ]


def test_an_invitation_ends_after_seven_days_by_a_newer_one_and_when_it_is_taken_back(place: Place, site: str) -> None:
    with browser(place, site, OWNER, drive=True) as owner, browser(place, site, BEN) as ben:
        old = invite(place, owner, BEN)
        place.clock.later(timedelta(minutes=1))
        new = invite(place, owner, BEN, role="viewer")
        assert "a newer one took its place" in ben.get(old).text
        assert ben.post(old).status_code == 410
        assert "as a viewer" in ben.get(new).text
        place.clock.later(timedelta(days=7, seconds=1))
    with browser(place, site, OWNER, drive=True) as owner, browser(place, site, BEN) as ben:
        late = ben.get(new)
        assert (late.status_code, "It is older than 7 days" in late.text) == (410, True)
        assert ben.post(new).status_code == 410
        newest = invite(place, owner, BEN)
        (member,) = members(place)
        owner.post(f"{product(place)}/settings/people/{member}/remove")
        assert "It was taken back" in ben.get(newest).text
        assert ben.get(f"{newest[:-3]}xxx").status_code == 404
        assert ben.get(product(place)).status_code == 404


def members(place: Place) -> list[str]:
    with place.app.store.reading() as unit:
        return [one.id for one in unit.people.of_product(product(place).rpartition("/")[2])]


def test_the_owner_changes_roles_and_removes_but_never_herself(place: Place, site: str) -> None:
    with browser(place, site, OWNER, drive=True) as owner, browser(place, site, BEN) as ben:
        ben.post(invite(place, owner, BEN, role="viewer"))
        people, (member,) = f"{product(place)}/settings/people", members(place)
        assert ben.post(f"{product(place)}/sync").status_code == 403
        owner.post(f"{people}/{member}/role", data={"role": "member"})
        assert ben.post(f"{product(place)}/sync").status_code == 200
        assert owner.post(f"{people}/{member}/role", data={"role": "owner"}).status_code == 400
        for address, role in (
            (OWNER["email"], "member"),
            (BEN["email"], "viewer"),
            ("no address", "viewer"),
            (CARLA["email"], "owner"),
        ):
            assert owner.post(people, data={"address": address, "role": role}).status_code == 400
        assert ben.post(people, data={"address": CARLA["email"], "role": "member"}).status_code == 403
        assert ben.post(f"{people}/{member}/role", data={"role": "member"}).status_code == 403
        owner.post(f"{people}/{member}/remove")
        assert ben.get(product(place)).status_code == 404
        assert owner.get(product(place)).status_code == 200
    assert members(place) == []


def test_disconnecting_deletes_all_and_ends_what_everybody_saw(place: Place, site: str) -> None:
    """Her other browser is signed out; the member is a stranger; Google was told."""
    with browser(place, site, OWNER, drive=True) as owner, browser(place, site, BEN) as ben:
        ben.post(invite(place, owner, BEN))
        place.work(JobKind.SYNC)
        with browser(place, site, OWNER) as elsewhere:
            place.knob(person=BEN["email"])
            where = f"{product(place)}/settings/disconnect"
            there = product(place)
            assert ben.post(where, data={"address": OWNER["email"]}).status_code == 403
            assert owner.post(where, data={"address": BEN["email"]}).status_code == 400
            assert len(place.app.readable_connections()) == 1
            page = owner.post(where, data={"address": f" {OWNER['email'].upper()} "})
            assert "Google has withdrawn the consent; all is purged here." in page.text
            assert "Deleted: 1 file name, 1 candidate, 1 mail." in page.text
            for browsers in (owner, elsewhere):
                assert "Connect Google Drive" in browsers.get("/").text
        assert ben.get(there).status_code == 404
    with place.app.store.reading() as unit:
        assert unit.connections.all() == ()
    assert place.app.store.tokens.ids() == ()


def test_all_data_can_be_taken_along_by_the_owner_and_holds_no_secret(place: Place, site: str) -> None:
    with browser(place, site, OWNER, drive=True) as owner, browser(place, site, BEN) as ben:
        ben.post(invite(place, owner, BEN))
        place.work(JobKind.SYNC)
        with place.app.store.transaction() as unit:
            unit.reports.add(product(place).rpartition("/")[2], a_second_report(), worth_telling=True)
        secret = owner.post(f"{product(place)}/releases/hooks", data={"kind": "webhook"}).text
        key = re.search(r"Secret: <code>([^<]+)", secret)
        assert key
        assert ben.post(f"{product(place)}/settings/data").status_code == 403
        answer = owner.post(f"{product(place)}/settings/data")
    assert answer.headers["content-disposition"].startswith('attachment; filename="crosswalk-')
    *lines, end = [json.loads(line) for line in answer.text.splitlines()]
    assert end == {"end": True, "rows": len(lines)}
    kinds = {line["table"] for line in lines}
    assert {
        "connection",
        "product",
        "source_file",
        "candidate",
        "drift",
        "report",
        "recipient",
        "hook",
        "member",
        "deed",
    } <= kinds
    assert kinds <= {taken.table for taken in TABLES}
    assert next(line for line in lines if line["table"] == "source_file")["name"] == "Security Guide.txt"
    assert not any(name in line for line in lines for name in ("sealed", "digest", "cursor"))
    (connection,) = place.app.readable_connections()
    grant = place.app.connector._vault.get(connection)
    assert grant is not None
    for hidden in (key[1], grant.refresh_token):
        assert hidden not in answer.text
    assert [line["act"] for line in lines if line["table"] == "deed"][-1] == Act.DOWNLOADED


def test_every_table_is_taken_along_or_left_out_for_a_reason() -> None:
    from sqlmodel import SQLModel

    ours = {name for name in SQLModel.metadata.tables if not name.startswith("procrastinate")}
    assert ours == {taken.table for taken in TABLES} | NOT_TAKEN
