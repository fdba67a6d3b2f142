"""Crosswalk as the commands take it: assembled from the settings, and closed after them."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from connector import ConnectorError
from scanner.app import App
from scanner.cli import leave
from scanner.cli.console import settings
from scanner.settings import SettingsError

CLOSE_SECONDS = 3.0  # how long what is open towards Google has to close


@contextmanager
def app() -> Iterator[App]:
    """Yield Crosswalk assembled from the settings, and close it. Raises before anything is done with a wrong one."""
    assembled = _assembled()
    try:
        yield assembled
    finally:
        assembled.close()


@contextmanager
def running_app() -> Iterator[App]:
    """Do the same for what runs until it is stopped.

    Then a call to Google that hangs does not hold up the end: whose it was has been given back to the queue.
    """
    assembled = _assembled()
    try:
        yield assembled
    except BaseException:
        assembled.close()
        raise
    closing = Thread(target=assembled.close, daemon=True)
    closing.start()
    closing.join(CLOSE_SECONDS)
    if closing.is_alive():
        leave(0)


def _assembled() -> App:
    assembled = App(settings())
    # What was loaded up to here stays to the end: a look at a large Drive would have the collector go through it again
    # and again, for a third of its processor and more.
    gc.freeze()
    try:
        _ = assembled.connector  # it refuses an address or a vault key that cannot be used
    except ConnectorError as error:
        assembled.close()
        raise SettingsError(str(error)) from error
    return assembled
