"""Measures how long the server takes for each page of a product with 10,000 candidates and a year of nights."""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from connector import SourceFile
from scanner.app import App
from scanner.model.candidate import Candidate, SignalHit
from scanner.model.clause import ClausePack
from scanner.model.connection import product_id_of
from scanner.model.job import Priority
from scanner.model.release import Release, ReleaseState
from scanner.model.verdict import Judgement, Outcome, Verdict
from scanner.pipeline.orders import scan_job
from scanner.settings import load
from scanner.store.store import Unit
from tests.builders import a_document, a_verdict
from tests.integration.test_web_routes import ways
from tests.report_builders import a_report, a_second_report
from tests.site_builders import CLAUSE, NOW, browser, connect, cookies, place, served

CANDIDATES, NIGHTS, JOBS = 10_000, 365, 2_000
ROUNDS, LIMIT = 31, 50.0
BATCH = 500
NOT_PAGES = ("/data", "/healthz", "/readyz")


def main(console: Console, *, candidates: int = CANDIDATES) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as home:
        app = App(load(home=Path(home), base_url="http://127.0.0.1:8765"), now=lambda: NOW)
        began = time.perf_counter()
        _fill(app, candidates)
        taken = time.perf_counter() - began
        said = f"{candidates:,} candidates, {NIGHTS} nights, {JOBS:,} jobs, SQLite ({taken:.0f} s to fill)"
        table = Table("page", "median, ms", "of it processor, ms", "slowest, ms", "kB", title=said)
        with served(app) as site, browser(site, cookies(app, "anna")) as anna:
            for path in _paths(app):
                table.add_row(path.replace(place("anna"), "…"), *_measured(anna, path))
        app.close()
    console.print(table)


def _fill(app: App, candidates: int) -> None:
    connection = connect(app, "anna")
    for first in range(0, candidates, BATCH):
        files = [_file(number) for number in range(first, min(first + BATCH, candidates))]
        with app.store.transaction() as unit:
            unit.files.saw(connection, files, sync_id="s1")
            for file in files:
                hit = SignalHit(signal="file-name", field="name", text="Security Guide")
                unit.candidates.flag(connection, Candidate(file=file, clause=CLAUSE, hits=(hit,)), revision="r1")
            for number, file in enumerate(files, start=first):
                _scanned(unit, app.packs[0], connection, file, number)
    product = product_id_of(connection)
    for night in range(NIGHTS):
        at = NOW - timedelta(days=NIGHTS - night)
        made = a_second_report() if night % 2 else a_report()
        with app.store.transaction() as unit:
            unit.reports.add(product, replace(made, id=f"r{night}", created_at=at), worth_telling=True)
    with app.store.transaction() as unit:
        for number in range(40):
            known = Release(product="PulseView", version=f"4.{number}.0", released_on=None, source="added by hand")
            unit.products.released(product, replace(known, state=ReleaseState.CONFIRMED), now=NOW)
    app.queue.enqueue(
        [scan_job(connection, f"file-{n}", CLAUSE, "r2", priority=Priority.NIGHT) for n in range(min(JOBS, candidates))]
    )


def _file(number: int) -> SourceFile:
    return SourceFile(
        id=f"file-{number}",
        name=f"PulseView Security Guide {number}.pdf",
        path=f"My Drive / Security / {number % 40}",
        media_type="application/pdf",
        fingerprint="1",
        modified_at=NOW,
        link=f"https://drive.google.com/file/d/file-{number}/view",
    )


def _scanned(unit: Unit, pack: ClausePack, connection: str, file: SourceFile, number: int) -> None:
    """One in forty bears something on every constraint, one in ten could not be read, the others give nothing."""
    if number % 10 == 9:
        unit.candidates.could_not_check(
            connection, file.id, CLAUSE, revision="r1", because="it is a scan without a text layer", now=NOW
        )
        return
    verdicts = tuple(_verdict(each.id, bears=number % 40 == 0) for each in pack.constraints)
    facts = a_document(file.name, *verdicts, versions=("4.2.x",), product="PulseView").facts
    judgement = Judgement(facts=facts, verdicts=verdicts)
    unit.candidates.scanned(connection, file.id, CLAUSE, revision="r1", judgement=judgement, seconds=0.1, now=NOW)


def _verdict(constraint: str, *, bears: bool) -> Verdict:
    return a_verdict(constraint) if bears else replace(a_verdict(constraint), outcome=Outcome.MISSING, citations=())


def _paths(app: App) -> Iterator[str]:
    """Return every page of a product, and the start."""
    yield "/products"
    mine = {"product_id": product_id_of("c-anna"), "constraint_id": app.packs[0].constraints[3].id}
    for way in sorted(ways(app)):
        path = way.partition(" ")[2].format_map(_Known(mine))
        if way.startswith("GET /products/{product_id}") and "?" not in path and not path.endswith(NOT_PAGES):
            yield path


class _Known(dict[str, str]):
    """What stands for each part of a path; "?" for what no page of this product has."""

    def __missing__(self, _: str) -> str:
        return "?"


def _measured(anna: httpx.Client, path: str) -> tuple[str, str, str, str]:
    times, work, size = [], [], 0
    for _ in range(ROUNDS):
        began, worked = time.perf_counter(), time.process_time()
        answer = anna.get(path)
        times.append((time.perf_counter() - began) * 1000)
        work.append((time.process_time() - worked) * 1000)
        if answer.status_code != 200:
            return (str(answer.status_code), "", "", "")
        size = len(answer.content)
    middle = statistics.median(times)
    return (
        f"{middle:.1f}{' !' if middle > LIMIT else ''}",
        f"{statistics.median(work):.1f}",
        f"{max(times):.1f}",
        f"{size / 1000:.0f}",
    )


if __name__ == "__main__":
    main(Console(), **({"candidates": int(sys.argv[1])} if sys.argv[1:] else {}))
