"""One Chromium and one running Crosswalk beside a local Google, for all stories that are told in a browser."""

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest
from reportlab.pdfgen.canvas import Canvas
from selenium.webdriver import Chrome

from scanner.app import App
from scanner.settings import load
from scanner.web import listening
from tests.browser import BROWSER, DRIVER, LEFT_OUT, WIDE, a_chromium, complaints, press, seen, until_heading
from tests.consent_builders import USUAL, told
from tests.emulator_process import running_emulator, write_seed
from tests.pipeline_builders import GUIDE, migrated
from tests.site_builders import served

HOSTILE = "Security Manual <img src=x onerror=alert(1)>.md"
ACCOUNTS = "Disable the account when a user leaves."
NOTES = """# Release Notes Monitor 2.1.0

Monitor 2.1.0, 2 November 2026.

Security: fixes CVE-2026-1111 in the importer.
"""
RISKS = """# Monitor Residual Security Risk Report

Applies to Monitor 2.1.0.

Risk R-1: the service port answers in the clear. Keep the monitor in a network of its own.
"""
MANUAL = "Monitor Security Manual.pdf"


def a_manual() -> str:
    """Print a manual of two pages; what speaks of accounts stands on the second."""
    written = io.BytesIO()
    pages = Canvas(written)
    for lines in (
        ("Monitor Security Manual", "Applies to Monitor 2.1.0."),
        ("2 Accounts", "Assign one of the roles nurse or administrator to each account.", ACCOUNTS),
    ):
        for place, line in enumerate(lines):
            pages.drawString(72, 760 - 24 * place, line)
        pages.showPage()
    pages.save()
    return base64.b64encode(written.getvalue()).decode()


STRANGER = {"email": "stranger@elsewhere.example", "name": "Sol Stranger", "sub": "100000000000000000009"}
ITEMS = (
    {"id": "guide", "name": "Monitor Security Guide.md", "mime": "text/markdown", "text": GUIDE.decode()},
    {"id": "notes", "name": "Release Notes Monitor 2.1.0.md", "mime": "text/markdown", "text": NOTES},
    {"id": "risks", "name": "Residual Risk Report.md", "mime": "text/markdown", "text": RISKS},
    {"id": "hostile", "name": HOSTILE, "mime": "text/markdown", "text": "# Manual\n\nMonitor 2.1.0 <b>bold</b>.\n"},
    {"id": "empty", "name": "Security White Paper.pdf", "mime": "application/pdf", "text": ""},
    {"id": "manual", "name": MANUAL, "mime": "application/pdf", "content_base64": a_manual()},
    {"id": "menu", "name": "menu.txt", "text": "lunch"},
)


@dataclass
class House:
    """A running Crosswalk, the Google that it reads, and a browser before it."""

    app: App
    site: str
    google: str
    chrome: Chrome

    def knob(self, **values: object) -> None:
        """Let the local Google behave otherwise."""
        httpx.post(f"{self.google}/_emulator/oauth", json=values).raise_for_status()

    def work(self) -> None:
        """Do what a worker does, until nothing is left to do."""
        self.app.work(until_idle=True)

    def open(self, path: str = "/") -> None:
        self.chrome.get(self.site + path)

    def connect(self) -> None:
        """Go in by the one button, and say yes to Google."""
        self.open()
        press(self.chrome, "Continue with Google")
        press(self.chrome, "Allow")
        until_heading(self.chrome, "Your Drive is being read for the first time.")

    def connections(self) -> tuple[str, ...]:
        with self.app.store.reading() as unit:
            return tuple(one.id for one in unit.connections.all())

    def empty(self) -> None:
        """Let nobody be connected or signed in, and Google behave."""
        httpx.post(f"{self.google}/_emulator/oauth", json={**USUAL, "auto_consent": False}).raise_for_status()
        for connection in self.connections():
            self.app.disconnect(connection)
        self.chrome.execute_cdp_cmd("Network.clearBrowserCookies", {})


@pytest.fixture(scope="session")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """The browser."""
    if not (BROWSER and DRIVER):
        pytest.skip(LEFT_OUT)
    with a_chromium(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory, chrome: Chrome) -> Iterator[House]:
    """The house as the last story left it."""
    folder = tmp_path_factory.mktemp("house")
    with (
        running_emulator(write_seed(folder / "drive", items=ITEMS), "--opens-here", auto_consent=False) as google,
        listening("127.0.0.1", 0) as listener,
    ):
        httpx.post(f"{google}/_emulator/people", json={"user": STRANGER, "drives": [], "items": []}).raise_for_status()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = load(home=migrated(folder / "home"), base_url=address, database_url="", clauses="", readers=1)
        app = App(settings, google=told(google), now=lambda: datetime.now(UTC))
        try:
            with served(app, listener) as site:
                yield House(app, site, google, chrome)
        finally:
            app.close()


@pytest.fixture
def house(standing: House) -> Iterator[House]:
    """The house with nobody in it; and nothing that a story did was refused by the pages' policy."""
    standing.empty()
    seen(standing.chrome, WIDE)
    complaints(standing.chrome)
    yield standing
    # Refusals are pages too, and the stand-in's have no icon; what else is said would be the policy's or a script's.
    assert [one for one in complaints(standing.chrome) if "the server responded with a status of 4" not in one] == []
