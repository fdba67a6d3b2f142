"""A connection limited to chosen folders: what lies outside leaves by that name, and comes back without the limit."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from connector import ConnectorError, RemovedBecause, SyncKind
from connector.drive.chosen import id_in
from scanner.cli.main import app as command
from scanner.model.choice import Choice
from scanner.model.job import JobKind
from scanner.pipeline.decisions import NotDecided
from tests.consent_builders import Place, a_place, told
from tests.emulator_process import running_emulator, write_seed

OUTSIDE = RemovedBecause.MOVED_OUT.value
ITEMS = [
    {"id": "security", "kind": "folder", "name": "Security"},
    {"id": "deep", "kind": "folder", "name": "4.2", "parent": "security"},
    {"id": "inside", "parent": "security", "text": "a"},
    {"id": "deeper", "parent": "deep", "text": "b"},
    {"id": "in-drive", "parent": "quality", "text": "c"},
    *({"id": f"outside-{number}", "text": "d"} for number in range(30)),
]
EVERYTHING = {"inside", "deeper", "in-drive", *(f"outside-{number}" for number in range(30))}


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    seed = write_seed(tmp_path_factory.mktemp("seed"), items=ITEMS, drives=[{"id": "quality", "name": "Quality"}])
    with running_emulator(seed) as root:
        yield root


@pytest.fixture
def place(google: str, tmp_path: Path) -> Iterator[Place]:
    with a_place(tmp_path, google) as made:
        yield made


def move(place: Place, item: str, parent: str) -> None:
    httpx.post(f"{place.google}/_emulator/items/{item}/move", json={"parent": parent}).raise_for_status()


def files(place: Place, ident: str) -> set[str]:
    with place.app.store.reading() as unit:
        return {file.id for file in unit.files.present(ident)}


def gone(place: Place, ident: str, file_id: str) -> str | None:
    with place.app.store.reading() as unit:
        known = unit.files.get(ident, file_id)
    assert known is not None
    return known[1]


def limited(place: Place, ident: str, *addresses: str) -> None:
    chosen = place.app.connector.chosen(ident, addresses)
    place.app.limit(ident, {one.id: one.name for one in chosen})
    place.work(JobKind.SYNC)


def test_what_lies_outside_leaves_by_that_name_at_once_and_comes_back_when_the_limit_ends(place: Place) -> None:
    ident = place.connect()
    place.work(JobKind.SYNC)
    assert files(place, ident) == EVERYTHING
    limited(place, ident, "https://drive.google.com/drive/u/0/folders/security?usp=sharing", "quality")
    assert files(place, ident) == {"inside", "deeper", "in-drive"}
    assert {gone(place, ident, one) for one in EVERYTHING - {"inside", "deeper", "in-drive"}} == {OUTSIDE}
    limited(place, ident, "deep")
    assert files(place, ident) == {"deeper"}
    assert gone(place, ident, "inside") == OUTSIDE
    limited(place, ident)
    assert files(place, ident) == EVERYTHING
    assert place.connection(ident).within == ()


def test_after_the_change_the_nights_read_changes_only_and_moves_over_the_border_are_told(place: Place) -> None:
    ident = place.connect()
    place.work(JobKind.SYNC)
    limited(place, ident, "security")
    move(place, "inside", "root")
    move(place, "outside-1", "deep")
    mark = place.mark()
    place.night()
    coverage = place.connection(ident).coverage
    assert coverage is not None
    assert coverage.kind is SyncKind.INCREMENTAL
    assert files(place, ident) == {"deeper", "outside-1"}
    assert gone(place, ident, "inside") == OUTSIDE
    assert "GET /drive/v3/changes" in place.calls(mark)
    move(place, "inside", "security")
    move(place, "outside-1", "root")


def test_a_limit_that_is_changed_while_a_sync_runs_is_not_lost(place: Place) -> None:
    ident = place.connect()
    sync = place.app.handlers().sync
    pages = 0

    def limit_in_between(_: object) -> None:
        nonlocal pages
        pages += 1
        if pages == 1:
            with place.app.store.transaction() as unit:
                unit.connections.limit(ident, ["security"])

    with pytest.raises(ConnectorError, match="changed meanwhile") as caught:
        sync(ident, on_page=limit_in_between)
    assert caught.value.transient
    assert place.connection(ident).cursor is None
    place.work(JobKind.SYNC)
    assert files(place, ident) == {"inside", "deeper"}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nowhere", "cannot be seen by this connection"),
        ("inside", "is not a folder"),
        ("https://drive.google.com/file/d/inside/view", "is no folder"),
        ("not an id", "is no folder"),
    ],
)
def test_an_address_that_leads_to_no_folder_is_refused_before_anything_changes(
    place: Place, address: str, said: str
) -> None:
    ident = place.connect()
    with pytest.raises(ConnectorError, match=said):
        place.app.connector.chosen(ident, ["security", address])


def test_the_command_limits_and_frees(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    ident = place.connect()
    monkeypatch.setenv("CROSSWALK_HOME", str(place.home / "home"))
    for name, value in told(place.google).items():
        monkeypatch.setenv(f"CROSSWALK_{name.upper()}", str(value))
    runner = CliRunner()
    limit = ["connections", "limit", ident]
    result = runner.invoke(command, [*limit, "--within", "security", "--within", "quality"])
    assert result.exit_code == 0, result.stderr
    assert "Limited to: Security, Quality." in " ".join(result.stderr.split())
    assert place.connection(ident).within == ("security", "quality")
    assert runner.invoke(command, limit).exit_code == 2
    assert runner.invoke(command, [*limit, "--everything", "--within", "security"]).exit_code == 2
    assert runner.invoke(command, [*limit, "--within", "nowhere"]).exit_code == 1
    assert place.connection(ident).within == ("security", "quality")
    assert runner.invoke(command, [*limit, "--everything"]).exit_code == 0
    assert place.connection(ident).within == ()


@pytest.mark.parametrize(
    ("address", "ident"),
    [
        ("https://drive.google.com/drive/folders/1AbC-_9", "1AbC-_9"),
        ("https://drive.google.com/drive/u/2/folders/1AbC?resourcekey=0-x&usp=sharing", "1AbC"),
        ("https://drive.google.com/open?id=1AbC", "1AbC"),
        (" 0AQuality ", "0AQuality"),
    ],
)
def test_an_address_from_the_browser_is_understood(address: str, ident: str) -> None:
    assert id_in(address) == ident


@given(st.text(max_size=80))
def test_whatever_is_given_only_an_id_comes_of_it(text: str) -> None:
    for address in (text, f"https://drive.google.com/{text}"):
        with suppress(ConnectorError):
            assert re.fullmatch(r"[\w-]{1,200}", id_in(address))


def wish(place: Place, ident: str, *addresses: str) -> None:
    place.app.people.wishes.make(ident, addresses, by="owner@example.org")


def choice(place: Place, ident: str) -> Choice:
    with place.app.store.reading() as unit:
        return unit.choices.get(ident)


def test_a_wish_is_taken_by_the_next_sync_which_asks_google_what_it_names(place: Place) -> None:
    ident = place.connect()
    place.work(JobKind.SYNC)
    wish(place, ident, "https://drive.google.com/drive/folders/security", "quality")
    assert choice(place, ident).wanted == ("https://drive.google.com/drive/folders/security", "quality")
    assert place.connection(ident).within == ()
    place.work(JobKind.SYNC)
    assert choice(place, ident) == Choice(names={"security": "Security", "quality": "Quality"})
    assert files(place, ident) == {"inside", "deeper", "in-drive"}
    wish(place, ident)
    place.work(JobKind.SYNC)
    assert (files(place, ident), choice(place, ident)) == (EVERYTHING, Choice())


def test_a_wish_for_what_is_no_folder_is_refused_in_words_and_changes_nothing(place: Place) -> None:
    ident = place.connect()
    place.work(JobKind.SYNC)
    for wanted, refusal in (
        ("https://drive.google.com/drive/folders/nothing", "cannot be seen by this connection"),
        ("inside", "is not a folder"),
        ("<img src=x onerror=alert(1)>", "is no folder"),
    ):
        wish(place, ident, "security", wanted)
        place.work(JobKind.SYNC)
        assert refusal in choice(place, ident).because, wanted
        assert choice(place, ident).wanted is None
        assert place.connection(ident).within == ()
    assert files(place, ident) == EVERYTHING
    for too_much in (["x"] * 21, ["x" * 501]):
        with pytest.raises(NotDecided):
            wish(place, ident, *too_much)


def test_a_wish_waits_while_google_is_away(place: Place) -> None:
    ident = place.connect()
    place.work(JobKind.SYNC)
    place.fault("GET /drive/v3/drives", status=503, times=1)
    wish(place, ident, "security")
    sync = place.app.handlers().sync
    with pytest.raises(ConnectorError):
        sync(ident)
    assert choice(place, ident).wanted == ("security",)
    sync(ident)
    assert choice(place, ident) == Choice(names={"security": "Security"})
