"""Nothing but reads is ever sent, held against Google's own description of its methods."""

import json
from collections.abc import Iterator, Mapping
from importlib import resources
from types import SimpleNamespace
from typing import Any

import pytest

from connector.drive.reads import READS, SAYS, UNITS, checked

READONLY = "https://www.googleapis.com/auth/drive.readonly"


def methods(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for one in tree.values():
        yield from one.get("methods", {}).values()
        yield from methods(one.get("resources", {}))


DOCUMENT = json.loads(
    (resources.files("googleapiclient") / "discovery_cache/documents/drive.v3.json").read_text(encoding="utf-8")
)
METHODS = {method["id"]: method for method in methods(DOCUMENT["resources"])}


@pytest.mark.parametrize("name", sorted(READS))
def test_every_read_is_a_method_of_google_that_the_read_only_consent_covers(name: str) -> None:
    assert METHODS[name]["httpMethod"] == READS[name]
    assert READONLY in METHODS[name]["scopes"]
    assert ("request" in METHODS[name]) == (name in SAYS)  # with all others nothing can be sent along


def test_what_is_a_post_prepares_an_export_or_describes_a_channel_of_hints() -> None:
    posts = {name for name, verb in READS.items() if verb != "GET"}
    assert posts == {"drive.files.download", "drive.changes.watch", "drive.channels.stop"}
    assert {METHODS[name]["request"]["$ref"] for name in SAYS} == {"Channel"}
    assert all(words <= DOCUMENT["schemas"]["Channel"]["properties"].keys() for words in SAYS.values())
    assert set(UNITS) <= set(READS)


@pytest.mark.parametrize("name", sorted(SAYS))
def test_a_channel_is_described_and_nothing_else_is_sent_with_it(name: str) -> None:
    asked = SimpleNamespace(methodId=name, method="POST", body='{"id": "x"}')
    assert checked(asked) is asked
    for more in ("name", "payload", "params", "trashed"):
        with pytest.raises(AssertionError, match="only reads"):
            checked(SimpleNamespace(methodId=name, method="POST", body=f'{{"id": "x", "{more}": "y"}}'))


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method["id"])
def test_whatever_is_not_on_the_list_is_not_sent(method: Mapping[str, Any]) -> None:
    body = "{}" if method["id"] in SAYS else None
    asked = SimpleNamespace(methodId=method["id"], method=method["httpMethod"], body=body)
    if method["id"] in READS:
        assert checked(asked) is asked
        for spoilt in ({"body": '{"name": "x"}'}, {"method": "PATCH"}, {"method": "DELETE"}):
            with pytest.raises(AssertionError, match="only reads"):
                checked(SimpleNamespace(**{**vars(asked), **spoilt}))
    else:
        with pytest.raises(AssertionError, match="only reads"):
            checked(asked)
