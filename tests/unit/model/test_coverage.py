"""How much of the source stands behind a report, in words that nobody can take for more than it is."""

from datetime import UTC, datetime

import pytest

from connector import Completeness, Coverage, SyncKind
from scanner.model.coverage import coverage_words, looked_through
from scanner.model.gap import CorpusLine, CoverageLine, WholeLook

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def line(*corpora: CorpusLine, unreadable: dict[str, int] | None = None, because: str = "") -> str:
    whole = WholeLook(at=AT, corpora=corpora, unreadable=unreadable or {}) if corpora else None
    seen = CoverageLine(complete=not because, because=because, files=104, candidates=27, scanned=1, whole=whole)
    return coverage_words(seen)


def test_what_was_seen_is_counted_and_called_complete_only_where_it_is() -> None:
    assert line() == "104 files seen, 27 candidates, 1 document read; the look through the Drive was complete."
    part = CoverageLine(complete=True, because="", files=2, candidates=2, scanned=2, in_part=1)
    assert "2 documents read (1 only in part);" in coverage_words(part)
    assert line(because="Quality did not answer.").endswith("was incomplete, because Quality did not answer.")


def test_each_corpus_is_compared_with_the_look_before() -> None:
    words = line(
        CorpusLine(name="My Drive", files=1061, before=1059),
        CorpusLine(name="Quality", files=0, before=31),
        CorpusLine(name="Regulatory", files=12, before=12),
    )
    assert words.endswith(
        "All of it was last looked at on 24 November 2026: My Drive 1,061 (+2 since the look before), "
        "Quality 0 (-31 since the look before), Regulatory 12."
    )


def test_the_first_look_has_nothing_to_compare_with() -> None:
    assert line(CorpusLine(name="My Drive", files=3)).endswith("on 24 November 2026: My Drive 3.")


def test_of_many_corpora_the_largest_are_named_and_the_others_counted() -> None:
    words = line(*(CorpusLine(name=f"Drive {n}", files=10 * n, before=0) for n in range(1, 8)))
    assert "Drive 7 70 (+70 since the look before), Drive 6 60" in words
    assert words.endswith("3 others 60 (+60 since the look before).")


def test_files_that_cannot_be_read_are_told_with_their_reasons() -> None:
    why = {"it is larger than 100 MB": 1, "its owner has switched off downloading": 40, "a": 2, "b": 1}
    words = line(CorpusLine(name="My Drive", files=50), unreadable=why)
    assert words.endswith(
        "Not readable: 40 files because its owner has switched off downloading; 2 files because a; "
        "1 file because b; and 1 file for other reasons."
    )


def a_coverage(**changes: object) -> Coverage:
    fields: dict[str, object] = {"kind": SyncKind.FULL, "completeness": Completeness.COMPLETE, "sync_id": "s"}
    return Coverage(**{**fields, **changes})  # type: ignore[arg-type]  # a test names the right fields


@pytest.mark.parametrize(
    ("coverage", "said"),
    [
        (
            a_coverage(listed={"My Drive": 58, "Quality": 1}),
            "Everything was looked through: 58 files in My Drive, 1 file in Quality.",
        ),
        (
            a_coverage(kind=SyncKind.INCREMENTAL, listed={"changed": 3, "Q": 2}),
            "Only what changed since the last look was read: 3 reported changes, 2 files in new or moved folders of Q.",
        ),
        (a_coverage(kind=SyncKind.INCREMENTAL), "Only what changed since the last look was read: nothing."),
        (
            a_coverage(completeness=Completeness.INCOMPLETE, because="Quality could not be listed."),
            "Everything was looked through: no file; it is incomplete, because Quality could not be listed.",
        ),
    ],
)
def test_how_far_a_look_went_is_said_in_a_sentence(coverage: Coverage, said: str) -> None:
    assert looked_through(coverage) == said
