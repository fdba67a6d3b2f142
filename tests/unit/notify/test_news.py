"""News in a reader's order: counted in the subject, grouped by whose documents it is about."""

from dataclasses import replace

import pytest

from scanner.model.gap import Drift, DriftKind, GapReport
from scanner.model.verdict import Outcome
from scanner.notify.letter import Part
from scanner.notify.message import Envelope, subject_of, write
from scanner.notify.news import by_owner, counts, news_of
from tests.report_builders import GUIDE, NOTES, a_drift, a_pack, a_report, a_standing

LOST, STALE, WON = DriftKind.LOST, DriftKind.STALE, DriftKind.WON


def said(*drift: Drift, again: frozenset[str] = frozenset()) -> str:
    return ", ".join(counts(news_of(a_report(drift=drift), again=again)))


@pytest.mark.parametrize(
    ("drift", "expected"),
    [
        ((a_drift(LOST),), "1 new gap"),
        ((a_drift(LOST), a_drift(LOST)), "1 new gap"),
        ((a_drift(LOST, "residual-risks"), a_drift(LOST)), "2 new gaps"),
        ((a_drift(LOST, before=Outcome.PARTIAL),), "1 worse"),
        ((a_drift(STALE, now=Outcome.PARTIAL), a_drift(STALE, now=Outcome.PARTIAL)), "1 new gap"),
        ((a_drift(STALE, before=Outcome.PARTIAL, now=Outcome.PARTIAL),) * 3, "3 stale"),
        ((a_drift(DriftKind.WAIVER_EXPIRED, before=Outcome.MISSING),), "1 new gap"),
        ((a_drift(DriftKind.CONTRADICTED, before=Outcome.NOT_APPLICABLE),), "1 new gap"),
        ((a_drift(DriftKind.CONTRADICTED, before=Outcome.NOT_APPLICABLE, now=Outcome.SATISFIED),), "1 contradicted"),
        ((a_drift(DriftKind.WAIVER_ENDING, before=Outcome.MISSING),), "1 waiver ending"),
        ((a_drift(DriftKind.UNDETERMINED_NOW, now=Outcome.UNDETERMINED),), "1 could not check"),
        ((a_drift(WON, before=Outcome.MISSING, now=Outcome.SATISFIED),), "1 resolved"),
        ((a_drift(WON, before=Outcome.MISSING, now=Outcome.PARTIAL),), "1 better"),
    ],
)
def test_each_kind_of_news_is_counted_once(drift: tuple[Drift, ...], expected: str) -> None:
    assert said(*drift) == expected


def test_a_gap_that_had_been_closed_once_came_back() -> None:
    assert said(a_drift(LOST), a_drift(LOST, "residual-risks"), again=frozenset({"residual-risks"})) == (
        "1 new gap, 1 came back"
    )


def test_news_is_grouped_by_whose_documents_it_is_about_where_there_are_several_people() -> None:
    mara, olive = replace(GUIDE, owner="Mara"), replace(NOTES, owner="Olive")
    shared = replace(GUIDE, id="f9", name="Shared.pdf")
    drift = (a_drift(LOST, file=olive), a_drift(LOST, file=shared), a_drift(LOST, file=mara))
    assert [one.owner for one in by_owner(drift)] == ["Mara", "Olive", ""]
    assert [one.owner for one in by_owner(drift[:1])] == [""]
    assert by_owner(()) == ()
    mail = write([Part(report=told(*drift), pack=a_pack())], Envelope(id="m", to="anna@maker.example"))
    for body in (mail.text, mail.html):
        places = [body.index(word) for word in ("Documents of Mara", "Documents of Olive", "Other documents")]
        assert places == sorted(places)
        assert "wner Mara" not in body  # said once


def test_one_owner_stands_beside_his_document() -> None:
    mail = write(
        [Part(report=told(a_drift(LOST, file=replace(GUIDE, owner="Mara"))), pack=a_pack())],
        Envelope(id="m", to="anna@maker.example"),
    )
    assert "(owner Mara)" in mail.text
    assert "owner Mara" in mail.html


def test_several_clauses_of_one_product_share_a_subject() -> None:
    other = replace(a_pack(), standard="EXAMPLE", clause="3")
    one = Part(report=a_report(Outcome.MISSING), pack=a_pack())
    own = Part(report=a_report(product="InfuSet"), pack=a_pack())
    assert subject_of([one, Part(report=a_report(), pack=other)]) == (
        "[PulseView 4.3.0] 1 gap – IEC 81001-5-1 §5.8.2; no gaps – EXAMPLE §3"
    )
    assert subject_of([one, own]) == (
        "[PulseView 4.3.0] 1 gap – IEC 81001-5-1 §5.8.2; [InfuSet 4.3.0] no gaps – IEC 81001-5-1 §5.8.2"
    )


def test_what_is_told_as_news_is_not_told_once_more_among_the_open_gaps() -> None:
    gone = a_standing("account-management", Outcome.MISSING, reason="Nobody gives it any more.")
    report = told(a_drift(LOST))
    standings = tuple(gone if one.constraint == gone.constraint else one for one in report.standings)
    mail = write([Part(report=replace(report, standings=standings), pack=a_pack())], Envelope(id="m", to="a@b.example"))
    assert "STILL OPEN" not in mail.text
    assert "Nobody gives it any more." not in mail.text


def told(*drift: Drift) -> GapReport:
    return a_report(drift=drift, since=a_report().created_at)
