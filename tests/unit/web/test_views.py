"""What the pages show, from plain values to HTML."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

from msgspec import structs

from connector import LostBecause
from scanner.model.candidate import Scanned, SignalHit
from scanner.model.connection import Connection, ConnectionState, ScanState
from scanner.model.document import DocumentKind
from scanner.model.gap import DriftKind, Evidence, GapReport, Overtaken, Unchecked
from scanner.model.job import Job, JobKind, JobState
from scanner.model.objection import Objected
from scanner.model.person import Role
from scanner.model.ruling import Reading, Rejected, Ruling, Rulings
from scanner.model.suggestion import Suggestion, SuggestionState
from scanner.model.verdict import Citation, FacetState, Outcome, Verdict
from scanner.pipeline.suggest import ACCEPTED
from scanner.web.constraint import ConstraintPage, constraint_page, said_of
from scanner.web.documents import Asked, DocumentsPage, Suggested, documents_page
from scanner.web.render import Frame, failure_page, page
from scanner.web.views import Progress, overview_page, progress_of
from tests.builders import a_waiver, an_objection
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
from tests.web_builders import NOW, a_candidate, a_connection, a_job, a_loss

FRAME = Frame(pack=a_pack(), who="anna@maker.example", place="/products/p1", role=Role.OWNER)
COUNTS = {ScanState.SCANNED: 9, ScanState.TO_SCAN: 4, ScanState.UNDETERMINED: 1}
SAID = said_of("account-management", waivers=(), objections=(), today=NOW.date())
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
    mine = [job for job in jobs if job.connection == a_connection().id]
    at_work = {job.kind for job in mine if job.state in {JobState.QUEUED, JobState.RUNNING}}
    return progress_of(jobs, at_work=at_work, counts=COUNTS, connection=a_connection())


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


def documents(*candidates: Scanned, found: int = 0, asked: Asked | None = None, **suggested: object) -> DocumentsPage:
    """Build the page Documents of these candidates."""
    return documents_page(
        candidates,
        found=found or len(candidates),
        asked=asked or Asked(),
        counts=Counter(one.state for one in candidates),
        suggested=Suggested(**suggested),  # type: ignore[arg-type]  # a test names the right fields
    )


def test_the_documents_page_says_what_flagged_each_and_why_it_could_not_be_checked() -> None:
    """With how many there are of each."""
    accepted = a_candidate("Monday.md")
    hits = (SignalHit(signal=ACCEPTED, field="suggestion", text="bert@maker.example"),)
    accepted = replace(accepted, candidate=replace(accepted.candidate, hits=hits))
    rows = documents(
        a_candidate("Locked.pdf", ScanState.UNDETERMINED, "it is encrypted"),
        a_candidate("New.pdf", ScanState.TO_SCAN),
        a_candidate(),
        accepted,
    )
    words = seen(page("documents", FRAME, page=rows, progress=None).body).words
    for expected in (
        "4 candidates, 1 could not be checked, 1 waiting to be read",
        "Could not check, because it is encrypted",
        "Flagged by “Security Guide” in its name",
        "4,211 words, document PV-SEC-001, speaks of PulseView 4.2.x",
        "Flagged by bert@maker.example, who accepted it",
    ):
        assert expected in words, expected


def test_a_long_list_leads_to_its_other_parts_with_what_was_asked_for() -> None:
    """By plain links, which any browser follows."""
    asked = Asked(state=ScanState.UNDETERMINED, words="a&b <x>", page=3)
    html = seen(page("documents", FRAME, page=documents(a_candidate(), found=1234, asked=asked), progress=None).body)
    links = [attributes["href"] or "" for tag, attributes in html.tags if tag == "a" and "rel" in attributes]
    for rel, link in (("2", links[1]), ("4", links[2])):
        assert f"?state=undetermined&q=a%26b+%3Cx%3E&page={rel}" in link
    assert "1,234 candidates, 101 to 101, what could not be checked first" in html.words
    assert "Part 3 of 25" in html.words


def test_an_empty_list_says_why_it_is_empty() -> None:
    """Nothing found yet, nothing like that, or a part that is not there."""
    for asked, found, expected in (
        (Asked(), 0, "There is no candidate yet"),
        (Asked(words="x"), 0, "No candidate is like that."),
        (Asked(page=9), 60, "This part is empty: there are 2."),
    ):
        values = replace(documents(asked=asked), found=found)
        assert expected in seen(page("documents", FRAME, page=values, progress=None).body).words


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


READING = Reading(revision="sha256 3f2a9c81b07d", modified_at=NOW - timedelta(days=40), read_at=NOW)


def constraint(
    *evidence: Evidence, place: int = 3, report: GapReport | None = None, reading: Reading = READING, **values: object
) -> ConstraintPage:
    """Build the page of a constraint of which these documents give something."""
    bearing = tuple(Ruling(evidence=one, reading=reading) for one in evidence)
    rulings = Rulings(bearing=bearing, **values)  # type: ignore[arg-type]  # a test names the right fields
    return constraint_page(a_pack().constraints[place], pack=a_pack(), report=report, rulings=rulings, said=SAID)


def test_a_constraint_shows_all_its_citations_parts_and_documents() -> None:
    """The documents that give most come first."""
    report = a_report()
    standing = a_standing(
        "account-management", Outcome.SATISFIED, citations=(a_citation(), a_citation(SCAN, "A second quote."))
    )
    report = replace(report, standings=(*report.standings[:3], standing, *report.standings[4:]))
    values = constraint(an_evidence(Outcome.SATISFIED, "Full"), report=report)
    html = seen(page("constraint", FRAME, page=values).body)
    words, opened = html.words, [dict(attributes).get("href") for tag, attributes in html.tags if tag == "a"]
    assert opened.count(f"{GUIDE.link}#page=4") == 2  # beside the proof, and beside the document that it stands in
    for expected in (
        "Account management guidelines must be provided where applicable.",
        "From the clause's own text: IEC 81001-5-1 §5.8.2",
        "found what it asks needed an action",
        "A second quote. Residual Risk signed.pdf",
        "Quoted from Full.",
        "Read on 15 May 2026, revision sha256 3f2a9c81b07d, changed on 5 April 2026",
    ):
        assert expected in words, expected
    assert words.index("Its parts") < words.index("What proves it") < words.index("Full is satisfied.")


def test_documents_that_give_nothing_are_one_list_that_says_which_and_why() -> None:
    """Decoys do not drown what matters, and nothing is left out."""
    form = replace(GUIDE, name="Form 1.docx")

    def rejected(reason: str, kind: DocumentKind | None, count: int, outcome: Outcome = Outcome.MISSING) -> Rejected:
        return Rejected(outcome=outcome, reason=reason, kind=kind, count=count, some=(form,))

    values = constraint(
        an_evidence(Outcome.PARTIAL, "Guide"),
        rejected=(
            rejected("it is encrypted", None, 2, Outcome.UNDETERMINED),
            rejected("It is a template.", DocumentKind.TEMPLATE, 1200),
            rejected("Nothing is said.", DocumentKind.MARKETING, 3),
            rejected("The rest was not read.", DocumentKind.OPERATOR_GUIDE, 1, Outcome.UNDETERMINED),
        ),
        more=7,
        waiting=4,
    )
    assert [one.said for one in values.silent] == [
        "2 documents could not be read",
        "1 document could be read only in part: 1 operator guide",
        "1,203 documents read without a word that gives it: 1,200 templates, 3 marketing texts",
    ]
    html = seen(page("constraint", FRAME, page=values).body)
    assert [attributes.get("class") for tag, attributes in html.tags if tag == "details"].count("panel silent") == 3
    for expected in (
        "… and 1,199 more for the same reason",
        "7 further documents give something",
        "4 candidates still",
    ):
        assert expected in html.words, expected


def test_a_document_that_does_not_count_stands_last_and_says_so() -> None:
    """The cards add up to what the standing counts."""
    old = an_evidence(Outcome.SATISFIED, "Guide 3")
    old = replace(old, file=replace(old.file, id="old", path="My Drive / Archive"))
    values = constraint(old, an_evidence(Outcome.PARTIAL, "Guide 4"), report=a_report())
    names = [(one.ruling.evidence.file.name, one.aside) for one in values.documents]
    assert names == [("Guide 4", ""), ("Guide 3", "it lies in a folder for what is archived")]
    words = seen(page("constraint", FRAME, page=values).body).words
    assert words.count("It does not count, because it lies in a folder for what is archived.") == 1
    newer = an_evidence(Outcome.PARTIAL, "Guide 4")
    older = Overtaken(file=newer.file.id, because="Guide 5 is a newer edition of it, 5")
    values = constraint(old, newer, report=a_report(overtaken=(older,)))
    asides = {one.ruling.evidence.file.name: one.aside for one in values.documents}
    assert asides["Guide 4"] == "Guide 5 is a newer edition of it, 5"


def test_who_may_act_decides_objects_and_ends_and_a_viewer_only_reads() -> None:
    """An objection stands beside its verdict, and says when it is about an older version."""
    stands = Objected(objection=an_objection(id=3, file=GUIDE.id), name="Guide", older="")
    aged = Objected(objection=an_objection(id=4, file=""), name="", older="our judging has changed since")
    waiver = a_waiver(id=8, until=NOW.date(), by="anna@maker.example")
    past = a_waiver(id=7, reason="Long ago.", ended_at=NOW)
    said = said_of("account-management", waivers=(past, waiver), objections=(stands, aged), today=NOW.date())
    report = a_report()
    values = replace(constraint(an_evidence(Outcome.MISSING, "Guide"), report=report), said=said)
    (document,) = constraint_page(
        a_pack().constraints[3],
        pack=a_pack(),
        report=report,
        rulings=Rulings(bearing=(Ruling(evidence=an_evidence(Outcome.PARTIAL, "Guide"), reading=READING),)),
        said=said,
    ).documents
    assert document.objections == (stands,)
    member, viewer = (
        seen(page("constraint", replace(FRAME, role=role, place="/products/p"), page=values).body)
        for role in (Role.MEMBER, Role.VIEWER)
    )
    for words in (member.words, viewer.words):
        for expected in (
            "Waived by Mara Voss until 15 May 2026: The log-in comes with 4.4.",
            "Entered by anna@maker.example on",
            "1 former decision",
            "anna@maker.example thinks that it is satisfied, not missing: Page 4 says it.",
            "about an older version: our judging has changed since",
        ):
            assert expected in words, expected
    actions = {attributes["action"] for tag, attributes in member.tags if tag == "form"}
    place = "/products/p/constraints/account-management"
    assert {f"{place}/{one}" for one in ("decide", "decide/end", "object", "object/withdraw")} <= actions
    assert not [
        tag for tag, attributes in viewer.tags if tag == "form" and "constraints" in (attributes["action"] or "")
    ]


def test_quotes_of_parts_that_are_only_touched_on_do_not_stand_under_what_proves_it() -> None:
    """They mention it and do not give it."""
    touched = replace(a_citation(), quote="Rights of the folder are listed.", facet="other")
    facets = (("main", FacetState.MET), ("other", FacetState.TOUCHED))
    standing = a_standing("account-management", Outcome.PARTIAL, citations=(a_citation(), touched), facets=facets)
    report = a_report()
    report = replace(report, standings=(*report.standings[:3], standing, *report.standings[4:]))
    values = constraint(report=report)
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
    values = constraint()
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
    suggestion = Suggestion(
        file=structs.replace(known.candidate.file, id=HOSTILE, link="javascript:alert(1)", path=HOSTILE),
        clause=HOSTILE,
        words=(HOSTILE,),
        state=SuggestionState.NEW,
        found_at=NOW,
        decided_by=HOSTILE,
    )
    objected = Objected(objection=an_objection(by=HOSTILE, reason=HOSTILE, file=HOSTILE), name=HOSTILE, older=HOSTILE)
    waiver = a_waiver(reason=HOSTILE, approver=HOSTILE, by=HOSTILE)
    said = said_of("account-management", waivers=(waiver,), objections=(objected,), today=NOW.date())
    shown = documents(known, new=(suggestion,), ignored=(suggestion,), because=HOSTILE)
    judged = constraint(an_evidence(Outcome.PARTIAL, HOSTILE), report=report)
    acting = replace(FRAME, role=Role.OWNER, place="/products/p")
    bodies = (
        page("overview", FRAME, page=values).body,
        page("documents", acting, page=shown, progress=None).body,
        page("constraint", acting, page=replace(judged, said=said)).body,
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
    report = a_decided_report()

    def words(place: int) -> str:
        values = constraint(place=place, report=report)
        return seen(page("constraint", FRAME, page=values).body).words

    assert "Waived by Mara Voss until 31 August 2026" in words(4)
    expected = (
        "Seven questions about the newest release ✗ missing Security in the release notes "
        "Release Notes 4.3.0.docx says nothing of security. The list opens faster. Release Notes 4.3.0.docx"
    )
    assert expected in words(9)
