"""What the store raises; beside it nothing, so that whoever only catches it loads no database library."""


class DatabaseError(Exception):
    """A database that cannot be used; its text says what to change, and holds no password."""

    transient = True  # it may be restarted, or given room, while somebody waits
