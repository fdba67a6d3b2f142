"""All that is kept of a connection, to be taken along: row by row, without anything that opens something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, select, tuple_
from sqlmodel import Session, SQLModel

MOST = 500  # rows at a time

# Left out whole: the sealed consent, what lets a person or her programs in, what channels and the queue need to work,
# what is reckoned from the rest.
NOT_TAKEN = frozenset({"sealed_token", "sign_in", "push_channel", "schema_serves", "job", "api_token", "belonging"})
_SECRET = {"hook": {"sealed", "digest"}, "connection": {"cursor"}}  # a cursor holds Google's page tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One kind of row that is taken along."""

    table: str
    without: frozenset[str] = frozenset()


TABLES = tuple(
    Taken(table=name, without=frozenset(_SECRET.get(name, ())))
    for name in (
        *("connection", "product", "product_folder", "product_release", "source_folder", "source_file"),
        *("candidate", "verdict", "report", "drift", "move"),
        *("waiver", "objection", "suggestion", "search", "choice"),
        *("recipient", "mail", "mail_part", "hook", "feed", "member", "deed"),
    )
)


class Taking:
    """Rows of one connection, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def some(
        self, taken: Taken, connection: str, *, after: Sequence[object] = (), most: int = MOST
    ) -> tuple[list[Mapping[str, Any]], tuple[object, ...]]:
        """Return the next rows of a kind and where they end, () where there are no more."""
        table = SQLModel.metadata.tables[taken.table]
        keys = tuple(table.primary_key.columns)
        shown = [column for column in table.columns if column.name not in taken.without]
        query = select(*shown).where(_of(table, connection)).order_by(*keys).limit(most)
        query = query.where(tuple_(*keys) > tuple_(*after)) if after else query
        rows: list[Mapping[str, Any]] = [dict(row) for row in self._session.execute(query).mappings()]
        last = tuple(rows[-1][key.name] for key in keys) if len(rows) == most else ()
        return rows, last


def _of(table: Table, connection: str) -> ColumnElement[bool]:
    """Say which rows are the connection's: they name it, or a product, report or mail of it."""
    columns, tables = table.columns, SQLModel.metadata.tables
    if table.name == "connection":
        return columns["id"] == connection
    if "connection_id" in columns:
        return columns["connection_id"] == connection
    for name in ("product", "report", "mail"):
        if f"{name}_id" in columns:
            parent = tables[name]
            return columns[f"{name}_id"].in_(select(parent.columns["id"]).where(_of(parent, connection)))
    raise ValueError(f"{table.name} is nobody's")
