"""The pages in a real browser: the script follows the work, and the content security policy breaks nothing."""

from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from scanner.app import App
from scanner.model.connection import product_id_of
from scanner.model.job import Priority
from scanner.pipeline.orders import sync_job
from scanner.settings import load
from tests.integration.test_web_pages import NOW, connect, cookies, place, served
from tests.report_builders import a_second_report

BROWSER, DRIVER = which("chromium") or which("google-chrome"), which("chromedriver")
pytestmark = pytest.mark.skipif(not (BROWSER and DRIVER), reason="Chromium and chromedriver are not installed")
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """Assemble Crosswalk over an empty home folder."""
    made = App(load(home=tmp_path / "home", base_url="http://127.0.0.1:8765"), now=lambda: NOW)
    yield made
    made.close()


@pytest.fixture
def chrome(tmp_path: Path) -> Iterator[Chrome]:
    """Start a browser with a profile of its own."""
    options = ChromeOptions()
    options.binary_location = BROWSER or ""
    for flag in (*FLAGS.split(), f"--user-data-dir={tmp_path / 'profile'}", "--window-size=390,844"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    started = Chrome(options=options, service=ChromeService(executable_path=DRIVER))
    yield started
    started.quit()


def complaints(chrome: Chrome) -> list[str]:
    """Return what the browser refused or could not do."""
    return [str(entry["message"]) for entry in chrome.get_log("browser") if entry["level"] in {"SEVERE", "WARNING"}]  # type: ignore[no-untyped-call]  # selenium leaves it untyped


def test_the_page_follows_the_work_and_shows_the_result_by_itself(app: App, chrome: Chrome) -> None:
    """Nobody has to press anything; and nothing on it is refused by the policy."""
    connection = connect(app, "anna")
    app.queue.enqueue([sync_job(connection, priority=Priority.PERSON)])
    with served(app) as site:
        chrome.get(site)
        for name, value in cookies(app, "anna").items():
            chrome.add_cookie({"name": name, "value": value})
        chrome.get(site)
        assert chrome.find_element(By.TAG_NAME, "h1").text == "Your Drive is being read for the first time."
        with app.store.transaction() as unit:
            unit.reports.add(product_id_of(connection), a_second_report(), worth_telling=True)
        app.queue.cancel(connection)
        WebDriverWait(chrome, 15).until(
            lambda page: page.find_element(By.TAG_NAME, "h1").text.startswith("4 of 10 constraints")
        )
        width = chrome.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0  # nothing sticks out on a phone
        chrome.get(f"{site}{place('anna')}/alerts")
        chrome.switch_to.frame(chrome.find_element(By.TAG_NAME, "iframe"))
        assert "Open gaps" in chrome.find_element(By.TAG_NAME, "body").text
    assert complaints(chrome) == []
