"""How wide text for people is laid out."""

import os
from typing import IO

PIPED = 140  # columns where there is no terminal to ask: what is piped is read in an editor or a pager


def width_of(out: IO[str]) -> int | None:
    """Return the columns to lay text out in; None leaves it to the terminal, or to COLUMNS."""
    return None if out.isatty() or "COLUMNS" in os.environ else PIPED
