"""What tests of several folders share."""

from collections.abc import Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest

from tests.postgres import Server, running_postgres


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
