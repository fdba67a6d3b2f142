"""The demo's story, asserted: a seeded Drive in, two emails out, and every word of proof stands in its file."""

import re
from collections.abc import Iterable

import pytest

from scanner.checks.bounds import allowance
from scanner.demo.company.expected import (
    DRIFT,
    FIRST_NIGHT,
    FIRST_RELEASE,
    GUIDE,
    HOSTILE_NAMES,
    MAY_BE_STALE,
    NEVER_EVIDENCE,
    SECOND_NIGHT,
    SECOND_RELEASE,
    UNCHECKED,
)
from scanner.model.gap import DriftKind, FileRef, GapReport
from scanner.store.database import Database
from scanner.store.store import Store
from scanner.web.example import Example, shipped
from tests.acceptance.conftest import Story
from tests.example import example_of

pytestmark = pytest.mark.xdist_group("story")  # the story is told once, not once a process


def outcomes(report: GapReport) -> dict[str, str]:
    return {standing.constraint: standing.outcome.value for standing in report.standings}


def test_the_first_night_finds_what_a_careful_auditor_finds(story: Story) -> None:
    assert outcomes(story.first) == {one.constraint: one.outcome.value for one in FIRST_NIGHT}
    assert story.first.release is not None
    assert (story.first.product, story.first.release.version) == ("PulseView", FIRST_RELEASE)
    assert story.first.drift == ()


def test_the_second_night_finds_what_is_left(story: Story) -> None:
    assert outcomes(story.second) == {one.constraint: one.outcome.value for one in SECOND_NIGHT}
    assert story.second.release is not None
    assert story.second.release.version == SECOND_RELEASE
    assert story.second.release.source == "release notes: Release Notes PulseView 4.3.0"


def test_the_drift_is_exactly_what_happened_and_names_its_cause(story: Story) -> None:
    told = {
        (one.kind, one.constraint, one.before, one.now, one.file.name if one.file else "")
        for one in story.second.drift
        if one.kind is not DriftKind.STALE
    }
    assert told == {(one.kind, one.constraint, one.before, one.now, one.file) for one in DRIFT}


def test_every_document_that_lags_behind_the_release_is_named_and_no_other(story: Story) -> None:
    stale = {one.file.name for one in story.second.drift if one.kind is DriftKind.STALE and one.file}
    assert GUIDE in stale
    assert stale <= MAY_BE_STALE


@pytest.mark.parametrize("night", ["first", "second"])
def test_every_citation_stands_in_its_file(story: Story, texts: dict[str, dict[str, list[str]]], night: str) -> None:
    report = story.first if night == "first" else story.second
    cited = [(citation.file.name, citation.quote) for one in report.standings for citation in one.citations]
    assert cited
    absent = [(name, quote) for name, quote in cited if not any(quote in text for text in texts[night][name])]
    assert absent == []


def test_the_quotes_that_are_kept_never_add_up_to_a_document(
    story: Story, texts: dict[str, dict[str, list[str]]]
) -> None:
    store = Store(Database(f"sqlite:///{story.home / 'crosswalk.db'}"))
    shares = {}
    with store.reading() as unit:
        (connection,) = unit.connections.all()
        evidence, _ = unit.candidates.evidence(connection.id, story.second.clause)
    for one in evidence:
        quotes = {citation.quote for verdict in one.verdicts for citation in verdict.citations}
        whole = [quote for quote in quotes if not any(quote in other for other in quotes - {quote})]
        chars = sum(map(len, texts["second"][one.file.name]))
        assert sum(map(len, whole)) <= allowance(chars)
        shares[one.file.name] = sum(map(len, whole)) / chars
    assert 0 < max(shares.values()) <= 0.25
    assert shares[GUIDE] > 0


def test_no_decoy_is_ever_cited(story: Story) -> None:
    for report in (story.first, story.second):
        assert {citation.file.name for one in report.standings for citation in one.citations} & NEVER_EVIDENCE == set()


def test_what_could_not_be_read_is_told_with_its_reason(story: Story) -> None:
    told = {one.file.name: one.because for one in story.first.unchecked}
    assert set(UNCHECKED) <= set(told)
    assert all(word in told[name] for name, word in UNCHECKED.items())
    text = _plain(story.mail(story.first).get_body(("plain",)).get_content())  # type: ignore[union-attr]  # it has one
    assert all(f"{name}, because {told[name]}" in text for name in UNCHECKED)


def test_the_emails_name_the_gaps_and_the_drift(story: Story) -> None:
    first, second = story.mail(story.first), story.mail(story.second)
    assert first["Subject"].startswith(f"[PulseView {FIRST_RELEASE}] 2 gaps")
    assert first["To"] == "mara.lindqvist@tessbrook.example"
    assert second["Subject"].startswith(f"[PulseView {SECOND_RELEASE}] 5 new gaps, 1 resolved")
    body = _plain(second.get_body(("plain",)).get_content())  # type: ignore[union-attr]  # it has one
    for drift in story.second.drift:
        assert _plain(drift.reason)[:250] in body


def test_the_emails_lead_to_the_page(story: Story) -> None:
    emails = sorted((story.home / "outbox").glob("*.html"))
    assert len(emails) == 2
    assert all("Open the overview" in email.read_text(encoding="utf-8") for email in emails)


def test_hostile_names_stay_names_in_the_mails_html(story: Story) -> None:
    for report in (story.first, story.second):
        html = story.mail(report).get_body(("html",)).get_content()  # type: ignore[union-attr]  # it has one
        assert not any(name in html for name in HOSTILE_NAMES if "<" in name)
        assert "<img src=x" not in html


def test_the_second_night_reads_only_the_changes(story: Story) -> None:
    second = story.said.split("A release ships", 1)[1]
    assert re.search(
        r"Only what changed since the last look was read: \d reported changes, 2 files in new or moved folders of "
        r"Quality and Regulatory\.",  # the new one of release 4.3
        _plain(second),
    )
    assert "4 documents of earlier nights still could not be checked." in second
    assert "1 × files.list" in second
    assert "files.export" not in second.split("scan", 1)[0]


def test_the_story_is_told_in_its_order(story: Story) -> None:
    night = ["sync", "scan", "review", "summarize"]
    told = re.findall(r"^(\w[\w ]*) ─{8,}", story.said, re.MULTILINE)
    assert told == ["A Drive to read", "One click", *night, "A release ships", *night]
    assert "What to try next" in story.said


def test_the_example_of_the_pages_is_this_story(story: Story) -> None:
    """But for its days: where this fails, make it anew by `python -m tests.example`."""
    assert gist(shipped()) == gist(example_of(story.home, story.second))


def gist(example: Example) -> object:
    """What of the example does not hang on the day on which it was made."""
    report = example.report
    return (
        example.company,
        {one.constraint: (one.outcome, one.facets, names(c.file for c in one.citations)) for one in report.standings},
        {(one.kind, one.cause, one.constraint, one.before, one.now, names([one.file])) for one in report.drift},
        {one.file.name: one.because for one in report.unchecked},
        {key: names(one.evidence.file for one in rulings.bearing) for key, rulings in example.rulings.items()},
        {key: [move.outcome for move in moves] for key, moves in example.moves.items()},
    )


def names(files: Iterable[FileRef | None]) -> frozenset[str]:
    return frozenset(file.name for file in files if file)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)
