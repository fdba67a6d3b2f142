"""The database opens privately, moves to the newest schema, and keeps moments with their zone."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

import scanner.jobs.tables  # noqa: F401 -- its tables are part of the schema
from scanner.store.database import Database
from scanner.store.errors import DatabaseError
from scanner.store.store import Store


def test_the_migrations_lead_to_exactly_the_tables_of_the_code(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new.db")
    database.upgrade()
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []
    database.dispose()


def test_two_processes_may_upgrade_at_once(tmp_path: Path) -> None:
    databases = [Database(f"sqlite:///{tmp_path}/new.db") for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(Database.upgrade, databases))
    for database in databases:
        database.dispose()


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path}/inner/new.db").dispose()
    assert stat.S_IMODE((tmp_path / "inner/new.db").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "inner").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "Set CROSSWALK_DATABASE_URL to sqlite"),
        ("mysql://root:hunter2@localhost/x", "CROSSWALK_DATABASE_URL|not on mysql"),
        ("sqlite://", "needs a file"),
        ("sqlite:////proc/no/such.db", "cannot be written"),
    ],
)
def test_a_bad_address_is_one_sentence_without_the_password(url: str, said: str) -> None:
    with pytest.raises(DatabaseError, match=said) as caught:
        Database(url)
    assert "hunter2" not in str(caught.value)


def test_an_unreachable_server_is_named_without_the_password() -> None:
    database = Database("postgresql+psycopg://someone:hunter2@127.0.0.1:9/none")
    with pytest.raises(DatabaseError, match="cannot be used") as caught:
        database.upgrade()
    assert "hunter2" not in str(caught.value)


def test_a_moment_without_a_zone_is_refused(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new.db")
    database.upgrade()
    naive = datetime(2026, 11, 24)  # noqa: DTZ001 -- the very thing that is refused
    with pytest.raises(Exception, match="naive datetime"), Store(database).transaction() as unit:
        unit.connections.connect(connection_id="c1", subject="s", email="e", now=naive)
    with Store(database).transaction() as unit:
        unit.connections.connect(connection_id="c1", subject="s", email="e", now=datetime(2026, 11, 24, tzinfo=UTC))
    with Store(database).reading() as unit:
        (known,) = unit.connections.all()
        assert known.connected_at == datetime(2026, 11, 24, tzinfo=UTC)
    database.dispose()
