"""Every page, as people see it: for everybody (axe), at a desk and on a phone, in light and in dark, by keyboard."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.routing import BaseRoute, Match, Route

from scanner.web import build
from tests.acceptance.browser.conftest import House
from tests.browser import PHONE, WIDE, axe_finds, seen, sticks_out

pytestmark = pytest.mark.xdist_group("browser")
# What no person looks at: parts of pages, the mail, what programs ask.
NO_PAGES = ("/healthz", "/readyz", "/progress", "/message", "/connections", "/api/", "/openapi", "/metrics")
# Colours follow the mode and nothing else, sizes the width: these two looks show all of both, at half the time of four.
LOOKS = ((WIDE, "light"), (PHONE, "dark"))
OTHERS = ((WIDE, "dark"), (PHONE, "light"))
LINKS = """return [...document.querySelectorAll("a[href]:not([target], [download])")].map(link => link.href)"""


@pytest.fixture
def lived_in(house: House) -> House:
    """The house after a first result."""
    house.connect()
    house.work()
    return house


def test_axe_finds_nothing_on_any_page_at_a_desk_or_on_a_phone_in_light_or_in_dark(lived_in: House) -> None:
    """By the rules of WCAG 2.2 AA and by good practice; and no page is wider than its screen."""
    found = {}
    for number, address in enumerate(pages(lived_in)):
        for width, mode in LOOKS if number else (*LOOKS, *OTHERS):
            if broken := broken_rules(lived_in, width, mode):
                found[f"{urlsplit(address).path} at {width} in {mode}"] = broken
    assert found == {}


def broken_rules(house: House, width: int, mode: str) -> list[dict[str, Any]]:
    """Return what is wrong with the page as it is seen so."""
    seen(house.chrome, width, mode)
    wider = sticks_out(house.chrome)
    return [*axe_finds(house.chrome), *([{"rule": "wider than the screen", "where": wider}] if wider > 0 else [])]


def pages(house: House) -> Iterator[str]:
    """Follow the links from the start, one of each kind of page."""
    routes, known, waiting = build(house.app).routes, set(), [f"{house.site}/"]
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(routes, urlsplit(address).path)
        if kind in known or not address.startswith(house.site) or not is_page(kind):
            continue
        known.add(kind)
        house.chrome.get(address)
        waiting += house.chrome.execute_script(LINKS)
        yield house.chrome.current_url


def kind_of(routes: list[BaseRoute], path: str) -> str:
    """Return the route of a path, as it is written: /products/{product_id}."""
    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    found = (one for one in routes if isinstance(one, Route) and one.matches(scope)[0] is Match.FULL)
    return next((one.path for one in found), path)


def is_page(kind: str) -> bool:
    """Tell whether people look at it."""
    return not any(kind.startswith(one) or kind.endswith(one) for one in NO_PAGES)
