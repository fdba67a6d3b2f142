"""Crosswalk as the commands take it: assembled from the settings, and closed after them."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from connector import ConnectorError
from scanner.app import App
from scanner.cli.console import settings
from scanner.settings import SettingsError


@contextmanager
def app() -> Iterator[App]:
    """Yield Crosswalk assembled from the settings, and close it. Raises before anything is done with a wrong one."""
    assembled = App(settings())
    # What was loaded up to here stays to the end: a look at a large Drive would have the collector go through it again
    # and again, for a third of its processor and more.
    gc.freeze()
    try:
        _ = assembled.connector  # it refuses an address or a vault key that cannot be used
    except ConnectorError as error:
        assembled.close()
        raise SettingsError(str(error)) from error
    try:
        yield assembled
    finally:
        assembled.close()
