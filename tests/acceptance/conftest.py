"""The demo's story, told once for all tests of this folder."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
from rich.console import Console

from scanner.demo.company.build import PutItem, build_seed, second_night
from scanner.demo.story import run
from scanner.extract.base import Unreadable
from scanner.extract.direct import read
from scanner.model.gap import GapReport
from scanner.seeing import logs


@dataclass(frozen=True)
class Story:
    """What the demo printed, reported and wrote."""

    said: str
    first: GapReport
    second: GapReport
    home: Path
    today: date
    log: str  # all lines of it, as JSON

    def mail(self, report: GapReport) -> EmailMessage:
        (file,) = (self.home / "outbox").glob(f"*{report.id}-*.eml")
        parsed = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
        assert isinstance(parsed, EmailMessage)
        return parsed


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    home, out = tmp_path_factory.mktemp("demo"), io.StringIO()
    today = datetime.now(UTC).date()
    with everything_logged() as log:
        first, second = run(serve=False, port=0, home=home, console=Console(file=out, width=140))
    return Story(said=out.getvalue(), first=first, second=second, home=home, today=today, log=log.getvalue())


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """Write what is logged meanwhile as production would, and more of it: from all libraries, at every level."""
    lines = io.StringIO()
    root, handler = logging.getLogger(), logs.handler(lines, style="json")
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


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
