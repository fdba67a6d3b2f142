"""The demo as a person runs it: sealed off from her settings, open at one click, and nothing left when it is ended."""

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.acceptance.conftest import Story
from tests.emulator_process import write_seed

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


@pytest.mark.xdist_group("story")  # the story is told once, not once a process
def test_the_demo_is_sealed_off_opens_at_one_click_and_ends_at_sigterm(story: Story) -> None:
    assert story.page.status_code == 200
    assert "mara.lindqvist@tessbrook.example" in story.page.text
    assert "Account management" in story.page.text
    google = re.search(r"(127\.0\.0\.1:\d+)/o/oauth2", story.said)
    assert google
    assert story.code == 143
    assert ends(f"http://{google[1]}")
    assert story.left == ("var",)
