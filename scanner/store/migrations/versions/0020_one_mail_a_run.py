"""One mail a person and run, and one spelling of each address."""

from collections import defaultdict
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

RECIPIENT = sa.table("recipient", *map(sa.column, ("product_id", "address", "unsubscribed_at", "disabled_at")))
MAIL = sa.table("mail", *map(sa.column, ("id", "connection_id", "kind", "address", "about", "state")))
PART = sa.table("mail_part", sa.column("mail_id"))


def upgrade() -> None:
    """Go to this version: what was kept under several spellings of an address is kept under its normal form.

    Of two spellings of one recipient the one stays that gets no mail: nobody is written to who had said no. Of two
    mails about the same, the one stays that was sent.
    """
    for column in ("notice", "notice_about"):
        op.add_column("mail", sa.Column(column, sa.String(), nullable=False, server_default=""))
    _respell(RECIPIENT, ("product_id",), last=lambda row: row.unsubscribed_at is None and row.disabled_at is None)
    _respell(MAIL, ("connection_id", "kind", "about"), last=lambda row: row.state != "sent")


def downgrade() -> None:
    """Go back to the version before; addresses keep their one spelling."""
    for column in ("notice_about", "notice"):
        op.drop_column("mail", column)


def _respell(
    table: sa.TableClause, beside: tuple[str, ...], *, last: Callable[[sa.Row[tuple[object, ...]]], bool]
) -> None:
    """Keep each address in its normal form, and of several rows that are one then, the first that is not `last`."""
    database = op.get_bind()
    found = defaultdict(list)
    for row in database.execute(table.select()):
        found[(row.address.strip().lower(), *(getattr(row, name) for name in beside))].append(row)
    for (normal, *_), rows in found.items():
        kept, *others = sorted(rows, key=lambda row: (last(row), row.address))
        for row in others:
            if table is MAIL:
                database.execute(PART.delete().where(PART.c.mail_id == row.id))
            database.execute(table.delete().where(*_this(table, row, beside)))
        if kept.address != normal:
            database.execute(table.update().where(*_this(table, kept, beside)).values(address=normal))


def _this(
    table: sa.TableClause, row: sa.Row[tuple[object, ...]], beside: tuple[str, ...]
) -> list[sa.ColumnElement[bool]]:
    return [table.c[name] == getattr(row, name) for name in (*beside, "address")]
