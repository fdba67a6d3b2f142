"""The example: anybody may walk through an invented company's report, and nothing there is anybody's."""

import re
import sqlite3
from contextlib import closing

import httpx
import pytest

from scanner.app import App
from scanner.checks.judge import VERSION
from scanner.web.example import pack_of_example, shipped
from scanner.web.example_pages import PLACE, TOUR
from tests.site_builders import browser, connect, cookies, place

BANNER = "Example data: Tessbrook Medical is invented, nothing here is yours."
PAGES = (
    *(PLACE, f"{PLACE}/documents", f"{PLACE}/releases", f"{PLACE}/alerts", f"{PLACE}/activity"),
    *(f"{PLACE}/constraints/{one.id}" for one in pack_of_example().constraints),
)
LINKS = re.compile(r'<a [^>]*?href="([^"]*)"')
ACTS = re.compile(r"<(?:form|button|input|select|textarea|script)\b")


@pytest.fixture(scope="module", autouse=True)
def anna(app: App) -> None:
    connect(app, "anna")


@pytest.fixture(scope="module")
def seen(site: str) -> dict[str, str]:
    """Every page of the example, as nobody sees it."""
    with browser(site) as nobody:
        return {path: taken(nobody, path) for path in PAGES}


def taken(client: httpx.Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.text


def test_each_page_says_that_its_data_are_invented_and_offers_nothing_to_do(seen: dict[str, str]) -> None:
    for path, text in seen.items():
        assert BANNER in text, path
        assert ACTS.findall(text) == [], path
        assert [stop.sentence for stop in TOUR if stop.sentence not in text] == [], path


def test_every_link_of_it_leads_to_a_page_that_is_there(seen: dict[str, str], site: str) -> None:
    """Its documents are nowhere to be opened, so none of them is a link."""
    led = {link for text in seen.values() for link in LINKS.findall(text)}
    assert {link.partition("#")[0] for link in led if link.startswith(PLACE)} == set(PAGES)
    assert {link for link in led if not link.startswith("/")} == {"#main"}
    with browser(site) as nobody:
        assert [link for link in led - {"#main"} if nobody.get(link).status_code != 200] == []
    for stop in TOUR:
        path, _, part = stop.link.partition("#")
        assert f'id="{part}"' in seen[path] or not part


def test_it_shows_the_proofs_and_the_drift_of_the_demo(seen: dict[str, str]) -> None:
    assert "The following risks remain in PulseView 4.2.0." in seen[PLACE]
    assert "After five attempts, for 15 minutes." in seen[f"{PLACE}/constraints/account-management"]
    assert "PV-ADM-003 Administrator Manual, chapters 2 and 5" in seen[f"{PLACE}/constraints/annex-e-coverage"]
    assert "34 candidates, 4 could not be checked" in seen[f"{PLACE}/documents"]
    assert "Release Notes PulseView 4.3.0" in seen[f"{PLACE}/releases"]
    assert "[PulseView 4.3.0] 5 new gaps, 1 resolved" in seen[f"{PLACE}/alerts"]
    assert "confirmed release 4.2.0" in seen[f"{PLACE}/activity"]


def test_its_mail_is_whole_and_leads_nowhere(site: str) -> None:
    with browser(site) as nobody:
        mail = taken(nobody, f"{PLACE}/alerts/message")
    assert "The following risks remain in PulseView 4.2.0." in mail
    assert "href=" not in mail


def test_the_walk_leads_from_stop_to_stop_and_ends_at_the_start(seen: dict[str, str]) -> None:
    walked = [TOUR[0].link]
    while following := re.search(r'<a href="([^"]*)" rel="next"', seen[walked[-1]]):
        walked.append(following[1])
    assert walked == [stop.link for stop in TOUR]
    assert "go to the start and connect your own Drive" in seen[walked[-1]]


def test_whoever_is_signed_in_sees_what_nobody_sees_and_nothing_is_written(
    app: App, site: str, seen: dict[str, str]
) -> None:
    with browser(site, cookies(app, "anna")) as anna:
        before = rows(app)
        assert {path: taken(anna, path) for path in PAGES} == seen
        assert anna.get(f"{PLACE}/constraints/unknown").status_code == 404
        assert anna.post(PLACE, headers={"origin": site}).status_code == 405
    assert rows(app) == before


def rows(app: App) -> list[str]:
    """All that the database holds."""
    with closing(sqlite3.connect(app.settings.home / "crosswalk.db")) as database:
        held = list(database.iterdump())
    assert any("subject-anna" in line for line in held)
    return held


def test_who_has_no_result_yet_is_led_to_it(app: App, site: str) -> None:
    with browser(site) as nobody, browser(site, cookies(app, "anna")) as anna:
        assert f'href="{PLACE}"' in nobody.get("/").text
        assert f'href="{PLACE}"' in anna.get(place("anna")).text


def test_it_was_made_by_the_pack_and_the_judge_of_today() -> None:
    """Where this fails, make it anew: `python -m tests.example`."""
    assert (shipped().report.pack_digest, shipped().report.judge) == (pack_of_example().digest, VERSION)
