"""The store's promises, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import alembic.command
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, Table
from sqlmodel import SQLModel

from connector import Completeness, Coverage, Cursor, LostBecause, SyncKind
from scanner.model.candidate import Candidate, SignalHit
from scanner.model.connection import Lost, Product, ScanState
from scanner.model.verdict import Judgement
from scanner.store import migrations
from scanner.store.database import Database
from scanner.store.store import Store
from tests.builders import NOON, a_document, a_file, a_release, a_report, a_standing, a_verdict

CLAUSE = "test/1"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgres"))])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    sqlite = request.param == "sqlite"
    database = Database(f"sqlite:///{tmp_path}/store.db" if sqlite else request.getfixturevalue("postgres_url"))
    database.upgrade()
    yield database
    database.dispose()


@pytest.fixture
def store(database: Database) -> Store:
    store = Store(database)
    with store.transaction() as unit:
        unit.connections.connect(connection_id="mine", subject="s", email="owner@example.org", now=NOON)
        unit.products.add(Product(id="p", connection="mine", name="", notify="owner@example.org"))
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


def test_a_release_is_known_once(store: Store) -> None:
    with store.transaction() as unit:
        assert unit.products.released("p", a_release("4.3.0"), now=NOON)
        assert not unit.products.released("p", a_release("4.3.0"), now=NOON)
        assert unit.products.releases("p") == (a_release("4.3.0"),)


def test_reports_come_back_whole_and_are_told_once(store: Store) -> None:
    first = a_report(a_standing(met=("roles",)), release=a_release())
    second = a_report(id="report-2", created_at=NOON + timedelta(days=1))
    with store.transaction() as unit:
        unit.reports.add("p", first, worth_telling=True)
        unit.reports.add("p", second, worth_telling=False)
    with store.transaction() as unit:
        assert unit.reports.latest("p", CLAUSE) == second
        assert unit.reports.last_told("p", CLAUSE) == first
        assert unit.reports.undelivered("p") == (first,)
        unit.reports.delivered(first.id, where="the outbox", now=NOON)
        assert unit.reports.undelivered("p") == ()
        assert unit.reports.delivery(first.id) == (NOON, "the outbox")


def test_a_purge_leaves_no_row_of_the_connection(store: Store, database: Database) -> None:
    flag(store, "a")
    store.tokens.write("mine", b"sealed")
    with store.transaction() as unit:
        unit.products.released("p", a_release(), now=NOON)
        unit.reports.add("p", a_report(), worth_telling=True)
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
