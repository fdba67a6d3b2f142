"""Which releases documents tell of, and which of those known is the newest."""

from dataclasses import replace
from datetime import date

from scanner.gaps.release import detected, newest, previous, waiting
from scanner.model.connection import Called
from scanner.model.document import DocumentKind, DocumentStatus, Listed
from scanner.model.release import Release, ReleaseOrigin, ReleaseState
from tests.builders import a_document, a_release, some_notes

TODAY = date(2026, 11, 28)


def found_in(version: str, state: ReleaseState, origin: ReleaseOrigin = ReleaseOrigin.NOTES) -> Release:
    return replace(a_release(version), state=state, origin=origin)


def test_the_highest_version_is_the_newest_release_whenever_it_was_added() -> None:
    releases = [a_release("4.10.0"), a_release("4.9.3"), a_release("4.2.1")]
    assert newest(releases) == a_release("4.10.0")
    assert previous(releases) == a_release("4.9.3")
    assert newest([]) is None
    assert previous([a_release("4.3"), a_release("v4.3.0")]) is None


def test_a_maintenance_release_of_an_older_line_is_not_the_newest_for_coming_later() -> None:
    releases = [a_release("7.7.0", date(2025, 7, 1)), a_release("7.5.2", date(2026, 1, 5))]
    assert newest(releases) == releases[0]


def test_what_waits_or_was_refused_is_not_taken() -> None:
    hook = ReleaseOrigin.GITHUB
    releases = [
        a_release("4.2.0"),
        found_in("4.3.0", ReleaseState.WAITING),
        found_in("4.4.0", ReleaseState.WAITING),
        found_in("5.0.0", ReleaseState.REFUSED),
        found_in("4.3.5", ReleaseState.WAITING, hook),
    ]
    assert newest(releases) == releases[0]
    assert waiting(releases) == (releases[2], releases[4])


def test_release_notes_in_the_drive_are_a_release_with_their_date_and_source() -> None:
    notes = a_document(
        "Release Notes 4.3.0.md",
        kind=DocumentKind.RELEASE_NOTES,
        versions=("4.3.0", "4.2.0"),
        dated=date(2026, 11, 20),
        product="PulseView",
    )
    guide = a_document("Guide.docx", versions=("4.4.0",))
    (release,) = detected([notes, guide], TODAY)
    assert release == Release(
        product="PulseView",
        version="4.3.0",
        released_on=date(2026, 11, 20),
        source="release notes: Release Notes 4.3.0.md",
        origin=ReleaseOrigin.NOTES,
    )


def test_release_notes_that_are_a_draft_tell_of_no_release_yet() -> None:
    draft = some_notes("4.4.0", status=DocumentStatus.DRAFT)
    assert detected([draft], TODAY) == ()
    (release,) = detected([draft, some_notes("4.3.0")], TODAY)
    assert release.version == "4.3.0"


def test_a_release_record_tells_of_all_that_are_out_by_today() -> None:
    listed = (
        Listed(version="4.2.0", dated=date(2026, 6, 1)),
        Listed(version="4.3.0", dated=date(2026, 11, 20)),
        Listed(version="5.0.0", dated=date(2027, 2, 1)),
    )
    record = a_document("Release record.xlsx", releases=listed, record=True)
    found = detected([record], TODAY)
    other = (Listed(version="9.0", dated=date(2026, 1, 1), product="CareMonitor"),)
    gateway = (Listed(version="2.0", dated=date(2026, 1, 1), product="PulseView Gateway"),)
    both = a_document("Release record.xlsx", releases=(*other, *gateway), record=True)
    assert [one.version for one in detected([both], TODAY, called=Called(name="PulseView"))] == ["2.0"]
    assert [(one.version, one.origin, one.source) for one in found] == [
        ("4.2.0", ReleaseOrigin.RECORD, "release record: Release record.xlsx"),
        ("4.3.0", ReleaseOrigin.RECORD, "release record: Release record.xlsx"),
    ]
