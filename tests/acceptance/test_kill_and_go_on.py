"""A worker killed in the middle loses nothing: started again, it ends in the same report."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from scanner.app import App
from scanner.demo.google import LocalGoogle, local_google
from scanner.model.gap import CoverageLine, GapReport, Unchecked
from scanner.model.job import JobKind
from scanner.settings import load
from tests.chaos.story import a_seed

WORK = """
import os
import sys
from pathlib import Path
from threading import Event
from scanner.app import App
from scanner.demo.google import LocalGoogle
from scanner.pipeline.watch import Watch
from scanner.settings import load
app = App(load(home=Path(sys.argv[1]), database_url="", clauses=""), google=LocalGoogle(root=sys.argv[2]).settings())
app.work(until_idle=True, watch=Watch(scanned=lambda _: os.write(1, b"scanned\\n")))  # whole lines: threads print
app.close()
"""


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalGoogle]:
    seed = tmp_path_factory.mktemp("seed")
    with local_google(a_seed(seed)) as running:
        yield running


def connected(home: Path, google: LocalGoogle) -> App:
    app = App(load(home=home, database_url="", clauses=""), google=google.settings())
    url, cookie = app.connector.begin("http://127.0.0.1:8765/connections/callback")
    back = httpx.URL(httpx.get(url).headers["location"])
    consent = app.connector.complete(dict(back.params), cookie)
    app.connected(connection_id=consent.connection_id, subject=consent.subject, email=consent.email)
    return app


def worker(home: Path, google: LocalGoogle) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WORK, str(home), google.root],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def report_of(app: App) -> GapReport:
    with app.store.reading() as unit:
        (product,) = unit.products.of_connection(app.readable_connections()[0])
        report = unit.reports.latest(product.id, app.packs[0].id)
    assert report is not None
    return report


def test_a_worker_killed_in_the_middle_of_its_scans_ends_in_the_same_report(
    tmp_path: Path, google: LocalGoogle
) -> None:
    calm, hurt = connected(tmp_path / "calm", google), connected(tmp_path / "hurt", google)
    with worker(tmp_path / "calm", google) as process:
        assert process.wait(60) == 0
    for kill_after in (1, 2):
        with worker(tmp_path / "hurt", google) as process:
            assert process.stdout is not None
            for _ in range(kill_after):
                assert process.stdout.readline() == "scanned\n"
            os.kill(process.pid, signal.SIGKILL)
    assert hurt.queue.live(hurt.readable_connections()[0], JobKind.SCAN) > 0
    with worker(tmp_path / "hurt", google) as process:
        assert process.wait(60) == 0
    first, second = report_of(calm), report_of(hurt)
    assert first.standings == second.standings
    assert as_news(first) == as_news(second)
    assert timeless(first.coverage) == timeless(second.coverage)
    calm.close()
    hurt.close()


def as_news(report: GapReport) -> list[Unchecked]:
    """What could not be checked; a kill may cost a second, like report, in which all of it is known already."""
    return [replace(one, still=False) for one in report.unchecked]


def timeless(coverage: CoverageLine) -> CoverageLine:
    assert coverage.whole is not None
    return replace(coverage, whole=replace(coverage.whole, at=datetime(2026, 1, 1, tzinfo=UTC)))


def test_a_second_sync_with_nothing_changed_makes_one_call_to_each_change_feed(
    tmp_path: Path, google: LocalGoogle
) -> None:
    app = connected(tmp_path / "quiet", google)
    app.work(kinds=[JobKind.SYNC], until_idle=True)
    mark, _ = google.calls()
    from scanner.pipeline.orders import sync_job

    app.queue.enqueue([sync_job(app.readable_connections()[0])])
    app.work(kinds=[JobKind.SYNC], until_idle=True)
    _, calls = google.calls(since=mark)
    assert [call for call in calls if "/drive/" in call] == [
        "GET /drive/v3/changes"
    ] * 2  # hers, and the shared drive's
    app.close()
