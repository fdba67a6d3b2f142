"""Sizes of files as large as a Drive holds them: a 32-bit column refuses a film, and with it the whole page.

SQLite counts in 64 bits whatever a column is called.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Go to this version."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("source_file", "size", type_=sa.BigInteger())


def downgrade() -> None:
    """Go back to the version before; a size that it cannot hold is forgotten, as Google may leave it out too."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("UPDATE source_file SET size = NULL WHERE size >= 2147483648")
        op.alter_column("source_file", "size", type_=sa.Integer())
