"""Drift in rows of its own, decisions on constraints, where releases come from, and how documents were before."""

import sqlalchemy as sa
from alembic import op

from scanner.store.columns import UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table("product_release") as table:
        table.add_column(sa.Column("origin", sa.String(), nullable=False, server_default="by hand"))
        table.add_column(sa.Column("via", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("state", sa.String(), nullable=False, server_default="confirmed"))
    with op.batch_alter_table("report") as table:
        table.add_column(sa.Column("reviewed_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("candidate") as table:
        table.add_column(sa.Column("earlier", sa.JSON(), nullable=False, server_default="[]"))
    _drift_table()
    _waiver_table()
    _hook_table()
    op.execute(sa.text("UPDATE product_release SET origin = 'release notes' WHERE source LIKE 'release notes: %'"))
    _drift_into_rows()
    # Older code would look for drift where it is no longer kept, and mail nothing of it.
    op.execute(sa.text(f"UPDATE schema_serves SET oldest = '{revision}'"))  # noqa: S608 -- our own number


def _drift_table() -> None:
    op.create_table(
        "drift",
        sa.Column("report_id", sa.String(), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("constraint_id", sa.String(), nullable=False),
        sa.Column("before_outcome", sa.String(), nullable=False),
        sa.Column("now_outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("file", sa.JSON(), nullable=True),
        sa.Column("old_quote", sa.Text(), nullable=False),
        sa.Column("waiver", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], ondelete="CASCADE"),
    )


def _waiver_table() -> None:
    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("constraint_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_waiver_product_id", "waiver", ["product_id"])


def _hook_table() -> None:
    op.create_table(
        "hook",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_hook_product_id", "hook", ["product_id"])


def _drift_into_rows() -> None:
    """Move the drift out of the reports' bodies; its cause was not kept, so it is read from its kind."""
    causes = {
        "lost": "passage removed",
        "stale": "new release",
        "undetermined now": "could not be read",
        "won": "found",
    }
    connection = op.get_bind()
    report = sa.table("report", sa.column("id", sa.String()), sa.column("body", sa.JSON()))
    drift = sa.table(
        "drift",
        *(sa.column(name) for name in ("report_id", "place", "ours", "kind", "cause", "constraint_id")),
        *(sa.column(name) for name in ("before_outcome", "now_outcome", "reason", "old_quote")),
        sa.column("file", sa.JSON()),
    )
    for ident, body in connection.execute(sa.select(report.c.id, report.c.body)).all():
        rows = [
            {
                "report_id": ident,
                "place": place,
                "ours": False,
                "kind": one["kind"],
                "cause": causes[one["kind"]],
                "constraint_id": one["constraint"],
                "before_outcome": one["before"],
                "now_outcome": one["now"],
                "reason": one["reason"],
                "file": one["file"],
                "old_quote": one["old_quote"],
            }
            for place, one in enumerate((body or {}).get("drift", ()))
        ]
        if rows:
            connection.execute(drift.insert(), rows)
            connection.execute(report.update().where(report.c.id == ident).values(body={**body, "drift": []}))


def downgrade() -> None:
    """Go back to the version before; drift goes with its rows."""
    op.execute(sa.text(f"UPDATE schema_serves SET oldest = '{down_revision}'"))  # noqa: S608 -- our own number
    for table in ("hook", "waiver", "drift"):
        op.drop_table(table)
    with op.batch_alter_table("candidate") as batch:
        batch.drop_column("earlier")
    with op.batch_alter_table("report") as batch:
        batch.drop_column("reviewed_at")
    with op.batch_alter_table("product_release") as batch:
        for column in ("state", "via", "origin"):
            batch.drop_column(column)
