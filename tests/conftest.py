"""What tests of several folders share."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import hypothesis  # noqa: F401 -- commands freeze what is loaded, and it minds being loaded after that
import pytest

from scanner.store.database import Database
from tests.postgres import Server, running_postgres

# Tests meet nobody but this machine, in the clear. A folder without certificates trusts nobody, and spares each
# httpx client the 40 ms in which it would load all that are trusted.
os.environ.pop("SSL_CERT_FILE", None)
os.environ["SSL_CERT_DIR"] = str(Path(__file__).parent)


def pytest_configure() -> None:
    """Keep compiled modules, which some systems have off: hundreds of processes load us, and so do it in half the time.

    Until all tests are collected nothing that was loaded goes away, so looking for it would be in vain.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    gc.disable()


def pytest_collection_finish() -> None:
    """Leave what was loaded to no collector: it stays to the end."""
    gc.freeze()
    gc.enable()


def pytest_xdist_auto_num_workers() -> int:
    """Two processes more than there are cores: for a third of their time tests wait, for leases and other processes."""
    return (os.cpu_count() or 1) + 2


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server for this session; tests that need it are skipped where none is installed."""
    with ExitStack() as stack:
        server = stack.enter_context(running_postgres())
        if server is None:
            pytest.skip("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
        yield server


@pytest.fixture
def postgres_url(postgres: Server) -> str:
    """The address of an empty database of its own."""
    return postgres.new_database(f"t{uuid4().hex}")


@pytest.fixture(scope="session")
def newest_schema(postgres: Server) -> str:
    """The name of a database of the newest schema: to copy it costs less than to migrate each test's own."""
    database = Database(postgres.new_database("newest"))
    database.upgrade()
    database.dispose()
    return "newest"


@pytest.fixture
def migrated_postgres_url(postgres: Server, newest_schema: str) -> str:
    """The address of a database of its own, of the newest schema."""
    return postgres.new_database(f"t{uuid4().hex}", like=newest_schema)
