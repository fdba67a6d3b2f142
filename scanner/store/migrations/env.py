"""Alembic's environment: runs on the connection that Database.upgrade gives, in its transaction."""

from alembic import context

from scanner.store.tables import SQLModel

context.configure(
    connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata, render_as_batch=True
)
context.run_migrations()
