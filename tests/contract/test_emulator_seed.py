"""A seed is read strictly: whatever is wrong in it is named, with the file and the item."""

import base64
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.emulator.seed import SeedError, load_seed
from connector.emulator.values import DEFAULT_CLIENT, Client
from tests.emulator_process import OWNER, running_emulator, write_seed

FOLDER = {"id": "f", "name": "Folder", "kind": "folder", "parent": "root", "modified": "2026-05-04T10:00:00Z"}
NOTE = FOLDER | {"id": "n", "name": "Note", "kind": "file", "mime": "text/plain", "content_base64": "aGk="}


def a_manifest(folder: Path, *items: Any, **other: Any) -> Path:
    manifest = {"user": OWNER, "items": list(items)} | other
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def without(item: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != key}


def test_a_seed_holds_what_its_manifest_says(tmp_path: Path) -> None:
    (tmp_path / "guide.docx").write_bytes(b"PK")
    guide = FOLDER | {"id": "g", "name": "Guide", "kind": "google-doc", "parent": "f", "content": "guide.docx"}
    seed = load_seed(a_manifest(tmp_path, guide, FOLDER, NOTE, drives=[{"id": "D", "name": "Team"}]))
    assert seed.clients == (DEFAULT_CLIENT,)
    assert [drive.name for drive in seed.drives] == ["Team"]
    assert [(item.id, item.mime, item.content) for item in seed.items] == [
        ("g", "application/vnd.google-apps.document", b"PK"),
        ("f", "application/vnd.google-apps.folder", None),
        ("n", "text/plain", b"hi"),
    ]


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        ("text", "item 1: must be an object"),
        (without(NOTE, "id"), "item 1: needs an id"),
        (NOTE | {"id": "../x"}, "item 1: needs an id"),
        (NOTE | {"id": "root"}, "item 1: needs an id"),
        (without(NOTE, "name"), "item 1 (n): name must be a text"),
        (NOTE | {"name": "half \ud800"}, "item 1 (n): name holds half a character"),
        (without(NOTE, "parent"), "item 1 (n): needs a parent"),
        (NOTE | {"parent": 7}, "item 1 (n): parent must be a text or null"),
        (NOTE | {"parent": "nowhere"}, "n: its parent 'nowhere' is neither a folder nor a drive"),
        (NOTE | {"kind": "picture"}, "item 1 (n): unknown kind 'picture'"),
        (without(NOTE, "mime"), "item 1 (n): mime must be a text"),
        (NOTE | {"mime": "text"}, "item 1 (n): mime 'text' is not a media type"),
        (NOTE | {"mime": "application/vnd.google-apps.document"}, "item 1 (n): application/vnd.google-apps.document"),
        (FOLDER | {"mime": "text/plain"}, "item 1 (f): only kind=file states its mime"),
        (FOLDER | {"content": "x"}, "item 1 (f): a folder has no content"),
        (without(NOTE, "content_base64"), "item 1 (n): needs either content"),
        (NOTE | {"content": "n.txt"}, "item 1 (n): needs either content"),
        (NOTE | {"content_base64": "???"}, "item 1 (n): content_base64 is not base64"),
        (without(NOTE, "content_base64") | {"content": "../secret"}, "item 1 (n): content '../secret' is not a file"),
        (without(NOTE, "modified"), "item 1 (n): modified must be a text"),
        (NOTE | {"modified": "yesterday"}, "item 1 (n): modified 'yesterday' is not an RFC 3339 time"),
        (NOTE | {"modified": "2026-05-04T10:00:00"}, "item 1 (n): modified '2026-05-04T10:00:00' names no time zone"),
        (NOTE | {"trashed": "no"}, "item 1 (n): trashed must be true or false"),
        (NOTE | {"colour": "red"}, "item 1 (n): unknown key 'colour'"),
        (FOLDER | {"kind": "shortcut"}, "item 1 (f): target must be a text"),
        (FOLDER | {"parent": "f"}, "f: its folders lead in a circle"),
    ],
)
def test_a_wrong_item_is_named_with_its_file(tmp_path: Path, item: Any, sentence: str) -> None:
    (tmp_path.parent / "secret").write_text("not for the seed", encoding="utf-8")
    with pytest.raises(SeedError) as caught:
        load_seed(a_manifest(tmp_path, item))
    assert str(tmp_path / "manifest.json") in str(caught.value)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"user": {"email": "a"}}, "user: name must be a text"),
        ({"user": None}, "user: must be an object"),
        ({"colour": 1}, "unknown key 'colour'"),
        ({"drives": {}}, "drives must be a list"),
        ({"drives": [{"id": "D"}]}, "drive 1: name must be a text"),
        ({"drives": [{"id": "a b", "name": "x"}]}, "drive 1: needs an id"),
        ({"clients": [{"id": "c", "secret": "s"}]}, "client 1: redirect_uris must be a list"),
        ({"clients": [{"id": "c", "redirect_uris": []}]}, "client 1: secret must be a text"),
        ({"drives": [{"id": "n", "name": "x"}], "items": [NOTE]}, "n is used twice"),
        ({"items": [NOTE, NOTE]}, "n is used twice"),
    ],
)
def test_a_wrong_manifest_is_named(tmp_path: Path, other: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SeedError) as caught:
        load_seed(a_manifest(tmp_path, **other))
    assert str(tmp_path / "manifest.json") in str(caught.value)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]"])
def test_a_manifest_that_is_no_object_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(SeedError, match=r"manifest\.json"):
        load_seed(tmp_path)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("http://127.0.0.1:1/connections/callback", True),
        ("http://localhost:65535/connections/callback", True),
        ("http://127.0.0.1/connections/callback", False),
        ("http://127.0.0.1:1/connections/callback?x=1", False),
        ("http://127.0.0.1:1.example.org/connections/callback", False),
        ("https://127.0.0.1:1/connections/callback", False),
    ],
)
def test_the_default_client_is_answered_on_any_loopback_port_and_nowhere_else(address: str, *, allowed: bool) -> None:
    assert DEFAULT_CLIENT.allows(address) is allowed


def test_an_address_without_a_star_is_matched_exactly() -> None:
    client = Client(id="c", secret="s", redirect_uris=("https://example.org/back",))
    assert client.allows("https://example.org/back")
    assert not client.allows("https://example.org/back/")


def test_the_process_says_one_line_and_ends_cleanly_when_asked_to(tmp_path: Path) -> None:
    content = base64.b64encode(b"hi").decode()
    seed = write_seed(tmp_path, items=({"id": "n", "content_base64": content},))
    command = [sys.executable, "-m", "connector.emulator", "--seed", str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base = process.stdout.readline().removeprefix("listening on ").strip()
        with requests.Session() as kept:  # a connection that is still open does not hold it up
            assert kept.get(f"{base}/oauth2/v3/certs", timeout=10).status_code == 200
            process.send_signal(signal.SIGTERM)
            rest, complaints = process.communicate(timeout=10)
    assert (process.returncode, rest, complaints) == (0, "", "")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--seed", "/nowhere"], "/nowhere/manifest.json: cannot be read (No such file or directory)."),
        (["--seed", ".", "--host", "0.0.0.0"], "the emulator listens on an IPv4 loopback address only"),  # noqa: S104 - refused
    ],
)
def test_a_process_that_cannot_start_says_why_in_one_sentence(options: list[str], sentence: str) -> None:
    command = [sys.executable, "-m", "connector.emulator", *options]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


def test_hostile_names_arrive_unchanged(tmp_path: Path) -> None:
    names = ["../../etc/passwd", "<script>alert(1)</script>", "a\\b'c\"d", "\u202eexe.pdf", "x" * 5000, "line\nbreak"]
    seed = write_seed(tmp_path, items=({"id": f"i{n}", "name": name} for n, name in enumerate(names)))
    with running_emulator(seed) as base:
        token = requests.post(f"{base}/_emulator/tokens", timeout=10).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        found = requests.get(f"{base}/drive/v3/files", headers=headers, timeout=10).json()["files"]
    assert [file["name"] for file in found] == names
