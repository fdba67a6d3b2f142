"""What stands beside Procrastinate's schema reaches a database that is there already, once."""

from collections.abc import Iterator

import pytest
from sqlalchemy import inspect

from scanner.jobs.postgres import schema
from scanner.store.database import Database

pytestmark = pytest.mark.xdist_group("postgres")


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    database = Database(postgres_url)
    schema.upgrade(database)
    yield database
    database.dispose()


def indexes(database: Database) -> set[str | None]:
    with database.reading() as session:
        return {index["name"] for index in inspect(session.connection()).get_indexes("job_note")}


def test_an_index_that_comes_later_reaches_a_database_that_is_there_already_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = indexes(database)
    assert "ix_job_note_ended" in before
    later = "CREATE INDEX IF NOT EXISTS ix_job_note_later ON job_note (progress);"
    monkeypatch.setattr(schema, "BESIDE", schema.BESIDE + later)
    schema.upgrade(database)
    assert indexes(database) == before | {"ix_job_note_later"}
    with database.transaction() as session:
        session.connection().exec_driver_sql("DROP INDEX ix_job_note_later")
    schema.upgrade(database)
    assert indexes(database) == before  # a process that starts on a schema that is up to date makes nothing
    monkeypatch.undo()
    schema.upgrade(database)  # an older process beside it
    assert indexes(database) == before
