"""Paints the overview and an email for the README: `python -m tests.screenshots OUT_DIR URL EMAIL_HTML`."""

import subprocess
import sys
import tempfile
from pathlib import Path
from shutil import which

SIZES = {"page": "920,1300", "email": "720,1240"}


def render(address: str, picture: Path, size: str) -> None:
    """Let Chromium paint an address into a PNG file."""
    browser = which("chromium") or which("chromium-browser") or which("google-chrome")
    if browser is None:
        raise SystemExit("Install Chromium first: the pictures are painted by it.")
    with tempfile.TemporaryDirectory() as profile:
        flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars"
        quiet = "--disable-background-networking --disable-component-update --disable-sync"
        paint = [f"--user-data-dir={profile}", f"--window-size={size}", f"--screenshot={picture}"]
        subprocess.run(
            [browser, *flags.split(), *quiet.split(), *paint, address], check=True, capture_output=True, timeout=90
        )


def main(arguments: list[str]) -> None:
    """Paint both pictures."""
    if len(arguments) != 3:
        raise SystemExit(__doc__)
    folder, address, email = Path(arguments[0]).resolve(), arguments[1], Path(arguments[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    render(address, folder / "page.png", SIZES["page"])
    render(email.as_uri(), folder / "email.png", SIZES["email"])


if __name__ == "__main__":
    main(sys.argv[1:])
