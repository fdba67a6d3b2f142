"""What the store raises; beside it nothing, so that whoever only catches it loads no database library."""


class DatabaseError(Exception):
    """A database that cannot be used; its text says what to change, and holds no password."""

    transient = True  # it may be restarted, or given room, while somebody waits


def may_not_migrate() -> DatabaseError:
    """Say that the tables are to be changed and this user may not."""
    return DatabaseError(
        "The schema is to be changed, and this database user may not: run `crosswalk database upgrade` once "
        "with CROSSWALK_DATABASE_URL set to the user that owns the tables."
    )
