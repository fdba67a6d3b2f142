"""The demo as a person runs it: sealed off from her settings, open at one click, and nothing left when it is ended."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.emulator_process import write_seed

CROSSWALK = str(Path(sys.executable).parent / "crosswalk")
HOLD = """
import sys, time
from pathlib import Path
from scanner.demo.google import local_google
with local_google(Path(sys.argv[1])) as google:
    print(google.root, flush=True)
    time.sleep(300)
"""


def answers(root: str) -> bool:
    try:
        return httpx.get(f"{root}/_emulator/calls", timeout=5).is_success
    except httpx.TransportError:
        return False


def ends(root: str, *, within: float = 20) -> bool:
    until = time.monotonic() + within
    while answers(root):
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_stand_in_ends_with_the_demo_however_that_is_ended(tmp_path: Path, how: signal.Signals) -> None:
    write_seed(tmp_path)
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    here = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=here) as holder:
        assert holder.stdout is not None
        root = holder.stdout.readline().strip()
        assert answers(root)
        holder.send_signal(how)
        assert ends(root)


@pytest.mark.timeout(300)
def test_the_demo_is_sealed_off_opens_at_one_click_and_ends_at_sigterm(tmp_path: Path) -> None:
    hers = {
        "CROSSWALK_SMTP_HOST": "nowhere.invalid",
        "CROSSWALK_DATABASE_URL": "postgresql+psycopg://nobody@nowhere.invalid/hers",
        "CROSSWALK_CLAUSES": "/nowhere",
        "CROSSWALK_VAULT_KEY": "not a key",
        "CROSSWALK_HOME": str(tmp_path / "hers"),
        "CROSSWALK_STREAMS": "many",
    }
    env = {**os.environ, **hers, "BROWSER": "true", "COLUMNS": "160"}
    with subprocess.Popen(
        [CROSSWALK, "demo", "--serve"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=env,
        cwd=tmp_path,
    ) as demo:
        assert demo.stdout is not None
        said = ""
        while "ctrl-C ends it" not in said:
            line = demo.stdout.readline()
            assert line, said
            said += line
        link = re.findall(r"Open (http://\S+)", said)[-1]
        with httpx.Client(follow_redirects=True, timeout=30) as browser:
            page = browser.get(link)
        assert page.status_code == 200
        assert "mara.lindqvist@tessbrook.example" in page.text
        assert "Account management" in page.text
        google = re.search(r"(127\.0\.0\.1:\d+)/o/oauth2", said)
        assert google
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(30) == 143
        assert ends(f"http://{google[1]}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["var"]
    emails = sorted((tmp_path / "var/demo/outbox").glob("*.html"))
    assert len(emails) == 2
    assert all("Open the overview" in email.read_text(encoding="utf-8") for email in emails)
