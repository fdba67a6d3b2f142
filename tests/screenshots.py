"""Paints README's pictures from the demo itself: `python -m tests.screenshots [OUT_DIR]`.

`python -m tests.screenshots --nights OUT_DIR` paints every mail of the nights of a life instead, in light and dark,
wide and as a telephone shows it, for somebody to look at; a mail that is wider than its screen ends it with 1.
"""

import base64
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

from tests.acceptance.nights import a_life, live
from tests.browser import BROWSER, DRIVER, PHONE, a_chromium, seen, sticks_out

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "tests" / "data" / "pictures"
SIZES = {"page": (1160, 1300), "email": (720, 1240), "phone": (PHONE, 1240)}
COLOURS = 256  # with fewer the tones run into each other; a third of the bytes all the same
MAIL_VIEWS = {"light": (720, "light"), "dark": (720, "dark"), "phone": (PHONE, "light"), "phone dark": (PHONE, "dark")}
PORT = 8798


def paint(chrome: Chrome, picture: Path) -> None:
    """Keep what the browser shows as a small PNG file, as large as its name says."""
    width, height = SIZES[picture.stem]
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    shown = chrome.execute_cdp_cmd("Page.captureScreenshot", {})
    with Image.open(io.BytesIO(base64.b64decode(shown["data"]))) as whole:
        whole.convert("RGB").quantize(COLOURS).save(picture, optimize=True)


@contextmanager
def running_demo() -> Iterator[str]:
    """Run the demo until its page is up, and yield the address that signs in to it."""
    command = [str(Path(sys.executable).parent / "crosswalk"), "demo", "--serve", "--port", str(PORT)]
    wide = {**os.environ, "COLUMNS": "160", "BROWSER": "true"}  # no line is broken, and no window opens
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=wide) as process:
        try:
            assert process.stdout is not None
            links = (re.search(r"Open (http://\S+/connections/connect)", line) for line in process.stdout)
            if (link := next(filter(None, links), None)) is None:
                raise SystemExit("The demo ended early, or says no more how to open its page.")
            yield link[1]
        finally:
            process.terminate()


def paint_nights(folder: Path) -> list[str]:
    """Paint every mail of the nights, each whole; return the pictures of those that are wider than their screen."""
    folder.mkdir(parents=True, exist_ok=True)
    wide: list[str] = []
    with tempfile.TemporaryDirectory() as home, a_life(Path(home)) as life, a_chromium(Path(home) / "chrome") as chrome:
        live(life)
        for night, mails in life.told.items():
            for mail in mails:
                html = mail.get_body(("html",))
                assert html is not None
                page = Path(home) / "mail.html"
                page.write_text(html.get_content(), encoding="utf-8")
                for name, (width, mode) in MAIL_VIEWS.items():
                    picture = folder / f"{night} to {str(mail['To']).split('@')[0]} {name}.png"
                    seen(chrome, width, mode)
                    chrome.get(page.as_uri())
                    painted = chrome.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
                    picture.write_bytes(base64.b64decode(painted["data"]))
                    wide += [picture.name] if sticks_out(chrome) else []
    return wide


def main(folder: Path) -> None:
    """Paint the overview after the second night, a constraint on a phone, and the email that told of that night."""
    if not (BROWSER and DRIVER):
        raise SystemExit("Install Chromium and chromedriver first: the pictures are painted by them.")
    folder.mkdir(parents=True, exist_ok=True)
    with running_demo() as address, tempfile.TemporaryDirectory() as home, a_chromium(Path(home)) as chrome:
        mails = sorted((ROOT / "var/demo/outbox").glob("*.html"), key=lambda file: file.stat().st_mtime)
        chrome.get(address)
        WebDriverWait(chrome, 60).until(lambda page: "Look again now" in page.page_source)  # signing in asks for a look
        paint(chrome, folder / "page.png")
        chrome.get(f"{chrome.current_url}/constraints/account-management")
        paint(chrome, folder / "phone.png")
        chrome.get(mails[-1].absolute().as_uri())
        paint(chrome, folder / "email.png")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--nights"]:
        sys.exit("\n".join(f"wider than its screen: {name}" for name in paint_nights(Path(sys.argv[2]))) or None)
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES)
