"""The OpenAPI document holds: requests made up from it, right and wrong ones, meet no failure and no answer beside it.

`API_EXAMPLES=2000` makes up so many requests an operation, other ones each time.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
import schemathesis.specs.openapi.schemas  # else it is loaded, and parsed by pytest, beside a server's thread
from hypothesis import given
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from scanner.app import App
from scanner.settings import load
from scanner.web.api import PLACE
from tests.api_builders import CONSTRAINT, NOW, PRODUCT, fill, secret_of
from tests.site_builders import as_many, served

Operation = schemathesis.APIOperation[Any, Any, Any, Any]
Case = schemathesis.Case[Any]
AS_MANY = as_many("API_EXAMPLES", few=4)
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
KNOWN = {
    "product_id": PRODUCT,
    "constraint_id": CONSTRAINT,
    "report_id": "r-1",
    "waiver_id": 1,
    "objection_id": 1,
    "job_id": "1",
}


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgres"))]
)
def api(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Serve a product with data over a real database; return the address and its owner's token that writes."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres").new_database("api")
    unlimited = {"token_per_minute": 0, "address_per_minute": 0}
    app = App(load(home=tmp_path_factory.mktemp("home"), database_url=url, **unlimited), now=lambda: NOW)
    try:
        fill(app)
        with served(app) as site:
            yield f"{site}{PLACE}", secret_of(app)
    finally:
        app.close()


def made_up(operation: Operation) -> st.SearchStrategy[Case]:
    """Make up requests: of what is there, of what is not, and such as the document forbids."""
    names = {one.name for one in operation.path_parameters}
    known = {name: value for name, value in KNOWN.items() if name in names}
    right, wrong = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
    kinds = [operation.as_strategy(right, path_parameters=known), operation.as_strategy(right)]
    if list(operation.iter_parameters()) or operation.body:
        kinds += [operation.as_strategy(wrong), operation.as_strategy(wrong, path_parameters=known)]
    return st.one_of(kinds)


def test_requests_made_up_from_the_document_are_answered_as_it_says(api: tuple[str, str]) -> None:
    address, secret = api
    document = requests.get(f"{address}/openapi.json", timeout=10).json()
    document["paths"].pop("/hooks/{hook_id}")  # it lies beside the API, and tests/integration/test_hooks.py asks it
    schema = schemathesis.openapi.from_dict(document)
    operations = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    assert len(operations) == 50
    with requests.Session() as session:
        session.trust_env = False
        for operation in operations:

            @AS_MANY
            @given(case=made_up(operation))
            def ask(case: Case) -> None:
                headers = {"Authorization": f"Bearer {secret}"}
                case.call_and_validate(base_url=address, session=session, headers=headers, checks=CHECKS)

            ask()
