"""What the pages show, from plain values to HTML."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

from connector import LostBecause
from scanner.model.connection import Connection, ConnectionState, ScanState
from scanner.model.document import DocumentKind
from scanner.model.gap import DriftKind, Evidence, GapReport, Unchecked
from scanner.model.job import Job, JobKind, JobState
from scanner.model.person import Role
from scanner.model.verdict import Citation, FacetState, Outcome, Verdict
from scanner.web.render import Frame, failure_page, page
from scanner.web.views import (
    Progress,
    constraint_page,
    documents_page,
    overview_page,
    progress_of,
)
from tests.report_builders import (
    GUIDE,
    SCAN,
    a_citation,
    a_decided_report,
    a_drift,
    a_pack,
    a_report,
    a_second_report,
    a_standing,
)
from tests.web_builders import a_candidate, a_connection, a_job, a_loss

FRAME = Frame(pack=a_pack(), who="anna@maker.example", place="/products/p1", role=Role.OWNER)
COUNTS = {ScanState.SCANNED: 9, ScanState.TO_SCAN: 4, ScanState.UNDETERMINED: 1}
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>\u202e\x1b[31m'


class _Seen(HTMLParser):
    """Collects what a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.words += "" if tag in {"a", "b", "span"} else " "

    def handle_data(self, data: str) -> None:
        self.words += data


def seen(body: bytes | memoryview) -> _Seen:
    """Parse a page."""
    parser = _Seen()
    parser.feed(bytes(body).decode())
    parser.words = " ".join(parser.words.split())
    return parser


def progress(*jobs: Job) -> Progress:
    """Say what these jobs do for Anna."""
    return progress_of(jobs, counts=COUNTS, connection=a_connection())


def overview(report: GapReport | None, *jobs: Job, connection: Connection | None = None) -> _Seen:
    """Render Anna's overview."""
    values = overview_page(
        connection=connection or a_connection(), pack=a_pack(), report=report, progress=progress(*jobs)
    )
    return seen(page("overview", FRAME, page=values).body)


def test_each_verb_at_work_is_told_in_its_own_sentence() -> None:
    """In the order of the story, with numbers."""
    told = progress(a_job(JobKind.SCAN, JobState.QUEUED), a_job(JobKind.SYNC))
    assert told.live
    assert told.doing == ("Looking through your Drive: 92 files seen.", "Reading documents: 10 of 14.")
    assert (told.scanned, told.candidates) == (10, 14)


def test_a_job_that_is_tried_again_says_why() -> None:
    """A Drive error is shown, never swallowed."""
    told = progress(a_job(JobKind.SYNC, error="Google limits the rate."))
    assert told.doing == ("Looking through your Drive: 92 files seen. Trying again after: Google limits the rate.",)


def test_the_work_of_others_is_not_told() -> None:
    """Neither that it is there, nor why it failed."""
    told = progress(
        a_job(JobKind.SYNC, connection="c-stranger"),
        a_job(JobKind.SYNC, JobState.FAILED, connection="c-stranger", error="secret"),
    )
    assert not told.live
    assert told.doing == ()
    assert told.failed == ()


def test_a_failure_is_told_until_a_later_sync_healed_it() -> None:
    """What failed for good after the last sync; a failed scan is told by its document."""
    synced = a_connection().synced_at
    assert synced is not None
    told = progress(
        a_job(JobKind.SYNC, JobState.FAILED, error="Google refused."),
        a_job(JobKind.REVIEW, JobState.FAILED, error="old", run_at=synced - timedelta(hours=1)),
        a_job(JobKind.SCAN, JobState.FAILED, error="told elsewhere"),
    )
    assert told.failed == ("sync: Google refused.",)


def test_the_overview_shows_outcome_reason_quote_file_and_place() -> None:
    """All ten, and what changed."""
    html = overview(a_second_report())
    for expected in (
        "PulseView 4.3.0 · IEC 81001-5-1 §5.8.2 Security Release Documentation",
        "4 of 10 constraints are not satisfied; 1 could not be checked.",
        "Since 14 May 2026: 3 new gaps, 1 resolved",
        "The 10 constraints",
        "✗ missing Account management",
        "Change the default administrator password.",
        "PulseView Security Guide · page 4, Accounts › Roles",
        "92 files seen, 14 candidates, 13 documents read; the look through the Drive was complete.",
        "Residual Risk signed.pdf, because its 12 pages are pictures without text",
        "Look again now",
    ):
        assert expected in html.words, expected
    drive = [attributes for tag, attributes in html.tags if tag == "a" and attributes.get("href") == GUIDE.link]
    assert drive
    assert all(attributes["rel"] == "noopener noreferrer" for attributes in drive)
    assert [attributes for tag, attributes in html.tags if tag == "a"].count(
        {"href": "/products/p1/constraints/residual-risks"}
    ) == 2


def test_the_audit_defence_stands_there_only_when_the_clause_is_met() -> None:
    """As the review wrote it."""
    assert "Audit defence" not in overview(a_report(Outcome.MISSING)).words
    assert (
        "Audit defence The Security Guide provides."
        in overview(a_report(audit_defence="The Security Guide provides.")).words
    )


def test_a_first_visit_follows_the_work_and_an_idle_page_asks_for_nothing() -> None:
    """The script is loaded only while there is something to follow."""
    busy = overview(None, a_job(JobKind.SYNC))
    assert "Your Drive is being read for the first time." in busy.words
    assert ("script", {"src": "/static/progress.js", "defer": None}) in busy.tags
    assert "Look again now" not in busy.words
    idle = overview(a_report())
    assert "script" not in [tag for tag, _ in idle.tags]
    assert [attributes["data-live"] for _, attributes in idle.tags if "data-live" in attributes] == ["no"]


def test_no_page_holds_inline_script_or_style() -> None:
    """The content security policy would refuse them."""
    html = overview(a_second_report(), a_job(JobKind.SYNC))
    assert all(tag != "style" and "style" not in attributes for tag, attributes in html.tags)
    assert all("src" in attributes for tag, attributes in html.tags if tag == "script")
    for _, attributes in html.tags:
        for name in ("src", "action"):
            assert (attributes.get(name) or "/").startswith("/")


def test_a_lost_consent_is_said_with_a_way_back() -> None:
    """And nothing that cannot work is offered."""
    html = overview(
        a_report(),
        connection=a_connection(state=ConnectionState.CONSENT_LOST, lost=a_loss(LostBecause.ACCOUNT)),
    )
    assert LostBecause.ACCOUNT.title in html.words
    assert LostBecause.ACCOUNT.sentence in html.words
    assert LostBecause.ACCOUNT.what_to_do in html.words
    assert ("a", {"class": "button", "href": "/connections/connect"}) in html.tags
    assert "Look again now" not in html.words


def test_where_a_click_does_not_help_none_is_offered() -> None:
    """A service account's delegation is the administrator's to give."""
    lost = a_connection(state=ConnectionState.CONSENT_LOST, lost=a_loss(LostBecause.DELEGATION))
    html = overview(a_report(), connection=lost)
    assert LostBecause.DELEGATION.title in html.words
    assert "Connect again" not in html.words


def test_the_documents_page_says_what_flagged_each_and_why_it_could_not_be_checked() -> None:
    """What could not be checked comes first."""
    rows = documents_page(
        [
            a_candidate(),
            a_candidate("Locked.pdf", ScanState.UNDETERMINED, "it is encrypted"),
            a_candidate("New.pdf", ScanState.TO_SCAN),
        ],
        pack=a_pack(),
    )
    assert [row.file.name for row in rows.rows] == ["Locked.pdf", "New.pdf", "PulseView Security Guide"]
    words = seen(page("documents", FRAME, page=rows).body).words
    for expected in (
        "3 candidates, 1 could not be checked, 1 waiting to be read",
        "Could not check, because it is encrypted",
        "Flagged by FILE_EXISTS: “Security Guide” in its name",
        "4,211 words, document PV-SEC-001, speaks of PulseView 4.2.x",
    ):
        assert expected in words, expected


def an_evidence(outcome: Outcome, name: str) -> Evidence:
    """Build a scanned document with a verdict on account management."""
    citations = (
        ()
        if outcome is Outcome.MISSING
        else (Citation(quote=f"Quoted from {name}.", locator=a_citation().locator, facet="main"),)
    )
    verdict = Verdict(
        constraint="account-management",
        outcome=outcome,
        reason=f"{name} is {outcome.words}.",
        facets={"main": FacetState.MET},
        citations=citations,
    )
    facts = a_candidate().facts
    assert facts is not None
    return Evidence(file=replace(GUIDE, name=name), facts=facts, verdicts=(verdict,))


def test_a_constraint_shows_all_its_citations_parts_and_documents() -> None:
    """The documents that give most come first."""
    report = a_report()
    standing = a_standing(
        "account-management", Outcome.SATISFIED, citations=(a_citation(), a_citation(SCAN, "A second quote."))
    )
    report = replace(report, standings=(*report.standings[:3], standing, *report.standings[4:]))
    evidence: Sequence[Evidence] = [an_evidence(Outcome.MISSING, "Empty"), an_evidence(Outcome.SATISFIED, "Full")]
    values = constraint_page(a_pack().constraints[3], pack=a_pack(), report=report, evidence=evidence)
    html = seen(page("constraint", FRAME, page=values).body)
    words, opened = html.words, [dict(attributes).get("href") for tag, attributes in html.tags if tag == "a"]
    assert opened.count(f"{GUIDE.link}#page=4") == 2  # beside the proof, and beside the document that it stands in
    for expected in (
        "Account management guidelines must be provided where applicable.",
        "From the clause's own text: IEC 81001-5-1 §5.8.2",
        "met what it asks needed an action",
        "A second quote. Residual Risk signed.pdf",
        "Quoted from Full.",
    ):
        assert expected in words, expected
    assert words.index("What proves it") < words.index("Its parts")
    assert words.index("Full is satisfied.") < words.index("Empty is missing.")


def test_documents_that_give_nothing_are_one_list_that_says_which_and_why() -> None:
    """Decoys do not drown what matters, and nothing is left out."""
    facts = an_evidence(Outcome.MISSING, "any").facts
    template, marketing = replace(facts, kind=DocumentKind.TEMPLATE), replace(facts, kind=DocumentKind.MARKETING)
    evidence = [replace(an_evidence(Outcome.MISSING, f"Form {number}"), facts=template) for number in range(12)]
    evidence += [replace(an_evidence(Outcome.MISSING, f"Flyer {number}"), facts=marketing) for number in range(3)]
    cut = replace(an_evidence(Outcome.UNDETERMINED, "Long.txt"), unread="the rest of it was not read")
    values = constraint_page(
        a_pack().constraints[3],
        pack=a_pack(),
        report=a_report(),
        evidence=[*evidence, cut, an_evidence(Outcome.PARTIAL, "Guide")],
    )
    assert [one.file.name for one in values.documents] == ["Guide"]
    assert [one.said for one in values.silent] == [
        "1 document could be read only in part: 1 operator guide",
        "15 documents read without a word that gives it: 12 templates, 3 marketing texts",
    ]
    html = seen(page("constraint", FRAME, page=values).body)
    assert [tag for tag, _ in html.tags].count("article") == 1
    assert [tag for tag, _ in html.tags].count("details") == 2
    assert "Flyer 2 is missing." in html.words


def test_a_document_that_does_not_count_stands_last_and_says_so() -> None:
    """The cards add up to what the standing counts."""
    old = an_evidence(Outcome.SATISFIED, "Guide 3")
    old = replace(old, file=replace(old.file, id="old", path="My Drive / Archive"))
    now = an_evidence(Outcome.PARTIAL, "Guide 4")
    values = constraint_page(a_pack().constraints[3], pack=a_pack(), report=a_report(), evidence=[old, now])
    assert [(one.file.name, one.relied_on) for one in values.documents] == [("Guide 4", True), ("Guide 3", False)]
    words = seen(page("constraint", FRAME, page=values).body).words
    assert words.count("It does not count: it is superseded, archived or about another product.") == 1


def test_quotes_of_parts_that_are_only_touched_on_do_not_stand_under_what_proves_it() -> None:
    """They mention it and do not give it."""
    touched = replace(a_citation(), quote="Rights of the folder are listed.", facet="other")
    facets = (("main", FacetState.MET), ("other", FacetState.TOUCHED))
    standing = a_standing("account-management", Outcome.PARTIAL, citations=(a_citation(), touched), facets=facets)
    report = a_report()
    report = replace(report, standings=(*report.standings[:3], standing, *report.standings[4:]))
    values = constraint_page(a_pack().constraints[3], pack=a_pack(), report=report, evidence=())
    assert [one.quote for one in values.proofs] == ["Change the default administrator password."]
    assert [one.quote for one in values.mentions] == ["Rights of the folder are listed."]
    words = seen(page("constraint", FRAME, page=values).body).words
    assert words.index("Mentions it, but does not give it") < words.index("Rights of the folder are listed.")


def test_stale_documents_are_one_card_on_the_overview() -> None:
    """As in the mail, by the same grouping."""
    stale = tuple(
        a_drift(
            DriftKind.STALE,
            "updated-each-release",
            reason=f"M{n}.pdf applies to 4.2.",
            file=replace(GUIDE, name=f"M{n}.pdf"),
        )
        for n in range(8)
    )
    html = overview(a_report(drift=stale, since=a_second_report().since))
    assert html.words.count("Stale Updated each release") == 1
    assert "M7.pdf applies to 4.2." in html.words


def test_a_constraint_before_the_first_review_is_not_judged() -> None:
    """Nothing is claimed."""
    values = constraint_page(a_pack().constraints[3], pack=a_pack(), report=None, evidence=())
    assert "not judged what it asks" in seen(page("constraint", FRAME, page=values).body).words


def test_hostile_names_stay_words_on_every_page() -> None:
    """No tag and no control character of theirs gets through."""
    file = replace(GUIDE, name=HOSTILE, path=HOSTILE, link="javascript:alert(1)")
    report = replace(
        a_second_report(),
        product=HOSTILE,
        drift=(a_drift(a_second_report().drift[0].kind, reason=HOSTILE, file=file, old_quote=HOSTILE),),
        unchecked=(Unchecked(file=file, because=HOSTILE),),
        standings=(
            replace(
                a_standing("account-management", Outcome.PARTIAL, reason=HOSTILE),
                citations=(a_citation(file, HOSTILE),),
            ),
        ),
    )
    values = overview_page(connection=a_connection(email=HOSTILE), pack=a_pack(), report=report, progress=progress())
    known = a_candidate(HOSTILE, ScanState.UNDETERMINED, HOSTILE)
    bodies = (
        page("overview", FRAME, page=values).body,
        page("documents", FRAME, page=documents_page([known], pack=a_pack())).body,
        page(
            "constraint",
            FRAME,
            page=constraint_page(
                a_pack().constraints[3], pack=a_pack(), report=report, evidence=[an_evidence(Outcome.MISSING, HOSTILE)]
            ),
        ).body,
        failure_page(FRAME, status=400, title=HOSTILE, sentence=HOSTILE, what_to_do=HOSTILE).body,
    )
    for body in bodies:
        html = seen(body)
        names = [tag for tag, _ in html.tags]
        assert "script" not in names
        assert names.count("img") == 1  # the brand's
        assert not [name for _, attributes in html.tags for name in attributes if name.startswith("on")]
        assert b"javascript:" not in bytes(body).replace(b"&lt;", b"")
        assert not {"\u202e", "\x1b"} & set(bytes(body).decode())


def test_nobody_sees_the_landing_page_with_the_three_promises() -> None:
    """What is read, what is kept, what never happens, and one button."""
    html = seen(page("landing", Frame(pack=a_pack())).body)
    for expected in ("What is read", "What is kept", "What never happens", "Connect Google Drive"):
        assert expected in html.words
    assert ("a", {"class": "google", "href": "/connections/connect"}) in html.tags
    assert "Sign out" not in html.words


def test_the_overview_shows_what_is_waived_what_waits_and_what_our_judging_changed() -> None:
    """A waived gap is never shown as satisfied."""
    words = overview(a_decided_report()).words
    for expected in (
        "✗ missing Residual risks waived",
        "Waived by Mara Voss until 31 August 2026: The report comes with 4.4.",
        "Is this your newest release: 4.4.0 (GitHub: maker/pulseview)? Say yes or no",
        "Our judging changed.",
        "What our judging changed",
        "last reviewed on 15 May 2026",
    ):
        assert expected in words, expected


def test_a_constraint_shows_its_decision_and_the_seven_questions() -> None:
    """Each with its outcome and citation."""
    pack, report = a_pack(), a_decided_report()

    def words(place: int) -> str:
        values = constraint_page(pack.constraints[place], pack=pack, report=report, evidence=[])
        return seen(page("constraint", FRAME, page=values).body).words

    assert "Waived by Mara Voss until 31 August 2026" in words(4)
    expected = (
        "Seven questions about the newest release ✗ missing Security in the release notes "
        "Release Notes 4.3.0.docx says nothing of security. The list opens faster. Release Notes 4.3.0.docx"
    )
    assert expected in words(9)
