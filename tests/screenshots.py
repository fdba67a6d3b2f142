"""Paints README's pictures from the demo itself: `python -m tests.screenshots [OUT_DIR]`."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "tests" / "data" / "pictures"
SIZES = {"page": "920,1300", "email": "720,1240"}
PORT = 8798
SECONDS_OF_PAGE = 9000  # milliseconds that the page may live before it is painted: its progress ends meanwhile


def render(address: str, picture: Path, size: str) -> None:
    """Let Chromium paint an address into a PNG file."""
    browser = which("chromium") or which("chromium-browser") or which("google-chrome")
    if browser is None:
        raise SystemExit("Install Chromium first: the pictures are painted by it.")
    with tempfile.TemporaryDirectory() as profile:
        flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars"
        quiet = "--disable-background-networking --disable-component-update --disable-sync"
        wait = f"--virtual-time-budget={SECONDS_OF_PAGE}"
        paint = [f"--user-data-dir={profile}", f"--window-size={size}", f"--screenshot={picture}", wait]
        subprocess.run(
            [browser, *flags.split(), *quiet.split(), *paint, address], check=True, capture_output=True, timeout=90
        )


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


def main(folder: Path) -> None:
    """Paint the overview after the second night, and the email that told of it."""
    folder.mkdir(parents=True, exist_ok=True)
    with running_demo() as address:
        mails = sorted((ROOT / "var/demo/outbox").glob("*.html"), key=lambda file: file.stat().st_mtime)
        render(address, folder / "page.png", SIZES["page"])
        render(mails[-1].as_uri(), folder / "email.png", SIZES["email"])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES)
