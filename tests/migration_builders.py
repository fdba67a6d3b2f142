"""Migrations as tests need them: every step both ways, rows in every table, and further revisions that are invented."""

import shutil
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import alembic.command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Inspector, inspect
from sqlmodel import SQLModel

import scanner.jobs.tables
import scanner.store.store  # noqa: F401 -- its tables are the ones that are filled
from scanner.store import migrations
from scanner.store.database import Database
from tests.builders import NOON

OURS = Path(migrations.__file__).parent
Rows = dict[str, list[dict[str, Any]]]

ADDS = '''
"""Room for something new."""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "9001", "{before}"


def upgrade() -> None:
    op.add_column("connection", sa.Column("mood", sa.String(), nullable=False, server_default="fine"))
    op.create_table("novelty", sa.Column("id", sa.String(), primary_key=True))


def downgrade() -> None:
    op.drop_table("novelty")
    with op.batch_alter_table("connection") as table:
        table.drop_column("mood")
'''
TAKES = '''
"""Something is taken away, and said so."""
from alembic import op

revision, down_revision = "9002", "9001"


def upgrade() -> None:
    with op.batch_alter_table("connection") as table:
        table.drop_column("doubted")
    op.execute("UPDATE schema_serves SET oldest = '9002'")


def downgrade() -> None:
    raise NotImplementedError
'''


@cache
def revisions(scripts: Path = OURS) -> Sequence[str]:
    """The revisions of these scripts, the oldest first."""
    return [script.revision for script in ScriptDirectory(str(scripts)).walk_revisions()][::-1]


def moved(database: Database, to: str, *, scripts: Path = OURS) -> None:
    """Move the schema to a revision, up or down, by these scripts."""
    config = Config()
    config.set_main_option("script_location", str(scripts))
    with database.altering() as connection:
        config.attributes["connection"] = connection
        order = revisions(scripts)
        here = database_revision(connection)
        up = here is None or (to != "base" and order.index(to) > order.index(here))
        (alembic.command.upgrade if up else alembic.command.downgrade)(config, to)


def database_revision(connection: Any) -> str | None:
    """The revision that the database is of."""
    from alembic.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def scripts_with(folder: Path, *further: str) -> Path:
    """Our migrations and some invented ones behind them, in a folder of their own."""
    shutil.copytree(OURS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for number, text in enumerate(further, 9001):
        written = text.replace("{before}", revisions()[-1])
        (folder / "versions" / f"{number}_invented.py").write_text(written, encoding="utf-8")
    return folder


def fill(database: Database) -> None:
    """Put a row into every table: the same word in every text, so that each foreign key finds what it names."""
    with database.engine.connect() as connection, connection.begin():
        for table in SQLModel.metadata.sorted_tables:
            if connection.execute(table.select()).first() is None:
                connection.execute(table.insert().values({one.name: _value(one.type) for one in table.columns}))


def _value(kind: Any) -> object:
    wanted = getattr(kind, "impl", kind).python_type
    values: Mapping[type, object] = {str: "x", int: 1, float: 1.5, bool: True, bytes: b"x", dict: {}}
    return {datetime: NOON, date: NOON.date()}.get(wanted, values.get(wanted))


def rows(database: Database) -> Rows:
    """Every row of every table of the schema as it is now; which code it serves moves with it."""
    with database.engine.connect() as connection:
        names = [
            name for name in inspect(connection).get_table_names() if name not in {"alembic_version", "schema_serves"}
        ]
        return {
            name: [dict(row._mapping) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')]  # noqa: S608 -- the database's own names
            for name in names
        }


def shared(one: Rows, other: Rows) -> tuple[Rows, Rows]:
    """Both without the tables and columns that only one of them has."""

    def cut(mine: Rows, theirs: Rows) -> Rows:
        return {
            table: [{key: value for key, value in row.items() if key in theirs[table][0]} for row in held]
            if theirs[table]
            else held
            for table, held in mine.items()
            if table in theirs
        }

    return cut(one, other), cut(other, one)


Shape = dict[str, dict[str, tuple[str, bool]]]  # by table and column: its type, and whether a row may leave it out


def shape(database: Database) -> Shape:
    """The schema as far as it matters to code that does not know all of it."""
    with database.engine.connect() as connection:
        looked: Inspector = inspect(connection)
        return {
            table: {
                column["name"]: (str(column["type"]), bool(column["nullable"] or column["default"] is not None))
                for column in looked.get_columns(table)
            }
            for table in looked.get_table_names()
        }


def _wider(column: tuple[str, bool]) -> tuple[str, bool]:
    """The same column with room for more: who knows the narrow one reads and writes it as before."""
    return ("BIGINT" if column[0] == "INTEGER" else column[0], column[1])


def taken_away(before: Shape, after: Shape) -> list[str]:
    """What code of the schema before misses in the one after: something it reads, or can no longer leave out."""
    missed = [table for table in before if table not in after]
    for table in before.keys() & after.keys():
        old, new = before[table], after[table]
        missed += [f"{table}.{column}" for column in old if new.get(column) not in (old[column], _wider(old[column]))]
        missed += [f"{table}.{column}" for column in new.keys() - old.keys() if not new[column][1]]
    return sorted(missed)
