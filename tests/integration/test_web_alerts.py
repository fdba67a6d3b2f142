"""The page *Alerts* and the way out of the mails: a real application, a real server on loopback."""

import re
import shutil
from collections.abc import Iterator

import httpx
import pytest

from scanner.app import App
from scanner.model.connection import product_id_of
from scanner.model.mail import Recipient, Rhythm
from scanner.notify.leaving import Leave
from scanner.web.alerts import MOST
from scanner.web.scope import place_of
from tests.report_builders import a_second_report
from tests.site_builders import NOW, an_app, browser, connect, cookies

HERE = f"{place_of(product_id_of('c-anna'))}/alerts"
ANNA, BEN = "anna@maker.example", "ben@maker.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}  # RFC 8058 §3.1


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with an_app(tmp_path_factory.mktemp("home"), base_url="https://crosswalk.example") as made:
        yield made


@pytest.fixture
def anna(app: App, site: str) -> Iterator[httpx.Client]:
    """Anna at her browser, with a product, one report and Ben as a second recipient."""
    shutil.rmtree(app.settings.outbox, ignore_errors=True)
    with app.store.transaction() as unit:
        for name in ("anna", "stranger"):
            unit.connections.purge(f"c-{name}")
    product = product_id_of(connect(app, "anna"))
    with app.store.transaction() as unit:
        unit.reports.add(product, a_second_report(), worth_telling=True)
        unit.recipients.choose(product, BEN, Rhythm.WEEKLY)
    with browser(site, secure(app, "anna")) as one:
        one.headers["origin"] = site
        yield one


def secure(app: App, name: str) -> dict[str, str]:
    """Sign a person in where pages are served over https."""
    return {f"__Host-{key}": value for key, value in cookies(app, name).items()}


def recipients(app: App) -> dict[str, Recipient]:
    with app.store.reading() as unit:
        return {one.address: one for one in unit.recipients.of_product(product_id_of("c-anna"))}


@pytest.mark.usefixtures("anna")
def test_an_address_is_the_same_however_it_is_spelled(app: App) -> None:
    product = product_id_of("c-anna")
    with app.store.transaction() as unit:
        unit.recipients.choose(product, "Ben@Maker.Example", Rhythm.BOTH)
        assert unit.recipients.get(product, "BEN@maker.example") == unit.recipients.get(product, BEN)
    assert {one: known.rhythm for one, known in recipients(app).items()} == {ANNA: Rhythm.ON_CHANGE, BEN: Rhythm.BOTH}
    with app.store.transaction() as unit:
        assert unit.recipients.unsubscribe(product, "BEN@MAKER.EXAMPLE", now=NOW)
        unit.recipients.disable(product, "Ben@maker.example", because="550 5.1.1 No such person", now=NOW)
    assert not recipients(app)[BEN].active
    with app.store.transaction() as unit:
        unit.recipients.resume(product, "BEN@maker.example")
    assert recipients(app)[BEN].active
    with app.store.transaction() as unit:
        unit.recipients.remove(product, "bEN@maker.example")
    assert set(recipients(app)) == {ANNA}


def test_at_the_most_addresses_one_in_another_spelling_is_still_changed(app: App, anna: httpx.Client) -> None:
    product = product_id_of("c-anna")
    with app.store.transaction() as unit:
        for number in range(MOST - 2):
            unit.recipients.choose(product, f"p{number}@maker.example", Rhythm.WEEKLY)
    anna.post(f"{HERE}/choose", data={"address": "BEN@maker.example", "rhythm": "both"})
    assert recipients(app)[BEN].rhythm is Rhythm.BOTH
    assert len(recipients(app)) == MOST


def link_in_the_mail_to(app: App, address: str) -> str:
    """Return the address that a mail to this person names, as a path on the site."""
    link = app.writing.leaving_link(Leave(address=address, products=(product_id_of("c-anna"),)))
    assert link.startswith("https://crosswalk.example/")
    return link.removeprefix("https://crosswalk.example")


def test_the_owner_sees_who_gets_what_and_the_mail_as_it_would_be_sent_now(anna: httpx.Client) -> None:
    page = anna.get(HERE).text
    assert ANNA in page
    assert BEN in page
    assert "[PulseView 4.3.0] 4 gaps, 1 undetermined – IEC 81001-5-1 §5.8.2" in page
    assert "No mail server is set" in page
    message = anna.get(f"{HERE}/message", params={"to": BEN})
    assert "No more of these mails" in message.text
    assert f"You get this mail because {ANNA} chose {BEN} for it." in message.text
    assert "sandbox" in message.headers["content-security-policy"]
    assert "script-src" not in message.headers["content-security-policy"]


def test_the_preview_is_the_mail_that_goes_out(app: App, anna: httpx.Client) -> None:
    shown = anna.get(f"{HERE}/message", params={"to": ANNA}).text.replace('<base target="_blank">', "")
    assert "Nothing is new since the last mail there" not in anna.get(HERE).text
    app.summarize("c-anna")
    assert "Nothing is new since the last mail there" in anna.get(HERE).text
    (sent,) = [file for file in app.settings.outbox.glob("*.html") if BEN not in file.read_text()]
    link = r"unsubscribe\?by=[\w-]+"  # sealed anew each time
    assert re.sub(link, "", shown).strip() == re.sub(link, "", sent.read_text()).strip()


def test_the_preview_of_a_weekly_mail_tells_of_all_that_is_open(app: App, anna: httpx.Client) -> None:
    app.summarize("c-anna")  # after the first mail, one on change tells of news only
    on_change = anna.get(f"{HERE}/message", params={"to": ANNA}).text
    anna.post(f"{HERE}/choose", data={"address": ANNA, "rhythm": "weekly"})
    weekly = anna.get(f"{HERE}/message", params={"to": ANNA}).text
    assert ("Still open" in on_change, "Still open" in weekly) == (False, True)
    anna.post(f"{HERE}/choose", data={"address": ANNA, "rhythm": "both"})
    assert "Still open" in anna.get(f"{HERE}/message", params={"to": ANNA}).text


def test_recipients_are_added_changed_and_removed_by_the_owner(app: App, anna: httpx.Client) -> None:
    assert anna.post(f"{HERE}/choose", data={"address": " carla@maker.example ", "rhythm": "both"}).status_code == 303
    anna.post(f"{HERE}/choose", data={"address": BEN, "rhythm": "on change"})
    anna.post(f"{HERE}/remove", data={"address": ANNA})
    assert {one: known.rhythm for one, known in recipients(app).items()} == {
        BEN: Rhythm.ON_CHANGE,
        "carla@maker.example": Rhythm.BOTH,
    }


@pytest.mark.parametrize(
    ("address", "rhythm"),
    [("nobody", "weekly"), ("a@b.example\r\nBcc: c@d.example", "weekly"), ("carla@maker.example", "hourly")],
)
def test_what_is_no_address_or_no_rhythm_is_refused(app: App, anna: httpx.Client, address: str, rhythm: str) -> None:
    answer = anna.post(f"{HERE}/choose", data={"address": address, "rhythm": rhythm})
    assert answer.status_code == 400
    assert set(recipients(app)) == {ANNA, BEN}


def test_mails_show_passages_only_where_the_owner_chose_it(anna: httpx.Client) -> None:
    quote = "Change the default administrator"
    assert quote not in anna.get(f"{HERE}/message").text
    anna.post(f"{HERE}/quotes", data={"shown": "yes"})
    assert quote in anna.get(f"{HERE}/message").text
    anna.post(f"{HERE}/quotes", data={"shown": "no"})
    assert quote not in anna.get(f"{HERE}/message").text


def test_another_site_cannot_change_who_gets_mail(app: App, anna: httpx.Client) -> None:
    for origin in ("https://evil.example", "null", ""):
        for place in ("choose", "remove", "resume", "quotes"):
            data = {"address": BEN, "rhythm": "both", "shown": "yes"}
            assert anna.post(f"{HERE}/{place}", data=data, headers={"origin": origin}).status_code == 403
    assert recipients(app)[BEN].rhythm is Rhythm.WEEKLY


@pytest.mark.usefixtures("anna")
def test_a_stranger_changes_nothing_of_anybody_else(app: App, site: str) -> None:
    connect(app, "stranger")
    with browser(site, secure(app, "stranger")) as stranger:
        stranger.headers["origin"] = site
        answers = [
            stranger.get(HERE),
            stranger.post(f"{HERE}/remove", data={"address": BEN}),
            stranger.post(f"{HERE}/choose", data={"address": BEN, "rhythm": "both"}),
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert BEN not in "".join(answer.text for answer in answers)
    with browser(site) as nobody:
        assert nobody.post(f"{HERE}/remove", data={"address": BEN}, headers={"origin": site}).status_code == 303
    assert recipients(app)[BEN].rhythm is Rhythm.WEEKLY


def test_one_click_ends_the_mails_without_a_sign_in_and_the_owner_sees_and_undoes_it(
    app: App, site: str, anna: httpx.Client
) -> None:
    link = link_in_the_mail_to(app, BEN)
    with browser(site) as provider:  # a mail provider's own program: no cookie, no origin, no redirect
        answers = [provider.post(link, data=ONE_CLICK).status_code for _ in range(2)]
    assert answers == [200, 200]
    assert recipients(app)[BEN].unsubscribed_at == NOW
    assert recipients(app)[ANNA].active
    assert "Unsubscribed on 15 May 2026." in anna.get(HERE).text
    app.summarize("c-anna")
    assert [file for file in app.settings.outbox.glob("*.eml") if BEN in file.read_text()] == []
    anna.post(f"{HERE}/resume", data={"address": BEN})
    assert recipients(app)[BEN].active


@pytest.mark.usefixtures("anna")
def test_following_the_link_only_asks(app: App, site: str) -> None:
    link = link_in_the_mail_to(app, BEN)
    with browser(site) as person:
        page = person.get(link).text
        assert "No more of these mails?" in page
        assert BEN in page
        assert recipients(app)[BEN].active
        action = re.search(r'action="([^"]+)"', page)
        assert action
        assert "Nothing goes to ben@maker.example any more." in person.post(action[1], data=ONE_CLICK).text
    assert not recipients(app)[BEN].active


@pytest.mark.usefixtures("anna")
def test_a_link_that_was_not_made_here_ends_nothing(app: App, site: str) -> None:
    sealed = link_in_the_mail_to(app, BEN).partition("by=")[2]
    other_use = app.connector.seal("web-session", f'["{BEN}"]'.encode())
    with browser(site) as anybody:
        for forged in ("", "x", sealed[:-2], sealed.swapcase(), other_use):
            assert anybody.get("/unsubscribe", params={"by": forged}).status_code == 404
            assert anybody.post("/unsubscribe", params={"by": forged}, data=ONE_CLICK).status_code == 404
    assert recipients(app)[BEN].active


def test_a_disabled_address_is_shown_with_its_note(app: App, anna: httpx.Client) -> None:
    with app.store.transaction() as unit:
        unit.recipients.disable(product_id_of("c-anna"), BEN, because="550 5.1.1 <No such person>", now=NOW)
    page = anna.get(HERE).text
    assert "No mail goes there since 15 May 2026: 550 5.1.1 &lt;No such person&gt;" in page
    anna.post(f"{HERE}/resume", data={"address": BEN})
    assert recipients(app)[BEN].active
