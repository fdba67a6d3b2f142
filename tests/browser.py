"""Chromium as a person's browser in tests: how a page is seen, what is pressed, and what axe finds on it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from shutil import which
from typing import Any

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

BROWSER, DRIVER = which("chromium") or which("google-chrome"), which("chromedriver")
LEFT_OUT = "left out: no Chromium and chromedriver is installed (Debian: apt-get install chromium chromium-driver)"
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --disable-extensions --hide-scrollbars"
)
WIDE, PHONE = 1280, 390
# WCAG 2.2 AA is all of these; `best-practice` brings headings in order and landmarks.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_ASK = """
const [options, done] = arguments;
axe.run(document, options).then(found => done(found.violations.map(one => ({
  rule: one.id, where: one.nodes.map(node => node.target.join(" ") + ": " + node.failureSummary)}))), done);
"""


@contextmanager
def a_chromium(profile: Path) -> Iterator[Chrome]:
    """Start a browser with a profile of its own, and end it."""
    options = ChromeOptions()
    options.binary_location = BROWSER or ""
    for flag in (*FLAGS.split(), f"--user-data-dir={profile}", f"--window-size={WIDE},900"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    started = Chrome(options=options, service=ChromeService(executable_path=DRIVER))
    try:
        yield started
    finally:
        started.quit()


def seen(chrome: Chrome, width: int, mode: str = "light") -> None:
    """Show pages at a width, in light or in dark."""
    size = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 600}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    wish = {"features": [{"name": "prefers-color-scheme", "value": mode}]}
    chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", wish)


def axe_finds(chrome: Chrome) -> list[dict[str, Any]]:
    """Return the rules that the page breaks, each with where."""
    if not chrome.execute_script("return typeof axe === 'object'"):
        chrome.execute_script(_axe())
    # The one frame holds the mail, in a sandbox in which no script runs.
    options = {"runOnly": TAGS, "resultTypes": ["violations"], "iframes": False}
    found = chrome.execute_async_script(_ASK, options)
    assert isinstance(found, list), found
    return found


def sticks_out(chrome: Chrome) -> int:
    """Return by how many pixels the page is wider than the screen."""
    wider = chrome.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return int(wider)


def complaints(chrome: Chrome) -> list[str]:
    """Return what the browser refused or could not do since it was last asked."""
    return [str(entry["message"]) for entry in chrome.get_log("browser") if entry["level"] in {"SEVERE", "WARNING"}]  # type: ignore[no-untyped-call]  # selenium leaves it untyped


def heading(chrome: Chrome) -> str:
    """Return the page's own heading."""
    return str(chrome.execute_script("return document.querySelector('h1').innerText"))


def text(chrome: Chrome) -> str:
    """Return what stands on the page."""
    # In one step: a page that follows the work may put itself anew between finding a part of it and reading that.
    return str(chrome.execute_script("return document.body.innerText"))


def press(chrome: Chrome, words: str) -> None:
    """Press the one button or link that says just this."""

    def pressed(page: WebDriver) -> bool:
        named(page, words).click()
        return True

    wait = WebDriverWait(chrome, 10, poll_frequency=0.1, ignored_exceptions=[StaleElementReferenceException])
    wait.until(pressed)


def named(chrome: WebDriver, words: str) -> WebElement:
    """Return the one button, link or summary that says just this."""
    path = f"//*[(self::a or self::button or self::summary) and normalize-space()={json.dumps(words)}]"
    found = chrome.find_elements(By.XPATH, path)
    assert len(found) == 1, f"{len(found)} elements say {words!r}"
    return found[0]


def until_heading(chrome: Chrome, words: str, seconds: float = 15) -> None:
    """Wait until these words stand in the page's heading."""
    WebDriverWait(chrome, seconds, poll_frequency=0.1).until(
        lambda page: words in page.execute_script("return document.querySelector('h1')?.textContent ?? ''")
    )


@cache
def _axe() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
