"""A whole run leaves nothing behind of what it read: not in the log, and in the database only the short quotes."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from scanner.model.job import JobKind
from tests.acceptance.conftest import Story

pytestmark = pytest.mark.xdist_group("story")  # the story is told once, not once a process

PERSON = ("mara.lindqvist", "Mara Lindqvist", "tessbrook.example")
TOKEN = re.compile(r"ya29\.\w|1//0\w|4/0\w{9}|emulator-secret|Bearer \w")
# Where an address belongs: whose Drive it is, who is written to, and where a mail went.
ADDRESSES = {
    "connection.email", "recipient.address", "mail.address", "mail.said", "sign_in.email", "deed.by_whom",
}  # fmt: skip
# Where short quotes belong: the proof of a verdict and of a version, the reports that carry them on, what was lost.
QUOTES = {"verdict.citations", "candidate.facts", "report.body", "drift.old_quote"}


@pytest.fixture(scope="module")
def sentences(texts: dict[str, dict[str, list[str]]]) -> set[str]:
    """What stands in the documents: sentences and rows of tables; a title is metadata, like a file's name."""
    passages = (passage for night in texts.values() for file in night.values() for passage in file)
    cut = (one.strip() for passage in passages for one in re.split(r"(?<=[.!?])\s+|\n", passage))
    found = {one for one in cut if len(one) >= 30 and (one[-1] in ".!?" or " | " in one)}
    assert len(found) > 500
    return found


def lines(story: Story) -> list[dict[str, object]]:
    return [json.loads(line) for line in story.log.splitlines()]


def columns(story: Story) -> Iterator[tuple[str, str]]:
    """Every column of the database with all that it holds."""
    with closing(sqlite3.connect(story.home / "crosswalk.db")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for column in [row[1] for row in database.execute(f"PRAGMA table_info({table})")]:
                query = f'SELECT "{column}" FROM "{table}"'  # noqa: S608 -- the names are the database's own
                held = [row[0] for row in database.execute(query)]
                yield f"{table}.{column}", "\n".join(told(value) for value in held)


def told(value: object) -> str:
    """A value as text, JSON without its escapes."""
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return json.dumps(json.loads(text), ensure_ascii=False) if text[:1] in ("{", "[") else text


def test_the_log_tells_the_story_with_the_ids_that_each_line_belongs_to(story: Story) -> None:
    told = lines(story)
    assert {"sync.page", "review.made", "summarize.sent", "scan.undetermined"} <= {str(one["event"]) for one in told}
    ours = [one for one in told if not str(one["event"]).startswith("library.")]
    assert all(one["said"] and re.fullmatch(r"[a-z]+\.[a-z_]+", str(one["event"])) for one in ours)
    within = [one for one in ours if str(one["event"]).split(".")[0] in {*JobKind, "job", "jobs"}]
    assert within
    assert all(one["job"] and one["connection"] for one in within)
    pages = [one for one in told if one["event"] == "sync.page"]
    assert len({one["sync"] for one in pages}) == 2  # one a night


def test_no_line_of_the_log_holds_what_a_document_says(story: Story, sentences: set[str]) -> None:
    log = "\n".join(" ".join(str(value) for value in line.values()) for line in lines(story))
    assert [one for one in sentences if one in log] == []


def test_no_line_of_the_log_holds_a_token_or_a_person_or_a_files_name(
    story: Story, texts: dict[str, dict[str, list[str]]]
) -> None:
    assert TOKEN.findall(story.log) == []
    assert [word for word in PERSON if word in story.log] == []
    assert [name for name in texts["second"] if len(name) > 8 and name in story.log] == []


def test_the_database_holds_sentences_of_documents_only_as_quotes(story: Story, sentences: set[str]) -> None:
    found = {column for column, held in columns(story) if any(one in held for one in sentences)}
    assert found == QUOTES


def test_the_database_holds_addresses_only_where_they_belong_and_no_token(story: Story) -> None:
    held = dict(columns(story))
    found = {column for column, text in held.items() if PERSON[0] in text}
    assert {"connection.email", "recipient.address", "mail.address"} <= found <= ADDRESSES
    assert {column for column, text in held.items() if TOKEN.search(text)} == set()
