"""The schema goes up and down with rows in it; old and new processes run side by side where nothing is taken away."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import SQLModel
from typer.testing import CliRunner

from scanner.cli.main import app
from scanner.jobs.engine import queue_of
from scanner.pipeline.orders import sync_job
from scanner.store.database import Database
from scanner.store.errors import DatabaseError
from scanner.store.store import Store
from tests.builders import NOON
from tests.migration_builders import (
    ADDS,
    TAKES,
    fill,
    moved,
    revisions,
    rows,
    scripts_with,
    shape,
    shared,
    taken_away,
)
from tests.pipeline_builders import a_bench


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgres"))])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    sqlite = request.param == "sqlite"
    database = Database(f"sqlite:///{tmp_path}/store.db" if sqlite else request.getfixturevalue("postgres_url"))
    yield database
    database.dispose()


def serving(database: Database) -> str:
    """The first revision that says which older code it serves."""
    database.upgrade()
    for revision in revisions()[-2::-1]:
        moved(database, revision)
        if "schema_serves" not in shape(database):
            first = revisions()[revisions().index(revision) + 1]
            moved(database, first)
            return first
    raise AssertionError("no revision brings schema_serves")


def test_every_step_down_and_up_again_keeps_what_both_sides_know(database: Database) -> None:
    database.upgrade()
    fill(database)
    last, held = revisions()[-1], rows(database)
    assert all(held.values())
    down = {last: held}
    for revision in revisions()[-2::-1]:
        moved(database, revision)
        before, after = shared(held, rows(database))
        assert before == after, revision
        held = down[revision] = rows(database)
    for revision in revisions()[1:]:
        moved(database, revision)
        before, after = shared(held, rows(database))
        assert before == after, revision
        held = rows(database)
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []
    assert held["connection"][0]["email"] == "x"


RECIPIENT = "INSERT INTO recipient (product_id, address, rhythm, disabled_because, unsubscribed_at) VALUES "
MAIL = "INSERT INTO mail (id, connection_id, kind, address, about, weekly, state, said, made_at) VALUES "
PART = "INSERT INTO mail_part (mail_id, place, product_id, clause, report_id, since_id) VALUES "
SPELLED = (
    "DELETE FROM recipient",
    "DELETE FROM mail",
    f"{RECIPIENT} ('x', 'Anna@maker.example', 'weekly', '', NULL), ('x', 'Ben@maker.example', 'weekly', '', NULL)",
    f"{RECIPIENT} ('x', ' anna@Maker.example', 'weekly', '', '2026-05-04 02:15:00')",
    f"{MAIL} ('owed', 'x', 'summary', 'anna@maker.example', 'r', true, 'to send', '', '2026-05-04 02:15:00')",
    f"{MAIL} ('sent', 'x', 'summary', 'Anna@maker.example', 'r', true, 'sent', '', '2026-05-04 02:15:00')",
    f"{PART} ('owed', 0, 'x', 'x', 'x', ''), ('sent', 0, 'x', 'x', 'x', '')",
)


def test_two_spellings_of_one_address_become_one_recipient_and_one_mail(database: Database) -> None:
    database.upgrade()
    fill(database)
    moved(database, "0019")
    with database.engine.begin() as connection:
        for statement in SPELLED:
            connection.execute(text(statement))
    moved(database, "0020")
    held = rows(database)
    assert sorted((row["address"], row["unsubscribed_at"] is None) for row in held["recipient"]) == [
        ("anna@maker.example", False),
        ("ben@maker.example", True),
    ]
    assert [(row["id"], row["address"]) for row in held["mail"]] == [("sent", "anna@maker.example")]
    assert [row["mail_id"] for row in held["mail_part"]] == ["sent"]


def test_the_schema_goes_down_to_nothing(database: Database) -> None:
    database.upgrade()
    fill(database)
    moved(database, "base")
    assert set(shape(database)) == {"alembic_version"}


def test_no_revision_takes_anything_away_without_saying_so(database: Database) -> None:
    first = serving(database)
    before = shape(database)
    for revision in revisions()[revisions().index(first) + 1 :]:
        moved(database, revision)
        after = shape(database)
        assert taken_away(before, after) == [] or database.schema().serves == revision, revision
        before = after


def test_what_takes_something_away_is_seen(database: Database, tmp_path: Path) -> None:
    scripts = scripts_with(tmp_path / "scripts", ADDS, TAKES)
    database.upgrade()
    known = shape(database)
    moved(database, "9001", scripts=scripts)
    adds = shape(database)
    moved(database, "9002", scripts=scripts)
    assert taken_away(known, adds) == []
    assert taken_away(adds, shape(database)) == ["connection.doubted"]
    assert taken_away(adds, known) == ["connection.mood", "novelty"]


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgres"))])
def test_a_night_goes_on_while_a_newer_process_adds_to_the_schema(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = "" if engine == "sqlite" else request.getfixturevalue("postgres_url")
    with a_bench(tmp_path / "home", database_url=url) as bench:
        moved(bench.app.database, "9001", scripts=scripts_with(tmp_path / "scripts", ADDS))
        bench.night()
        assert bench.report().standings
        assert bench.app.database.unready() == ""
        again = Database(bench.app.settings.url_of_database)  # an older process that is started anew, as after a crash
        again.upgrade()
        assert again.schema().here == "9001"
        again.dispose()


def test_code_that_is_too_old_says_what_to_do(database: Database, tmp_path: Path) -> None:
    database.upgrade()
    moved(database, "9002", scripts=scripts_with(tmp_path / "scripts", ADDS, TAKES))
    ours = revisions()[-1]
    with pytest.raises(DatabaseError) as caught:
        database.upgrade()
    assert str(caught.value) == (
        f"The database is of a newer Crosswalk: its schema is 9002, and serves code that knows at least 9002; this one "
        f"knows {ours}. Install the newer version again, or take the schema back with it first: "
        f"`crosswalk database downgrade {ours}`."
    )
    assert database.unready() == str(caught.value)
    with pytest.raises(DatabaseError, match="Name a revision before 9002"):  # it does not know the way back
        database.downgrade(ours)


def test_code_on_an_older_schema_is_not_ready_and_says_what_to_do(database: Database) -> None:
    database.upgrade()
    before, ours = revisions()[-2:]
    database.downgrade(before)
    assert database.unready() == (
        f"The database's schema is {before}, and this Crosswalk needs {ours}: run `crosswalk database upgrade`, or "
        "start a process anew, which does the same."
    )
    with pytest.raises(DatabaseError, match="Name a revision before"):
        database.downgrade("nonsense")
    database.upgrade()
    assert database.unready() == ""


@pytest.mark.xdist_group("postgres")
def test_a_database_user_that_owns_nothing_runs_and_is_told_who_may_migrate(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, user = Database(postgres_url), f"u{uuid4().hex}"
    moved(owner, revisions()[-2])
    with owner.engine.connect() as connection, connection.begin():
        connection.execute(text(f"CREATE ROLE {user} LOGIN"))
        connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {user}"))
        connection.execute(text(f"ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {user}"))
        connection.execute(text(f"ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO {user}"))
    humble = Database(postgres_url.replace("postgres@", f"{user}@"))
    with pytest.raises(DatabaseError, match="this database user may not: run `crosswalk database upgrade` once with"):
        humble.upgrade()
    owner.upgrade()
    humble.upgrade()
    with pytest.raises(DatabaseError, match="this database user may not: run `crosswalk database upgrade` once with"):
        queue_of(humble)  # whose tables are not there yet
    monkeypatch.setenv("CROSSWALK_DATABASE_URL", postgres_url)
    assert CliRunner().invoke(app, ["database", "upgrade"]).exit_code == 0
    assert queue_of(humble).enqueue([sync_job("mine")]) == 1
    with Store(humble).transaction() as unit:
        unit.connections.connect(connection_id="mine", subject="s", email="owner@example.org", now=NOON)
    for one in (owner, humble):
        one.dispose()


def test_the_commands_show_and_move_the_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSWALK_HOME", str(tmp_path))
    before, ours = revisions()[-2:]

    def said(*command: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, ["database", *command])
        assert done.exit_code == code, done.stderr
        return f"{done.stdout}{done.stderr}"

    assert f"and this Crosswalk needs {ours}: run `crosswalk" in said("show", code=1)
    assert said("upgrade") == f"The schema is {ours}.\n"
    assert ours in said("show")
    assert f"The schema is {before}." in said("downgrade", before)
    assert "Name a revision before" in said("downgrade", ours, code=2)
