"""Alembic's environment: runs on the connection that Database.upgrade gives, in its transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
context.run_migrations()
