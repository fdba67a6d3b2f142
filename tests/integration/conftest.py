"""The application and its pages, assembled and served once for each module that asks for them."""

from collections.abc import Iterator

import pytest

from scanner.app import App
from tests.site_builders import an_app, served


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Assemble Crosswalk over an empty home folder."""
    with an_app(tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture(scope="module")
def site(app: App) -> Iterator[str]:
    """Serve the pages."""
    with served(app) as address:
        yield address
