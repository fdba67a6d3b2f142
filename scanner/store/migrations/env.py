"""Alembic's environment: runs on the connection that Database.upgrade gives, in its transaction."""

from alembic import context
from sqlmodel import SQLModel

import scanner.store.store  # noqa: F401 -- its tables are the schema that revisions are made against

context.configure(
    connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata, render_as_batch=True
)
context.run_migrations()
