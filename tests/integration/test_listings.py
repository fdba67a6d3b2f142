"""Lists of candidates and verdicts as pages show them, on SQLite and on PostgreSQL."""

import pytest
from sqlmodel import col, update

from scanner.model.connection import ScanState
from scanner.model.document import DocumentKind
from scanner.model.verdict import Judgement, Outcome, Verdict
from scanner.store.database import Database
from scanner.store.store import Store
from scanner.store.tables import VerdictRow
from tests.builders import NOON, a_document, a_file, a_verdict
from tests.integration.test_store import CLAUSE, a_candidate, database, store

__all__ = ["database", "store"]  # fixtures
ORDER = (ScanState.UNDETERMINED, ScanState.TO_SCAN, ScanState.SCANNED)
NOTHING, LITTLE = "Nothing usable was found.", "Only a heading was found."


@pytest.fixture
def filled(store: Store) -> Store:
    """Twenty candidates in every state, of which every fifth one has left the picture."""
    with store.transaction() as unit:
        unit.files.saw("mine", [a_file(f"{number:02}") for number in range(20)], sync_id="1")
        for number in range(20):
            candidate = a_candidate(f"{number:02}")
            file = candidate.file.id
            unit.candidates.flag("mine", candidate, revision="r1")
            if number % 3 == 0:
                unit.candidates.could_not_check("mine", file, CLAUSE, revision="r1", because="it is empty", now=NOON)
            elif number % 3 == 1:
                unit.candidates.scanned(
                    "mine", file, CLAUSE, revision="r1", judgement=a_judgement(number), seconds=0.1, now=NOON
                )
        unit.files.lost("mine", [a_file(f"{number:02}").id for number in range(0, 20, 5)], because="it is in the trash")
    return store


def a_judgement(number: int) -> Judgement:
    """One of three gives something; the others nothing, for two reasons, and come in two kinds."""
    kind = DocumentKind.OPERATOR_GUIDE if number % 2 else DocumentKind.RELEASE_NOTES
    facts = a_document("x", kind=kind).facts
    reason = LITTLE if number % 4 == 3 else NOTHING
    silent = Verdict(constraint="account-management", outcome=Outcome.MISSING, reason=reason)
    return Judgement(facts=facts, verdicts=(a_verdict() if number % 9 == 1 else silent,))


def test_the_parts_of_a_list_are_the_whole_in_its_order_whatever_their_size(filled: Store) -> None:
    with filled.reading() as unit:

        def part(first: int, most: int, state: ScanState | None = None, words: str = "") -> list[tuple[ScanState, str]]:
            found, _ = unit.listings.candidates(
                "mine", CLAUSE, extent="", state=state, words=words, first=first, most=most
            )
            return [(one.state, one.candidate.file.name) for one in found]

        whole = part(0, 100)
        assert whole == sorted(whole, key=lambda one: (ORDER.index(one[0]), one[1]))
        assert {name for _, name in whole} == {f"{number:02}" for number in range(20) if number % 5}
        for most in (1, 3, 7):
            assert [one for first in range(0, 21, most) for one in part(first, most)] == whole
        for state in ScanState:
            assert part(1, 2, state) == [one for one in whole if one[0] is state][1:3]
            assert unit.candidates.counts("mine")[state] == len([one for one in whole if one[0] is state])
        assert part(2, 4, words="1") == [one for one in whole if "1" in one[1]][2:6]
        _, having = unit.listings.candidates("mine", CLAUSE, extent="", state=None, words="1", first=9, most=1)
        assert having == len([one for one in whole if "1" in one[1]])


def test_what_an_older_process_judged_is_grouped_as_all_else(filled: Store, database: Database) -> None:
    """It does not note what is alike; neither by that nor beside what does is a document lost or counted twice."""
    with filled.reading() as unit:
        told = unit.listings.rulings("mine", CLAUSE, "account-management", extent="")
    assert [one.evidence.file.name for one in told.bearing] == ["01", "19"]
    assert told.waiting == 5
    assert {(one.reason, one.kind, one.count, tuple(each.name for each in one.some)) for one in told.rejected} == {
        ("it is empty", None, 5, ("03", "06", "09", "12", "18")),
        (NOTHING, DocumentKind.RELEASE_NOTES, 2, ("04", "16")),
        (NOTHING, DocumentKind.OPERATOR_GUIDE, 1, ("13",)),
        (LITTLE, DocumentKind.OPERATOR_GUIDE, 1, ("07",)),
    }
    for some in (("13", "07"), ("04", "13", "16", "07")):
        forget(database, [a_file(name).id for name in some])
        with filled.reading() as unit:
            again = unit.listings.rulings("mine", CLAUSE, "account-management", extent="")
        assert set(again.rejected) == set(told.rejected)


def forget(database: Database, files: list[str]) -> None:
    """Leave the note out, as a process does that knows nothing of it."""
    with database.transaction() as session:
        session.exec(update(VerdictRow).where(col(VerdictRow.file_id).in_(files)).values(alike=""))
