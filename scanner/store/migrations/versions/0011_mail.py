"""Who gets mail about a product, what became of each mail, since when nights fail, and whose a file is."""

import sqlalchemy as sa
from alembic import op

from scanner.store.columns import UtcDateTime

revision = "0011"
down_revision = "0010"

SERVES = sa.table("schema_serves", sa.column("oldest", sa.String()))


def upgrade() -> None:
    """Go to this version: whoever was named as the address of a product is its first recipient.

    What was mailed until now stays with the reports' first readers: their last report counts as told.
    """
    op.create_table(
        "recipient",
        sa.Column("product_id", sa.String(), primary_key=True),
        sa.Column("address", sa.String(), primary_key=True),
        sa.Column("rhythm", sa.String(), nullable=False),
        sa.Column("unsubscribed_at", UtcDateTime(), nullable=True),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.Column("disabled_because", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], ondelete="CASCADE"),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("connection_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("weekly", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["connection_id"], ["connection.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("connection_id", "kind", "address", "about"),
    )
    op.create_index("ix_mail_state", "mail", ["connection_id", "state"])
    op.create_table(
        "mail_part",
        sa.Column("mail_id", sa.String(), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("report_id", sa.String(), nullable=False),
        sa.Column("since_id", sa.String(), nullable=False),
        sa.Column("since_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], ondelete="CASCADE"),
    )
    op.execute(
        "INSERT INTO recipient (product_id, address, rhythm, disabled_because) "
        "SELECT id, notify, 'on change', '' FROM product"
    )
    op.execute(
        "INSERT INTO mail (id, connection_id, kind, address, about, weekly, state, said, made_at, ended_at) "
        "SELECT report.id, product.connection_id, 'summary', product.notify, report.id, false, 'sent', "
        "report.delivered_where, report.created_at, report.delivered_at "
        "FROM report JOIN product ON product.id = report.product_id WHERE report.delivered_at IS NOT NULL"
    )
    op.execute(
        "INSERT INTO mail_part (mail_id, place, product_id, clause, report_id, since_id) "
        "SELECT id, 0, product_id, clause, id, '' FROM report WHERE delivered_at IS NOT NULL"
    )
    op.add_column("report", sa.Column("weighed_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE report SET weighed_at = created_at WHERE delivered_at IS NOT NULL OR NOT worth_telling")
    # NOTE: dropped in place. A batch would make the table anew on SQLite, and dropping the old one would take all rows
    # along that hang on it.
    for table, column in (("report", "delivered_at"), ("report", "delivered_where"), ("product", "notify")):
        op.drop_column(table, column)
    op.add_column("product", sa.Column("quotes", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("connection", sa.Column("outage", sa.Text(), nullable=False, server_default=""))
    for column in ("outage_at", "outage_told_at", "outage_over_at"):
        op.add_column("connection", sa.Column(column, UtcDateTime(), nullable=True))
    op.add_column("source_file", sa.Column("owner", sa.Text(), nullable=False, server_default=""))
    op.execute(SERVES.update().values(oldest=revision))  # older code asks for what is dropped


def downgrade() -> None:
    """Go back to the version before: a product has one address, and a report went out or not."""
    op.execute(SERVES.update().values(oldest=down_revision))
    op.drop_column("source_file", "owner")
    for column in ("outage", "outage_at", "outage_told_at", "outage_over_at"):
        op.drop_column("connection", column)
    op.drop_column("product", "quotes")
    op.add_column("product", sa.Column("notify", sa.String(), nullable=False, server_default=""))
    op.execute(
        "UPDATE product SET notify = coalesce("
        "(SELECT min(address) FROM recipient WHERE recipient.product_id = product.id), '')"
    )
    op.drop_column("report", "weighed_at")
    op.add_column("report", sa.Column("delivered_at", UtcDateTime(), nullable=True))
    op.add_column("report", sa.Column("delivered_where", sa.Text(), nullable=False, server_default=""))
    op.execute(
        "UPDATE report SET delivered_at = (SELECT max(mail.ended_at) FROM mail JOIN mail_part "
        "ON mail_part.mail_id = mail.id WHERE mail_part.report_id = report.id AND mail.state = 'sent')"
    )
    for table in ("mail_part", "mail", "recipient"):
        op.drop_table(table)
