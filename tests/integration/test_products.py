"""Several products of one connection: a file belongs to those whose folders contain it, wherever it is moved."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

from scanner.gaps.assess import left_aside
from scanner.model.connection import Product, ScanState
from scanner.model.deed import Act
from scanner.model.gap import DriftCause, DriftKind, GapReport
from scanner.pipeline.decisions import NotDecided
from scanner.pipeline.portfolio import folders_named
from tests.pipeline_builders import GUIDE, Bench, a_bench, a_rested_bench, kept

CLAUSE = "iec-81001-5-1/5.8.2"
OWNER = "owner@example.org"
GATEWAYS = {"gateway-guide", "notes"}
ALL = {"monitor-guide", "stray-guide", *GATEWAYS}
OTHER = GUIDE.replace(b"Monitor", b"Gateway")


NOTES = b"# Release Notes Gateway 3.0.0\n\nReleased on 2026-02-20.\n\nSecurity: fixes the session timeout.\n"
FOLDERS = (
    ("top", "Products", ""),
    ("monitor", "Monitor", "top"),
    ("deep", "Security", "monitor"),
    ("gateway", "Gateway", "top"),
)


def filled(bench: Bench) -> Bench:
    """Two products' folders side by side, documents in each, and one in neither."""
    bench.memory.take("guide")
    for folder, name, parent in FOLDERS:
        bench.memory.put_folder(folder, name=name, parent=parent)
    put(bench, "monitor-guide", GUIDE, "Monitor Security Guide.md", "deep")
    put(bench, "gateway-guide", OTHER, "Gateway Security Guide.md", "gateway")
    put(bench, "stray-guide", GUIDE + b"\n", "Copy of the Security Guide.md", "top")
    put(bench, "notes", NOTES, "Gateway 3.0.0 Security Release Notes.md", "gateway")
    put(bench, "sop", b"Residual risk: none.", "DHF-0042-SEC v3.md", "deep")
    put(bench, "not-theirs", b"Residual risk: none.", "DHF-0043-SEC.md", "gateway")
    return bench


@cache
def _after_a_night() -> bytes:
    with TemporaryDirectory() as folder, a_bench(Path(folder, "home")) as bench:
        filled(bench).night()
        return kept(bench)


@cache
def _with_two() -> bytes:
    with TemporaryDirectory() as folder, a_rested_bench(Path(folder, "home"), _after_a_night) as bench:
        the_first(filled(bench), "monitor")
        add(bench, "Gateway", "gateway")
        return kept(bench)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """One product of everything, after a night."""
    with a_rested_bench(tmp_path / "home", _after_a_night) as made:
        yield filled(made)


@pytest.fixture
def two(tmp_path: Path) -> Iterator["Two"]:
    """The same with two products, each of its folders."""
    with a_rested_bench(tmp_path / "home", _with_two) as made:
        with made.app.store.reading() as unit:
            gateway, monitor = unit.products.of_connection("mine")
        yield Two(filled(made), monitor, gateway)


class Two(NamedTuple):
    """Two products over one source."""

    bench: Bench
    monitor: Product
    gateway: Product


def put(bench: Bench, file_id: str, content: bytes, name: str, folder: str) -> None:
    bench.memory.put(file_id, content, name=name, media_type="text/markdown", folder=folder)


def add(bench: Bench, name: str, *folders: str) -> Product:
    made = bench.app.people.portfolio.add("mine", name, folders=folders, notify=OWNER, by=OWNER)
    bench.work()
    return made


def known(bench: Bench, product: Product) -> Product:
    with bench.app.store.reading() as unit:
        return unit.products.known(product.id)


def the_first(bench: Bench, *folders: str) -> Product:
    """The product that the connection began with, now of some folders."""
    with bench.app.store.reading() as unit:
        (first,) = unit.products.of_connection("mine")
    bench.app.people.portfolio.rename(first.id, "Monitor", by=OWNER)
    bench.app.people.portfolio.choose(first.id, folders, by=OWNER)
    bench.work()
    return known(bench, first)


def documents(bench: Bench, product: Product) -> set[str]:
    with bench.app.store.reading() as unit:
        evidence, unchecked = unit.candidates.evidence("mine", CLAUSE, extent=known(bench, product).extent)
    assert unchecked == ()
    return {one.file.id for one in evidence}


def report(bench: Bench, product: Product) -> GapReport:
    with bench.app.store.reading() as unit:
        found = unit.reports.latest(product.id, CLAUSE)
    assert found is not None
    return found


def scans(bench: Bench) -> dict[str, object]:
    with bench.app.store.reading() as unit:
        return {one.candidate.file.id: one.seconds for one in unit.candidates.all("mine", CLAUSE)}


def test_a_file_belongs_to_every_product_whose_folders_contain_it_and_a_stray_is_counted(two: Two) -> None:
    bench, monitor, gateway = two
    both = add(bench, "Both", "deep", "gateway")
    assert documents(bench, monitor) == {"monitor-guide"}
    assert documents(bench, gateway) == GATEWAYS
    assert documents(bench, both) == {"monitor-guide", *GATEWAYS}
    seen = report(bench, monitor).coverage
    assert (seen.files, seen.candidates, seen.scanned, seen.strays) == (2, 1, 1, 1)
    with bench.app.store.reading() as unit:
        count, (stray,) = unit.listings.strays("mine", CLAUSE, most=10)
    assert (count, stray.id) == (1, "stray-guide")
    everything = add(bench, "Everything")
    assert documents(bench, everything) == ALL
    assert report(bench, everything).coverage.strays == 0


def test_a_file_that_moves_leaves_one_product_and_is_found_in_the_other_without_being_read_again(two: Two) -> None:
    bench, monitor, gateway = two
    before = scans(bench)
    put(bench, "monitor-guide", GUIDE, "Monitor Security Guide.md", "gateway")
    bench.night()
    lost = [one for one in report(bench, monitor).drift if one.kind is DriftKind.LOST]
    assert {one.cause for one in lost} == {DriftCause.MOVED_AWAY}
    assert all(
        one.reason.startswith("Monitor Security Guide.md lies outside of the folders of Monitor now") for one in lost
    )
    assert documents(bench, gateway) == {"monitor-guide", *GATEWAYS}
    assert scans(bench) == before


def test_a_folder_that_moves_takes_all_that_lies_below_it_along(two: Two) -> None:
    bench, monitor, gateway = two
    bench.memory.put_folder("deep", name="Security", parent="gateway")  # no word of the file in it
    bench.night()
    assert documents(bench, monitor) == set()
    assert documents(bench, gateway) == {"monitor-guide", *GATEWAYS}


def test_a_release_says_something_of_its_product_alone(two: Two) -> None:
    bench, monitor, gateway = two
    with bench.app.store.reading() as unit:
        assert [one.version for one in unit.products.releases(gateway.id)] == ["3.0.0"]
    assert report(bench, gateway).waiting
    assert not report(bench, monitor).waiting
    bench.app.releases.confirm(gateway.id, "3.0.0")
    bench.work()
    newest = report(bench, gateway).release
    assert newest is not None
    assert newest.version == "3.0.0"
    assert report(bench, monitor).release is None


def test_a_document_counts_by_any_of_a_products_names_and_not_by_those_of_another(bench: Bench) -> None:
    everything = the_first(bench)

    def aside() -> set[str]:
        with bench.app.store.reading() as unit:
            product = unit.products.known(everything.id)
            evidence, _ = unit.candidates.evidence("mine", CLAUSE)
            called = unit.products.called(product)
        return {one.file.id for one in evidence if "another product" in left_aside(one, called)}

    assert aside() == GATEWAYS
    portfolio = bench.app.people.portfolio
    portfolio.describe(everything.id, also_called=["Gateway", "Gateway "], naming=[], by=OWNER)
    assert known(bench, everything).also_called == ("Gateway",)
    assert aside() == set()
    portfolio.describe(everything.id, also_called=["Monitor Family", "G-1"], naming=[], by=OWNER)
    add(bench, "Gateway", "gateway")
    assert aside() == GATEWAYS


def flagged(bench: Bench) -> dict[str, list[str]]:
    with bench.app.store.reading() as unit:
        found = unit.candidates.all("mine", CLAUSE)
    return {one.candidate.file.id: [f"{hit.signal} {hit.text}" for hit in one.candidate.hits] for one in found}


def test_a_products_own_naming_flags_its_files_and_is_taken_back(two: Two) -> None:
    bench, monitor, _ = two
    assert not flagged(bench).keys() & {"sop", "not-theirs"}
    describe = bench.app.people.portfolio.describe
    describe(monitor.id, also_called=[], naming=["dhf-*-sec*"], by=OWNER)
    bench.work()
    assert flagged(bench)["sop"] == ["naming dhf-*-sec*"]
    assert "not-theirs" not in flagged(bench)
    assert bench.states()[ScanState.TO_SCAN] == 0
    describe(monitor.id, also_called=[], naming=[], by=OWNER)
    bench.work()
    assert not flagged(bench).keys() & {"sop", "not-theirs"}


@pytest.mark.parametrize("pattern", ["*", "*.pdf", "?*?", "a*", "x" * 101, "*.*"])
def test_a_pattern_that_flags_nearly_everything_is_refused(bench: Bench, pattern: str) -> None:
    with bench.app.store.reading() as unit:
        (first,) = unit.products.of_connection("mine")
    with pytest.raises(NotDecided, match="That is no pattern"):
        bench.app.people.portfolio.describe(first.id, also_called=[], naming=[pattern], by=OWNER)


def refused(bench: Bench, name: str, folders: Sequence[str] = ()) -> str:
    with pytest.raises(NotDecided) as raised:
        bench.app.people.portfolio.add("mine", name, folders=folders, notify=OWNER, by=OWNER)
    return str(raised.value)


def test_what_cannot_be_is_refused_in_words_and_changes_nothing(bench: Bench) -> None:
    first = the_first(bench)
    assert refused(bench, " ") == "Write the name as your documents do."
    assert "already" in refused(bench, "monitor")
    gateway = add(bench, "Gateway", "gateway")
    with pytest.raises(NotDecided, match="already"):
        bench.app.people.portfolio.rename(gateway.id, "MONITOR", by=OWNER)
    bench.app.people.portfolio.rename(gateway.id, "GATEWAY", by=OWNER)
    bench.app.people.portfolio.remove(gateway.id, by=OWNER)
    assert "No look at the Drive has seen" in refused(bench, "Another", ["nowhere"])
    with pytest.raises(NotDecided, match="only product"):
        bench.app.people.portfolio.remove(first.id, by=OWNER)
    with bench.app.store.reading() as unit:
        assert unit.products.of_connection("mine") == (first,)
        assert folders_named(unit, "mine", ["https://drive.google.com/drive/folders/deep?x=1", "Gateway"]) == (
            "deep",
            "gateway",
        )


def test_a_removed_product_leaves_its_files_and_the_trail_and_does_not_come_back(two: Two) -> None:
    bench, first, gateway = two
    bench.app.people.portfolio.remove(first.id, by=OWNER)
    bench.work()
    bench.app.connected(connection_id="mine", subject="s", email=OWNER)  # consented again
    with bench.app.store.reading() as unit:
        assert [one.name for one in unit.products.of_connection("mine")] == ["Gateway"]
        assert unit.reports.latest(first.id, CLAUSE) is None
        assert (unit.deeds.of_product("mine", first.id)[1].act, 2) == (Act.PRODUCT_REMOVED, 2)
        assert unit.listings.strays("mine", CLAUSE)[0] == 2
    assert documents(bench, gateway) == GATEWAYS
    assert set(scans(bench)) == ALL
