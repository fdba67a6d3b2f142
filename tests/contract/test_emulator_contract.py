"""The emulator keeps the contract of Google's discovery document: every method, parameter and reply."""

import json
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

import pytest
import requests

from connector.emulator.discovery import Contract, load_contract
from tests.emulator_client import Desk, a_desk
from tests.emulator_process import running_emulator, write_seed

DOCUMENT: Mapping[str, Any] = json.loads(
    (resources.files("googleapiclient") / "discovery_cache/documents/drive.v3.json").read_text(encoding="utf-8")
)
READS = {
    "drive.about.get": "about?fields=*",
    "drive.changes.getStartPageToken": "changes/startPageToken?fields=*",
    "drive.changes.list": "changes?pageToken=1001&fields=*",
    "drive.drives.get": "drives/TEAM?fields=*",
    "drive.drives.list": "drives?fields=*",
    "drive.files.get": "files/doc?fields=*",
    "drive.files.list": "files?fields=*",
    "drive.operations.get": "operations/download-doc-as-google-doc?fields=*",
}
BYTES = {"drive.files.export", "drive.files.download"}  # answered too, tested with the files
CHANNELS = {"drive.changes.watch", "drive.channels.stop"}  # the same, with what they notify of (test_emulator_push.py)
METHODS = [
    method
    for resource in DOCUMENT["resources"].values()
    for method in resource["methods"].values()
]  # fmt: skip
REFUSED = [method for method in METHODS if method["id"] not in READS.keys() | BYTES | CHANNELS]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    items = ({"id": "doc", "kind": "google-doc"},)
    seed = write_seed(tmp_path_factory.mktemp("seed"), items=items, drives=({"id": "TEAM", "name": "Team"},))
    with running_emulator(seed) as base, a_desk(base) as sat:
        yield sat


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


@pytest.mark.parametrize(("method_id", "path"), sorted(READS.items()))
def test_every_reading_call_answers_within_its_schema(
    desk: Desk, contract: Contract, method_id: str, path: str
) -> None:
    reply = desk.get(path)
    assert reply.status_code == 200, reply.text
    (method,) = (method for method in METHODS if method["id"] == method_id)
    assert list(contract.faults_in(reply.json(), method["response"])) == []


@pytest.mark.parametrize("method", REFUSED, ids=lambda method: method["id"])
def test_every_other_method_of_the_api_is_refused_and_noted(desk: Desk, method: Mapping[str, Any]) -> None:
    path = "/drive/v3/" + method["path"].replace("{", "").replace("}", "").replace("driveId", "TEAM")
    headers = {"Authorization": f"Bearer {desk.token}"}
    before = len(desk.violations())
    reply = requests.request(method["httpMethod"], desk.base + path, headers=headers, timeout=10)
    assert reply.status_code == 405
    assert desk.violations()[before:] == [{"kind": "not-a-read", "what": f"{method['httpMethod']} {path}"}]


@pytest.mark.parametrize("path", ["/upload/drive/v3/files", "/batch/drive/v3", "/drive/v2/files", "/drive/v3/nothing"])
def test_uploads_batches_and_other_versions_are_refused_and_noted(desk: Desk, path: str) -> None:
    before = len(desk.violations())
    headers = {"Authorization": f"Bearer {desk.token}"}
    assert requests.post(desk.base + path, headers=headers, timeout=10).status_code == 405
    assert [noted["kind"] for noted in desk.violations()[before:]] == ["not-a-read"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("foo=1", "invalid"),
        ("pageSize=0", "invalidParameter"),
        ("pageSize=1001", "invalidParameter"),
        ("pageSize=many", "invalidParameter"),
        ("supportsAllDrives=yes", "invalidParameter"),
        ("alt=xml", "invalidParameter"),
        ("alt=media", "invalid"),
        ("q=a&q=b", "invalidParameter"),
        ("includeTeamDriveItems=true", "invalidParameter"),
        ("callback=f", "invalidParameter"),
        ("fileId=doc", "invalid"),
    ],
)
def test_a_parameter_that_the_contract_does_not_allow_is_refused(desk: Desk, query: str, reason: str) -> None:
    reply = desk.get(f"files?{query}")
    assert reply.status_code == 400
    assert reply.json()["error"]["errors"][0]["reason"] == reason


def test_a_token_in_the_address_is_refused_and_noted_without_the_token(desk: Desk) -> None:
    before = len(desk.violations())
    address = f"{desk.base}/drive/v3/files"
    assert requests.get(address, params={"access_token": desk.token}, timeout=10).status_code == 401
    assert desk.violations()[before:] == [{"kind": "token-in-address", "what": "GET /drive/v3/files"}]


def test_a_well_behaved_client_leaves_no_violation(desk: Desk) -> None:
    before = desk.violations()
    desk.drive.files().list(pageSize=1000, q="trashed=false", fields="nextPageToken,files(id,name)").execute()
    desk.drive.changes().list(pageToken=desk.start_token(), fields="*").execute()
    desk.drive.about().get(fields="user").execute()
    assert desk.violations() == before


FILE = {"$ref": "File"}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"nmae": "x"}, "reply.nmae is not in the schema"),
        ({"size": 5}, "reply.size is not a string"),
        ({"size": "big"}, "reply.size is not a 64-bit number written as a text"),
        ({"trashed": "true"}, "reply.trashed is not true or false"),
        ({"modifiedTime": "2026-05-04T10:00:00Z"}, "reply.modifiedTime is not an RFC 3339 time with milliseconds"),
        ({"modifiedTime": "2026-13-04T10:00:00.000Z"}, "reply.modifiedTime is not an RFC 3339 time with milliseconds"),
        ({"kind": "drive#folder"}, "reply.kind is not 'drive#file'"),
        ({"parents": "root"}, "reply.parents is not a list"),
        ({"owners": [{"me": 1}]}, "reply.owners[0].me is not true or false"),
        ({"capabilities": {"canFly": True}}, "reply.capabilities.canFly is not in the schema"),
        ({"exportLinks": {"text/plain": 1}}, "reply.exportLinks.text/plain is not a string"),
        ([], "reply is not an object"),
    ],
)
def test_a_reply_that_breaks_its_schema_is_found(contract: Contract, body: Any, sentence: str) -> None:
    assert list(contract.faults_in(body, FILE)) == [sentence]
