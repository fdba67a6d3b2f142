"""Every page, as people see it: for everybody (axe), at a desk and on a phone, in light and in dark, by keyboard."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest

from scanner.app import App
from tests.acceptance.browser.conftest import House
from tests.browser import PHONE, WIDE, axe_finds, seen, sticks_out
from tests.integration.test_web_routes import ways

pytestmark = pytest.mark.xdist_group("browser")
# What no person looks at: parts of pages, the mail, what programs ask.
NO_PAGES = ("/healthz", "/readyz", "/progress", "/message", "/connections", "/api/", "/openapi", "/metrics")
# Colours follow the mode and nothing else, sizes the width: these two looks show all of both, at half the time of four.
LOOKS = ((WIDE, "light"), (PHONE, "dark"))
OTHERS = ((WIDE, "dark"), (PHONE, "light"))
EXAMPLES = {  # linked where there is no result yet
    *("/example", "/example/constraints/{constraint_id}", "/example/documents", "/example/releases"),
    *("/example/alerts", "/example/activity"),
}
OUTSIDE = (
    *("/", "/sign-in", "/nowhere", "/connections/callback?error=access_denied&state=x", "/unsubscribe?by=x"),
    *(one.format(constraint_id="account-management") for one in sorted(EXAMPLES)),
)
UNLINKED = {"/", "/sign-in", "/unsubscribe", "/invitations", *EXAMPLES}  # come to from elsewhere
LINKS = """return [...document.querySelectorAll("a[href]:not([target], [download])")].map(link => link.href)"""


@pytest.fixture
def lived_in(house: House) -> House:
    """The house after a first result."""
    house.connect()
    house.work()
    return house


@pytest.mark.timeout(300)  # all pages in one walk: on a busy machine that takes its time
def test_axe_finds_nothing_on_any_page_at_a_desk_or_on_a_phone_in_light_or_in_dark(lived_in: House) -> None:
    """By the rules of WCAG 2.2 AA and by good practice; and no page is wider than its screen."""
    found, reached = {}, set()
    for number, address in enumerate(pages(lived_in)):
        reached.add(kind_of(lived_in, urlsplit(address).path))
        for width, mode in LOOKS if number else (*LOOKS, *OTHERS):
            if broken := broken_rules(lived_in, width, mode):
                found[f"{urlsplit(address).path} at {width} in {mode}"] = broken
    assert found == {}
    assert {one for one in kinds(lived_in.app) if is_page(one)} - reached == UNLINKED


def test_axe_finds_nothing_on_the_pages_for_those_who_are_not_signed_in(house: House) -> None:
    """The way in, and each way in which it can fail."""
    found = {}
    for path in OUTSIDE:
        house.open(path)
        for width, mode in LOOKS:
            if broken := broken_rules(house, width, mode):
                found[f"{path} at {width} in {mode}"] = broken
    assert found == {}


def broken_rules(house: House, width: int, mode: str) -> list[dict[str, Any]]:
    """Return what is wrong with the page as it is seen so."""
    seen(house.chrome, width, mode)
    wider = sticks_out(house.chrome)
    return [*axe_finds(house.chrome), *([{"rule": "wider than the screen", "where": wider}] if wider > 0 else [])]


def pages(house: House) -> Iterator[str]:
    """Follow the links from the start, one of each kind of page; return where each leads."""
    known, waiting = {"/"}, [f"{house.site}/products"]
    house.open()
    waiting += house.chrome.execute_script(LINKS)
    while waiting:
        address = waiting.pop(0).partition("#")[0]
        kind = kind_of(house, urlsplit(address).path)
        if kind in known or not address.startswith(house.site) or not is_page(kind):
            continue
        known.add(kind)
        house.chrome.get(address)
        waiting += house.chrome.execute_script(LINKS)
        yield house.chrome.current_url


def kind_of(house: House, path: str) -> str:
    """Return the route of a path, as it is written: /products/{product_id}."""
    return next((one for one in kinds(house.app) if re.fullmatch(re.sub(r"{\w+}", "[^/]+", one), path)), path)


@cache
def kinds(app: App) -> list[str]:
    """Return all routes that are looked at, the plain ones first; a site is built to tell them, so once."""
    asked = (way.partition(" ")[2] for way in ways(app) if way.startswith("GET "))
    return sorted(asked, key=lambda one: (one.count("{"), one))


def is_page(kind: str) -> bool:
    """Tell whether people look at it."""
    return not any(kind.startswith(one) or kind.endswith(one) for one in NO_PAGES)
