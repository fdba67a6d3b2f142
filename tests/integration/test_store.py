"""The store's promises, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import alembic.command
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from pydantic import TypeAdapter
from sqlalchemy import MetaData, Table
from sqlmodel import SQLModel

import scanner.jobs.tables  # noqa: F401 -- its tables are part of the schema
from connector import Completeness, Coverage, Cursor, LostBecause, SyncKind
from scanner.model.candidate import Candidate, SignalHit
from scanner.model.connection import Lost, Product, ScanState
from scanner.model.document import Earlier
from scanner.model.gap import Drift, DriftCause, DriftKind
from scanner.model.hook import Hook, HookKind
from scanner.model.mail import Recipient, Rhythm
from scanner.model.release import Release, ReleaseOrigin, ReleaseState
from scanner.model.verdict import Judgement, Outcome
from scanner.store import migrations, values
from scanner.store.database import Database
from scanner.store.store import Store
from scanner.store.taking import TABLES
from tests.builders import NOON, a_document, a_file, a_ref, a_release, a_report, a_standing, a_verdict, a_waiver
from tests.pipeline_builders import migrated

CLAUSE = "test/1"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgres"))])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    sqlite = request.param == "sqlite"
    file = f"sqlite:///{migrated(tmp_path)}/crosswalk.db"
    database = Database(file if sqlite else request.getfixturevalue("migrated_postgres_url"))
    yield database
    database.dispose()


@pytest.fixture
def store(database: Database) -> Store:
    store = Store(database)
    with store.transaction() as unit:
        unit.connections.connect(connection_id="mine", subject="s", email="owner@example.org", now=NOON)
        unit.products.add(Product(id="p", connection="mine", name=""), notify="owner@example.org")
    return store


def a_candidate(name: str) -> Candidate:
    return Candidate(file=a_file(name), clause=CLAUSE, hits=(SignalHit(signal="s", field="name", text=name),))


def flag(store: Store, *names: str, revision: str = "r1") -> None:
    with store.transaction() as unit:
        for name in names:
            unit.files.saw("mine", [a_file(name)], sync_id="one")
            unit.candidates.flag("mine", a_candidate(name), revision=revision)


def test_the_migrated_schema_is_the_codes(database: Database) -> None:
    database.upgrade()
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def die() -> None:
        with store.transaction() as unit:
            unit.files.saw("mine", [a_file("a")], sync_id="one")
            raise RuntimeError("killed here")

    with pytest.raises(RuntimeError):
        die()
    with store.reading() as unit:
        assert unit.files.count("mine") == 0


def test_a_film_of_many_gigabytes_is_kept_with_its_size(store: Store) -> None:
    films = [a_file("film", size=3 << 30), a_file("none such", size=(1 << 63) - 1)]
    with store.transaction() as unit:
        unit.files.saw("mine", films, sync_id="one")
    with store.reading() as unit:
        assert set(unit.files.present("mine")) == set(films)


def test_a_file_that_comes_back_is_there_again_and_its_verdicts_with_it(store: Store) -> None:
    flag(store, "a")
    judgement = Judgement(facts=a_document().facts, verdicts=(a_verdict(),))
    with store.transaction() as unit:
        unit.candidates.scanned("mine", "id-a", CLAUSE, revision="r1", judgement=judgement, seconds=0.1, now=NOON)
        assert unit.files.lost("mine", ["id-a", "unknown"], because="trashed") == 1
    with store.reading() as unit:
        assert unit.candidates.evidence("mine", CLAUSE) == ((), ())
        assert unit.files.get("mine", "id-a") == (a_file("a"), "trashed")
    flag(store, "a")
    with store.reading() as unit:
        ((evidence,), ()) = unit.candidates.evidence("mine", CLAUSE)
        assert evidence.verdicts == (a_verdict(),)
        assert unit.candidates.to_scan("mine") == ()


def test_a_late_scan_of_an_older_revision_is_refused(store: Store) -> None:
    flag(store, "a", revision="r2")
    judgement = Judgement(facts=a_document().facts, verdicts=(a_verdict(),))
    with store.transaction() as unit:
        old = {"revision": "r1", "judgement": judgement, "seconds": 0.1, "now": NOON}
        assert unit.candidates.scanned("mine", "id-a", CLAUSE, **old) is False  # type: ignore[arg-type]  # as named
        assert not unit.candidates.could_not_check("mine", "id-a", CLAUSE, revision="r1", because="…", now=NOON)
        assert unit.candidates.counts("mine")[ScanState.TO_SCAN] == 1


def test_unseen_files_and_files_of_a_lost_drive_are_closed_by_name_of_the_reason(store: Store) -> None:
    with store.transaction() as unit:
        unit.files.saw("mine", [a_file("old")], sync_id="one")
        unit.files.saw("mine", [a_file("new")], sync_id="two")
        unit.files.saw("mine", [a_file("driven", drive="d")], sync_id="two")
        assert unit.files.lost_unless_seen("mine", sync_id="two", because="no longer listed") == 1
        assert unit.files.lost_drive("mine", "d", because="drive lost") == 1
    with store.reading() as unit:
        assert [file.id for file in unit.files.present("mine")] == ["id-new"]


def test_cursor_and_coverage_come_back_as_they_were(store: Store) -> None:
    coverage = Coverage(
        kind=SyncKind.FULL, completeness=Completeness.INCOMPLETE, sync_id="one", because="…", listed={"My Drive": 4}
    )
    with store.transaction() as unit:
        unit.connections.remember("mine", cursor=Cursor("here"), coverage=coverage)
    with store.reading() as unit:
        known = unit.connections.get("mine")
    assert known is not None
    assert (known.cursor, known.coverage) == (Cursor("here"), coverage)


def found(version: str, origin: ReleaseOrigin = ReleaseOrigin.NOTES) -> Release:
    return replace(a_release(version), origin=origin, source=f"{origin.value}: somewhere")


def told(store: Store, release: Release) -> ReleaseState | None:
    with store.transaction() as unit:
        return unit.products.released("p", release, now=NOON)


def states(store: Store) -> dict[str, ReleaseState]:
    with store.reading() as unit:
        return {one.version: one.state for one in unit.products.releases("p")}


def test_a_release_is_known_once_however_it_is_written(store: Store) -> None:
    assert told(store, a_release("4.3.0")) is ReleaseState.CONFIRMED
    assert told(store, a_release("v4.3")) is None
    with store.reading() as unit:
        assert unit.products.releases("p") == (a_release("4.3.0"),)
    assert told(store, replace(found("4.3.0"), released_on=NOON.date())) is None
    with store.reading() as unit:
        assert unit.products.releases("p") == (a_release("4.3.0", NOON.date()),)  # only its day was news


def test_the_first_release_of_a_source_waits_and_a_yes_is_to_the_source(store: Store) -> None:
    assert told(store, found("4.2.0")) is ReleaseState.WAITING
    assert told(store, found("4.1.0")) is ReleaseState.WAITING
    assert told(store, found("4.2.0")) is None
    with store.transaction() as unit:
        assert unit.products.confirm("p", "4.2.0")
        assert not unit.products.confirm("p", "4.2.0")
        assert not unit.products.confirm("p", "9.9")
    assert states(store) == {"4.2.0": ReleaseState.CONFIRMED, "4.1.0": ReleaseState.CONFIRMED}
    assert told(store, found("4.3.0")) is ReleaseState.CONFIRMED
    assert told(store, found("4.4.0", ReleaseOrigin.GITHUB)) is ReleaseState.WAITING


def test_a_refused_release_is_not_taken_again_but_from_a_person(store: Store) -> None:
    told(store, found("4.2.0"))
    with store.transaction() as unit:
        assert unit.products.refuse("p", "4.2.0")
        assert not unit.products.refuse("p", "4.2.0")
    assert told(store, found("4.2.0")) is None
    assert told(store, found("4.2.0", ReleaseOrigin.GITHUB)) is None
    assert told(store, found("4.3.0")) is ReleaseState.WAITING
    assert told(store, a_release("4.2.0")) is ReleaseState.CONFIRMED
    assert states(store) == {"4.2.0": ReleaseState.CONFIRMED, "4.3.0": ReleaseState.WAITING}


def test_a_waiting_release_that_a_trusted_source_tells_too_is_taken(store: Store) -> None:
    told(store, found("4.2.0"))
    with store.transaction() as unit:
        unit.products.confirm("p", "4.2.0")
    assert told(store, found("4.3.0", ReleaseOrigin.GITHUB)) is ReleaseState.WAITING
    assert told(store, found("4.3.0")) is ReleaseState.CONFIRMED


def test_two_processes_that_hear_of_a_release_at_once_keep_it_once(store: Store) -> None:
    with ThreadPoolExecutor(1) as other:
        with store.transaction() as unit:
            assert unit.products.released("p", found("4.2.0"), now=NOON) is ReleaseState.WAITING
            late = other.submit(told, store, found("4.2.0"))
            wait([late], timeout=0.3)
            assert not late.done()
        assert late.result(timeout=20) is None
    assert states(store) == {"4.2.0": ReleaseState.WAITING}


def test_a_later_decision_on_a_constraint_ends_the_one_before(store: Store) -> None:
    with store.transaction() as unit:
        first = unit.waivers.add(a_waiver(id=0))
        other = unit.waivers.add(a_waiver(id=0, constraint="residual-risks"))
        second = unit.waivers.add(a_waiver(id=0, decided_at=NOON + timedelta(days=1), reason="Until 4.5."))
    with store.transaction() as unit:
        ended = replace(first, ended_at=NOON + timedelta(days=1))
        assert unit.waivers.of_product("p") == (ended, other, second)
        assert unit.waivers.of_product("p", "another clause") == ()
        assert not unit.waivers.end("p", first.id, now=NOON)
        assert not unit.waivers.end("another product", other.id, now=NOON)
        assert unit.waivers.end("p", other.id, now=NOON)


def a_drift(kind: DriftKind = DriftKind.LOST, **changes: Any) -> Drift:
    fields: dict[str, Any] = {
        "kind": kind,
        "cause": DriftCause.PASSAGE_REMOVED,
        "constraint": "account-management",
        "before": Outcome.SATISFIED,
        "now": Outcome.PARTIAL,
        "reason": "Security Guide.docx no longer says it: the roles.",
        "file": a_ref(),
        "old_quote": "Each nurse has an account of her own.",
    }
    return Drift(**{**fields, **changes})


def test_reports_come_back_whole_and_are_told_once(store: Store, database: Database) -> None:
    waived = replace(a_standing(met=("roles",)), waiver=a_waiver(), last_known=a_standing())
    ending = a_drift(DriftKind.WAIVER_ENDING, cause=DriftCause.WAIVER, file=None, old_quote="", waiver=a_waiver())
    first = a_report(waived, release=a_release(), drift=(a_drift(), ending), ours=(a_drift(DriftKind.WON),))
    second = a_report(id="report-2", created_at=NOON + timedelta(days=1))
    with store.transaction() as unit:
        unit.reports.add("p", first, worth_telling=True)
        unit.reports.add("p", second, worth_telling=False)
    with store.transaction() as unit:
        assert unit.reports.latest("p", CLAUSE) == second
        assert unit.reports.last_told("p", CLAUSE) == first
        assert unit.reports.unweighed("mine")
        unit.reports.weighed("p", now=NOON)
        assert not unit.reports.unweighed("mine")
    with database.engine.connect() as connection:
        rows = connection.execute(SQLModel.metadata.tables["drift"].select()).all()
        assert [(row.kind, row.ours) for row in rows] == [("lost", False), ("waiver ending", False), ("won", True)]
        bodies = connection.execute(SQLModel.metadata.tables["report"].select()).all()
        assert all(row.body["drift"] == [] for row in bodies)  # it stands nowhere else


def test_a_review_that_found_the_same_is_noted_on_the_report(store: Store) -> None:
    later = NOON + timedelta(days=3)
    with store.transaction() as unit:
        assert unit.reports.last_runs("mine") == {"p": None}
        unit.reports.add("p", a_report(), worth_telling=True)
        assert unit.reports.last_runs("mine") == {"p": NOON}
        unit.reports.reviewed("report-1", now=later)
    with store.reading() as unit:
        assert unit.reports.last_runs("mine") == {"p": later}
        latest = unit.reports.latest("p", CLAUSE)
    assert latest == a_report(reviewed_at=later)
    assert latest.last_run == later


def test_what_a_document_was_before_is_remembered_in_short_ids(store: Store) -> None:
    def scanned(revision: str, *marks: str, sameness: str) -> None:
        facts = replace(a_document(versions=("4.2.0",)).facts, marks=marks, sameness=sameness)
        flag(store, "a", revision=revision)
        with store.transaction() as unit:
            judgement = Judgement(facts=facts, verdicts=())
            unit.candidates.scanned("mine", "id-a", CLAUSE, revision=revision, judgement=judgement, seconds=0, now=NOON)

    scanned("r1", "R-03", sameness="one")
    scanned("r2", "R-03", sameness="one")  # nothing that it says of itself is new
    scanned("r3", "R-14", sameness="two")
    with store.reading() as unit:
        ((evidence,), ()) = unit.candidates.evidence("mine", CLAUSE)
    assert evidence.facts.marks == ("R-14",)
    assert evidence.earlier == (
        Earlier(product_versions=("4.2.0",), dated=None, marks=("R-03",), sameness="one", until=NOON),
    )


def test_a_purge_leaves_no_row_of_the_connection(store: Store, database: Database) -> None:
    flag(store, "a")
    store.tokens.write("mine", b"sealed")
    with store.transaction() as unit:
        unit.products.released("p", a_release(), now=NOON)
        unit.waivers.add(a_waiver())
        unit.hooks.add(Hook(id="h", product="p", kind=HookKind.GITHUB, made_at=NOON), sealed="sealed")
        unit.reports.add("p", a_report(drift=(a_drift(),)), worth_telling=True)
        unit.connections.purge("mine")
    with database.engine.connect() as connection:
        tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in {"job", "schema_serves"}]
        left = {table.name: connection.execute(table.select()).first() for table in tables}
    assert set(left.values()) == {None}


def test_a_connection_of_an_older_version_is_kept_and_a_lost_one_is_told(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/old.db")
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "0002")
        for ident, state in (("fine", "active"), ("lost", "consent lost")):
            row = {"id": ident, "subject": "s", "email": "o@example.org", "state": state, "state_because": ""}
            old = Table("connection", MetaData(), autoload_with=connection)
            connection.execute(old.insert().values(**row, connected_at=NOON, pack_digest="", coverage={}))
    database.upgrade()
    with Store(database).reading() as unit:
        fine, lost = unit.connections.get("fine"), unit.connections.get("lost")
    database.dispose()
    assert fine is not None
    assert (fine.lost, fine.consented_at) == (None, NOON)
    assert lost is not None
    assert lost.lost == Lost(because=LostBecause.REVOKED, at=NOON, told=False)


def test_the_drift_of_older_reports_moves_into_rows(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/old.db")
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    body = values.to_json(values.REPORT, a_report())
    for new in ("ours", "waiting", "reviewed_at"):
        del body[new]
    lost = values.to_json(TypeAdapter(Drift), a_drift())
    body["drift"] = [{name: value for name, value in lost.items() if name not in {"cause", "waiver"}}]
    with database.engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "0009")
        product = {"id": "p", "connection_id": "c", "name": "", "notify": "o@example.org"}
        mine = {"id": "c", "subject": "s", "email": "o@example.org", "state": "active", "state_because": ""}
        report = {"id": "r", "product_id": "p", "clause": CLAUSE, "created_at": NOON, "body": body}
        release = {"product_id": "p", "product": "", "version": "4.2.0", "source": "release notes: x", "seen_at": NOON}
        for name, row in (
            ("connection", {**mine, "connected_at": NOON, "consented_at": NOON, "pack_digest": "", "coverage": {}}),
            ("product", product),
            ("report", {**report, "worth_telling": True, "delivered_where": ""}),
            ("product_release", release),
        ):
            connection.execute(Table(name, MetaData(), autoload_with=connection).insert().values(**row))
    database.upgrade()
    with Store(database).reading() as unit:
        kept = unit.reports.get("r")
        (known,) = unit.products.releases("p")
    database.dispose()
    assert kept == a_report(drift=(a_drift(),))
    assert (known.origin, known.state) == (ReleaseOrigin.NOTES, ReleaseState.CONFIRMED)


def test_whoever_a_product_was_mailed_to_is_its_first_recipient_and_was_told(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/old.db")
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "0010")
        mine = {"id": "c", "subject": "s", "email": "o@example.org", "state": "active", "state_because": ""}
        body = values.to_json(values.REPORT, a_report())
        report = {"product_id": "p", "clause": CLAUSE, "worth_telling": True, "body": body, "delivered_where": "there"}
        for name, row in (
            ("connection", {**mine, "connected_at": NOON, "consented_at": NOON, "pack_digest": "", "coverage": {}}),
            ("product", {"id": "p", "connection_id": "c", "name": "", "notify": "o@example.org"}),
            ("report", {**report, "id": "report-1", "created_at": NOON, "delivered_at": NOON}),
            ("report", {**report, "id": "report-2", "created_at": NOON + timedelta(days=1), "delivered_at": None}),
        ):
            connection.execute(Table(name, MetaData(), autoload_with=connection).insert().values(**row))
    database.upgrade()
    with Store(database).reading() as unit:
        (recipient,) = unit.recipients.of_product("p")
        told = unit.mails.last_told("o@example.org", "p", CLAUSE)
        assert unit.reports.unweighed("c")
    database.dispose()
    assert recipient == Recipient(product="p", address="o@example.org", rhythm=Rhythm.ON_CHANGE)
    assert told == ("report-1", NOON)


def test_all_of_a_connection_is_taken_along_some_rows_at_a_time_and_nothing_of_another(store: Store) -> None:
    flag(store, *(f"{number}.pdf" for number in range(7)))
    with store.transaction() as unit:
        unit.connections.connect(connection_id="other", subject="o", email="other@example.org", now=NOON)
        unit.products.add(Product(id="p2", connection="other", name=""), notify="other@example.org")
        unit.files.saw("other", [a_file("theirs.pdf")], sync_id="1")
        unit.waivers.add(a_waiver(product="p2"))
        unit.waivers.add(a_waiver(id=0))
        unit.reports.add("p", a_report(), worth_telling=True)
    taken: dict[str, list[Any]] = {}
    for kind in TABLES:
        after: tuple[object, ...] = ()
        while True:
            with store.reading() as unit:
                rows, after = unit.taking.some(kind, "mine", after=after, most=3)
            taken.setdefault(kind.table, []).extend(rows)
            if not after:
                break
    assert sorted(row["name"] for row in taken["source_file"]) == [f"{number}.pdf" for number in range(7)]
    assert {len(taken[name]) for name in ("connection", "product", "waiver", "report", "recipient")} == {1}
    assert "other@example.org" not in str(taken)
    assert {row["product_id"] for row in taken["waiver"]} == {"p"}
