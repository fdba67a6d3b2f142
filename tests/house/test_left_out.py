"""What the tests leave out they say, and why: as `make test` runs them, on a machine without Chromium."""

import os
import subprocess
import sys
from pathlib import Path

from tests.browser import LEFT_OUT

ROOT = Path(__file__).parents[2]
STORY = "tests/acceptance/browser/test_stories.py::test_a_stranger_sees_nothing"


def test_without_chromium_the_stories_in_a_browser_are_left_out_aloud() -> None:
    command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", STORY]
    nowhere = {**os.environ, "PATH": str(ROOT / "tests/house")}  # no program is found
    nowhere.pop("PYTEST_ADDOPTS", None)
    ended = subprocess.run(command, cwd=ROOT, env=nowhere, capture_output=True, text=True, timeout=110, check=False)
    assert ended.returncode == 0, ended.stdout
    summary = ended.stdout.partition("short test summary info")[2]
    assert "SKIPPED" in summary
    assert LEFT_OUT in summary
    assert "1 skipped" in summary
