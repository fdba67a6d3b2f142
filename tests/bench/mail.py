"""Measures what it takes to tell of 1,000 drift reports: planned, written, and handed to a mail server on loopback."""

import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from scanner.app import App
from scanner.model.connection import Product
from scanner.settings import load
from tests.integration.test_email_smtp import Mailbox, a_server
from tests.pipeline_builders import Clock
from tests.report_builders import a_report, a_second_report

REPORTS = 1000
FIRST = datetime(2026, 5, 4, 2, 15, tzinfo=UTC)


def main(console: Console, *, reports: int = REPORTS) -> None:
    """Print the table."""
    mailbox, clock = Mailbox(), Clock(FIRST)
    with tempfile.TemporaryDirectory() as home, a_server(mailbox) as port:
        mail = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
        app = App(load(home=Path(home), base_url="https://crosswalk.example", **mail), now=clock)
        _make(app, clock, reports)
        first = _told(app, reports)
        clock.later(timedelta(days=1))
        _drift(app, clock, reports)
        second = _told(app, reports)
        nothing = _told(app, reports)
        app.close()
    sizes = sorted(len(raw) for raw in mailbox.raw[reports:])
    title = f"{reports:,} products with one reader each, one worker, SQLite, SMTP on loopback"
    table = Table("what", "measured", title=title)
    table.add_row("first reports told, mails a second", f"{reports / first:.0f}")
    table.add_row("drift told, mails a second", f"{reports / second:.0f}")
    table.add_row("the same night asked again, nothing to send, products a second", f"{reports / nothing:.0f}")
    table.add_row("mails that arrived", f"{len(mailbox.mails):,} of {2 * reports:,}")
    middle, largest = sizes[reports // 2] / 1000, sizes[-1] / 1000
    table.add_row("a mail of drift as it travels, median and largest, kB", f"{middle:.0f}, {largest:.0f}")
    console.print(table)


def _make(app: App, clock: Clock, reports: int) -> None:
    with app.store.transaction() as unit:
        for number in range(reports):
            who = f"reader-{number}@maker.example"
            unit.connections.connect(connection_id=f"c{number}", subject=who, email=who, now=clock())
            unit.products.add(Product(id=f"p{number}", connection=f"c{number}", name="PulseView"), notify=who)
            report = replace(a_report(), id=f"r1-{number}", created_at=clock())
            unit.reports.add(f"p{number}", report, worth_telling=True)


def _drift(app: App, clock: Clock, reports: int) -> None:
    with app.store.transaction() as unit:
        for number in range(reports):
            report = replace(a_second_report(), id=f"r2-{number}", created_at=clock(), since=FIRST)
            unit.reports.add(f"p{number}", report, worth_telling=True)


def _told(app: App, reports: int) -> float:
    started = time.perf_counter()
    for number in range(reports):
        app.summarize(f"c{number}")
    return time.perf_counter() - started
