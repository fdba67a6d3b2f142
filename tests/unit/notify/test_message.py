"""The gap summary as it is written."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model.gap import CoverageLine, DriftKind, FileRef, GapReport, Unchecked
from scanner.model.release import Release
from scanner.model.verdict import Outcome
from scanner.notify.base import Message
from scanner.notify.letter import Part
from scanner.notify.message import MAX_HTML_BYTES, Envelope, write
from scanner.notify.mime import compose
from tests.builders import NOON
from tests.report_builders import (
    GUIDE,
    SCAN,
    a_citation,
    a_drift,
    a_pack,
    a_report,
    a_second_report,
    a_standing,
)

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>\r\nBcc: x@evil.example\u202e\x1b[31m'


class _Seen(HTMLParser):
    """Collects what a browser would make of a mail."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


def seen(html: str) -> _Seen:
    """Parse a mail's HTML."""
    parser = _Seen()
    parser.feed(html)
    parser.words = " ".join(parser.words.split())
    return parser


def written(report: GapReport, page_link: str = "https://crosswalk.example/", **how: Any) -> Message:
    """Write a report to Anna."""
    envelope = Envelope(id=report.id, to="anna@maker.example", page_link=page_link)
    return write([Part(report=report, pack=a_pack(), **how)], envelope)


@pytest.mark.parametrize(
    ("report", "subject"),
    [
        (
            a_report(Outcome.MISSING, Outcome.PARTIAL, Outcome.MISSING),
            "[PulseView 4.3.0] 3 gaps – IEC 81001-5-1 §5.8.2",
        ),
        (a_report(Outcome.MISSING), "[PulseView 4.3.0] 1 gap – IEC 81001-5-1 §5.8.2"),
        (a_report(), "[PulseView 4.3.0] no gaps – IEC 81001-5-1 §5.8.2"),
        (a_report(audit_defence="Met."), "[PulseView 4.3.0] clause met – IEC 81001-5-1 §5.8.2"),
        (a_report(Outcome.UNDETERMINED), "[PulseView 4.3.0] no gaps, 1 undetermined – IEC 81001-5-1 §5.8.2"),
        (
            a_report(unchecked=(Unchecked(file=SCAN, because="it is encrypted"),)),
            "[PulseView 4.3.0] no gaps, 1 file unchecked – IEC 81001-5-1 §5.8.2",
        ),
        (a_second_report(), "[PulseView 4.3.0] 3 new gaps, 1 resolved, 1 undetermined – IEC 81001-5-1 §5.8.2"),
        (
            a_report(Outcome.MISSING, since=a_second_report().since),
            "[PulseView 4.3.0] nothing changed, 1 gap – IEC 81001-5-1 §5.8.2",
        ),
        (
            a_report(
                since=a_second_report().since,
                drift=(a_drift(DriftKind.WON, before=Outcome.MISSING, now=Outcome.SATISFIED),),
                audit_defence="Met.",
            ),
            "[PulseView 4.3.0] 1 resolved, clause met – IEC 81001-5-1 §5.8.2",
        ),
        (
            a_report(Outcome.UNDETERMINED, since=a_second_report().since, drift=(a_drift(DriftKind.UNDETERMINED_NOW),)),
            "[PulseView 4.3.0] 1 could not check – IEC 81001-5-1 §5.8.2",
        ),
        (a_report(product="", release=None), "[Your product] no gaps – IEC 81001-5-1 §5.8.2"),
    ],
)
def test_the_subject_says_the_news(report: GapReport, subject: str) -> None:
    """Each kind of night has its own subject."""
    assert written(report).subject == subject


def test_what_was_lost_comes_first_and_what_was_won_last() -> None:
    """Whatever the order in the report: lost, stale, could not check, won; then the gaps."""
    message = written(a_second_report())
    for text in (message.text, seen(message.html).words):
        places = [
            re.search(pattern, text, re.IGNORECASE).start()  # type: ignore[union-attr]  # a missing one must fail
            for pattern in (
                r"Lost:? Account management",
                r"Lost:? Secure configuration",
                r"Stale:? Updated each",
                r"Resolved\W+Residual",
                "Still open",
                "Could not check",
                "All 10",
            )
        ]
        assert places == sorted(places)


def test_a_message_leads_to_the_page_where_there_is_one() -> None:
    """Else no line and no button speaks of one."""
    for page, said in (("https://crosswalk.example/", True), ("", False)):
        message = written(a_second_report(), page_link=page)
        assert ("Open the overview" in seen(message.html).words) is said
        assert ("crosswalk.example" in message.text) is said


def test_both_parts_carry_reason_file_link_quote_and_place() -> None:
    """The proof travels with the claim."""
    message = written(a_second_report(), quotes=True)
    html = seen(message.html)
    for expected in (
        "PulseView Security Guide was edited: the account life cycle is no longer described.",
        "There stood: “Disable an account as soon as its owner leaves.”",
        "was satisfied, now missing",
        "Newest release: 4.3.0 of 14 May 2026 (release notes: Release Notes 4.3.0.docx).",
        "Residual Risk signed.pdf, because its 12 pages are pictures without text",
        "4 of 10 constraints are not satisfied; 1 could not be checked.",
        "92 files seen, 14 candidates, 13 documents read; the look through the Drive was complete.",
        "judge facets-1",
    ):
        assert expected in " ".join(message.text.split()), expected
        assert expected in html.words, expected
    assert ("href", GUIDE.link) in html.attributes
    assert GUIDE.link in message.text
    assert ("href", "https://crosswalk.example/") in html.attributes


def test_a_passage_stands_there_only_where_the_customer_chose_it() -> None:
    """Nor does its heading; where the document lies always does."""
    for quotes in (False, True):
        message = written(a_report(Outcome.PARTIAL, drift=(a_drift(DriftKind.LOST),)), quotes=quotes)
        for body in (" ".join(message.text.split()), seen(message.html).words):
            for passage in (
                "“Change the default administrator password.”",
                "page 4, Accounts › Roles",
                "“Disable an account as soon as its owner leaves.”",
            ):
                assert (passage in body) is quotes
            assert "My Drive / Security" in body


def test_an_undetermined_constraint_is_never_listed_as_a_gap() -> None:
    """Even if a severity was set on it, it stands under *could not check*."""
    standing = a_standing("secure-operation", Outcome.UNDETERMINED, severity="high", reason="The guide is encrypted.")
    report = a_report()
    message = written(replace(report, standings=(standing, *report.standings[1:])))
    assert "OPEN GAPS" not in message.text
    assert "Secure operation: The guide is encrypted." in message.text
    assert message.subject.startswith("[PulseView 4.3.0] no gaps, 1 undetermined")


def test_an_incomplete_look_through_the_drive_is_said_with_its_cause() -> None:
    """Nobody may take half a Drive for the whole."""
    coverage = CoverageLine(
        complete=False, because="the shared drive Quality did not answer", files=40, candidates=3, scanned=3
    )
    message = written(a_report(coverage=coverage))
    for text in (" ".join(message.text.split()), seen(message.html).words):
        assert text.count("incomplete, because the shared drive Quality did not answer") == 2


@pytest.mark.parametrize("defence", ["", "The Security Guide released with PulseView (Doc ID: PV-SEC-001) provides."])
def test_the_audit_defence_stands_there_only_where_the_clause_is_met(defence: str) -> None:
    """Set by the review, printed as it is, never otherwise."""
    message = written(a_report(audit_defence=defence))
    assert ("AUDIT DEFENCE" in message.text) == bool(defence)
    assert ("Audit defence" in message.html) == bool(defence)
    assert defence in " ".join(message.text.split())


def test_a_first_mail_does_not_speak_of_changes_and_an_unknown_release_is_said() -> None:
    """No invented past, no invented release."""
    message = written(a_report(release=None))
    assert "Since" not in message.text
    assert "SINCE THE LAST MAIL" not in message.text
    assert "No release is known yet." in message.text


def test_a_report_of_the_same_day_says_the_time_as_well() -> None:
    """Or "since 15 May" would say nothing."""
    report = a_second_report(since=a_report().created_at.replace(hour=1, minute=5))
    assert "Since the last mail, of 15 May 2026, 01:05 UTC: 3 new gaps" in written(report).text
    assert "Since the last mail, of 14 May 2026: 3 new gaps" in written(a_second_report()).text


def test_documents_that_are_stale_for_one_reason_stand_under_one_heading() -> None:
    """A reader takes eight files in as one thing."""
    names = [f"Manual {number}.pdf" for number in range(8)]
    stale = tuple(
        a_drift(
            DriftKind.STALE,
            "updated-each-release",
            reason=f"{name} applies to 4.2; the newest release is 4.3.0.",
            file=replace(GUIDE, name=name),
            old_quote="",
        )
        for name in names
    )
    message = written(a_report(drift=stale, since=a_second_report().since))
    assert message.text.count("STALE: Updated each release") == 1
    words = seen(message.html).words
    assert words.count("Stale") == 1
    assert all(f"{name} applies to 4.2; the newest release is 4.3.0." in words for name in names)


def test_what_could_not_be_checked_is_news_once_and_what_was_read_in_part_says_so() -> None:
    """The subject of a later mail does not repeat it, the mail says still."""
    locked = Unchecked(file=SCAN, because="it is encrypted")
    cut = Unchecked(file=GUIDE, because="page 9 is damaged and was not read", in_part=True)
    seen_of_it = replace(a_report().coverage, in_part=1)
    first = written(a_report(Outcome.MISSING, unchecked=(locked, cut), coverage=seen_of_it))
    assert first.subject == "[PulseView 4.3.0] 1 gap, 2 files unchecked – IEC 81001-5-1 §5.8.2"
    for body in (" ".join(first.text.split()), seen(first.html).words):
        assert "Residual Risk signed.pdf, because it is encrypted" in body
        assert "PulseView Security Guide was read only in part, because page 9 is damaged and was not read" in body
        assert "13 documents read (1 only in part)" in body
    again = tuple(replace(one, still=True) for one in (locked, cut))
    second = written(a_second_report(unchecked=again, standings=a_report(Outcome.MISSING).standings))
    assert second.subject == "[PulseView 4.3.0] 3 new gaps, 1 resolved – IEC 81001-5-1 §5.8.2"
    assert "Residual Risk signed.pdf still could not be checked, because it is encrypted" in seen(second.html).words
    clean = written(a_report(unchecked=again, since=a_second_report().since))
    assert clean.subject == "[PulseView 4.3.0] nothing changed, no gaps, 2 files unchecked – IEC 81001-5-1 §5.8.2"


def test_rows_beyond_the_cap_are_counted() -> None:
    """Nothing falls away in silence."""
    many = tuple(Unchecked(file=replace(SCAN, name=f"Scan {n}.pdf"), because="it is encrypted") for n in range(30))
    message = written(a_report(unchecked=many, drift=tuple(a_drift(DriftKind.LOST) for _ in range(28))))
    for body in (message.text, seen(message.html).words):
        assert "… and 24 more." in body
        assert "… and 8 more." in body
        assert "Scan 5.pdf" in body
        assert "Scan 6.pdf" not in body


def hostile_report(text: str, links: str = "javascript:alert(1)") -> GapReport:
    """Put a hostile text into every place that a stranger can fill."""
    file = FileRef(id=text, name=text, path=text, link=links)
    plain = a_report()
    return replace(
        plain,
        id=text,
        product=text,
        release=Release(product=text, version=text, released_on=None, source=text),
        standings=tuple(
            replace(
                a_standing(standing.constraint, Outcome.PARTIAL, reason=text),
                citations=(a_citation(file, text),),
            )
            for standing in plain.standings
        ),
        unchecked=(Unchecked(file=file, because=text),) * 9,
        drift=(a_drift(DriftKind.LOST, constraint=text, reason=text, file=file, old_quote=text),) * 13,
        since=a_second_report().since,
        audit_defence=text,
        judge=text,
        coverage=CoverageLine(complete=False, because=text, files=1, candidates=1, scanned=1),
    )


def test_hostile_names_stay_words() -> None:
    """No tag, no attribute, no header line, no control character of theirs gets through."""
    message = written(hostile_report(HOSTILE), page_link="javascript:alert(3)")
    html = seen(message.html)
    assert not {"script", "img", "iframe", "object", "form"} & set(html.tags)
    assert not [name for name, _ in html.attributes if name.startswith("on")]
    assert not [value for name, value in html.attributes if name in {"href", "src"}]
    assert "\r" not in message.subject
    assert "\n" not in message.subject
    for part in (message.subject, message.text, message.html):
        assert "\x1b" not in part
        assert "\u202e" not in part
    mail = message_from_bytes(compose(message, sender="crosswalk@c.example", date=NOON).as_bytes(), policy=default)
    assert mail["Bcc"] is None
    assert [one.addr_spec for one in mail["To"].addresses] == ["anna@maker.example"]


@settings(max_examples=3, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>&\"'é漢\u202e\n "), min_size=1, max_size=240), st.sampled_from([1, 30]))
def test_the_html_stays_small_enough_for_gmail(text: str, parts: int) -> None:
    """Whatever strangers write, and however many rows there are."""
    part = Part(report=hostile_report(text, links="https://drive.google.com/" + "&" * 500), pack=a_pack())
    message = write(
        [part] * parts, Envelope(id="m", to="anna@maker.example", unsubscribe="https://c.example/" + "&" * 500)
    )
    assert len(message.html.encode()) <= MAX_HTML_BYTES


def test_the_same_report_gives_the_same_message() -> None:
    """A retry must not look like news."""
    assert written(a_second_report()) == written(a_second_report())


def test_a_constraint_that_the_pack_no_longer_has_is_named_by_its_id() -> None:
    """An old report can still be read after the pack changed."""
    message = written(a_report(drift=(a_drift(DriftKind.LOST, constraint="gone-by-now"),), since=a_report().created_at))
    assert "LOST: gone-by-now" in message.text


def test_no_line_of_the_text_part_is_too_long_to_read() -> None:
    """Only a link may be longer than 76 characters."""
    lines = written(a_second_report()).text.splitlines()
    assert [line for line in lines if len(line) > 76 and "https://" not in line] == []
