"""A way to a running job by its token, so that its end does not read the whole backlog."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

HELD = sa.text("token IS NOT NULL")


def upgrade() -> None:
    """Go to this version."""
    op.create_index("ix_job_token", "job", ["token"], sqlite_where=HELD, postgresql_where=HELD)


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_index("ix_job_token", "job")
