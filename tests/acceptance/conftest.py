"""The demo's story, told once for all tests of this folder."""

import io
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import httpx
import pytest

from scanner.demo.company.build import PutItem, build_seed, second_night
from scanner.extract.base import Unreadable
from scanner.extract.direct import read
from scanner.model.gap import GapReport
from scanner.store.database import Database
from scanner.store.store import Store

ROOT, CLAUSE = Path(__file__).parents[2], "iec-81001-5-1/5.8.2"
# A person's own settings, none of which the demo may follow.
HERS = {
    "CROSSWALK_SMTP_HOST": "nowhere.invalid",
    "CROSSWALK_DATABASE_URL": "postgresql+psycopg://nobody@nowhere.invalid/hers",
    "CROSSWALK_CLAUSES": "/nowhere",
    "CROSSWALK_VAULT_KEY": "not a key",
    "CROSSWALK_STREAMS": "many",
}


@dataclass(frozen=True)
class Story:
    """What the demo printed, reported and wrote, and how it went on and ended as its page was opened."""

    said: str
    first: GapReport
    second: GapReport
    home: Path  # its folder, as it was when the story was told
    today: date
    log: str  # all lines of it, as JSON
    page: httpx.Response
    code: int  # that the command ended with after a SIGTERM
    left: tuple[str, ...]  # what then lay in the folder in which it was started

    def mail(self, report: GapReport) -> EmailMessage:
        (file,) = (self.home / "outbox").glob(f"*{report.id}-*.eml")
        parsed = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
        assert isinstance(parsed, EmailMessage)
        return parsed


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The demo as a person runs it, told once: among settings of her own, its page opened at the end."""
    folder, home = tmp_path_factory.mktemp("demo"), tmp_path_factory.mktemp("told") / "home"
    log, today = tmp_path_factory.mktemp("log") / "lines", datetime.now(UTC).date()
    mine = {"CROSSWALK_HOME": str(folder / "hers"), "BROWSER": "true", "COLUMNS": "140", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.acceptance.logged", str(log), "demo", "--serve"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ | HERS | mine, cwd=folder
    ) as demo:
        said = _until_it_stays_up(demo)
        _copy(folder / "var" / "demo", home)
        told = log.read_text(encoding="utf-8")
        with httpx.Client(follow_redirects=True, timeout=30) as browser:
            page = browser.get(re.findall(r"Open (http://\S+)", said)[-1])
        demo.send_signal(signal.SIGTERM)
        code = demo.wait(30)
    first, second = _reports(home)
    left = tuple(sorted(path.name for path in folder.iterdir()))
    return Story(said, first, second, home, today, told, page, code, left)


def _until_it_stays_up(demo: subprocess.Popen[str]) -> str:
    assert demo.stdout is not None
    said = ""
    while "ctrl-C ends it" not in said:
        line = demo.stdout.readline()
        assert line, said
        said += line
    return said


def _copy(home: Path, to: Path) -> None:
    """Copy the demo's folder while it stays up, the database in one piece."""
    shutil.copytree(home, to, ignore=shutil.ignore_patterns("crosswalk.db*"))
    with closing(sqlite3.connect(home / "crosswalk.db")) as live, closing(sqlite3.connect(to / "crosswalk.db")) as copy:
        live.backup(copy)


def _reports(home: Path) -> tuple[GapReport, ...]:
    """The reports that the demo stored, the oldest first."""
    database = Database(f"sqlite:///{home / 'crosswalk.db'}")
    with Store(database).reading() as unit:
        (connection,) = unit.connections.all()
        (product,) = unit.products.of_connection(connection.id)
        reports = unit.listed.reports(product.id, CLAUSE, limit=9)
    database.dispose()
    return tuple(reversed(reports))


@pytest.fixture(scope="session")
def texts(story: Story, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[str]]]:
    """The passages of every file that can be read, by night and file name."""
    seed = tmp_path_factory.mktemp("seed")
    build_seed(seed, today=story.today)
    first = dict(_passages(seed))
    second = dict(first)
    for change in second_night(story.today):
        if isinstance(change, PutItem) and change.content is not None:
            second[change.name] = _text(change.name, change.content)
    return {"first": first, "second": second}


def _passages(seed: Path) -> Iterator[tuple[str, list[str]]]:
    import json

    for item in json.loads((seed / "manifest.json").read_text(encoding="utf-8"))["items"]:
        if item.get("content") and not item.get("trashed"):
            yield item["name"], _text(item["name"], (seed / item["content"]).read_bytes())


def _text(name: str, content: bytes) -> list[str]:
    try:
        return [passage.text for passage in read(io.BytesIO(content), name=name).passages]
    except Unreadable:
        return []
