"""The verbs over the connections that Crosswalk knows: sync, review, summarize."""

from typing import Annotated

import typer

from scanner.app import App
from scanner.cli.assembled import app
from scanner.cli.console import GOES_ON, Format, FormatOption, err, fail_if, out, plainly_saying
from scanner.cli.rows import keyed, print_rows
from scanner.model.coverage import looked_through
from scanner.model.display import counted, shown
from scanner.report.registry import FORMATS
from scanner.verbs import SyncDone, Verbs

NO_CONNECTION = "No Drive is connected yet. Run `crosswalk serve`, open the page and click Continue with Google."


@plainly_saying(GOES_ON)
def sync(
    full: Annotated[bool, typer.Option("--full", help="List everything again instead of reading the changes.")] = False,
    output: FormatOption = Format.TABLE,
) -> None:
    """Bring our picture of every connected Drive up to date; candidates are queued for the scan."""
    with app() as assembled:
        connections = connected(assembled)
        if full:
            with assembled.store.transaction() as unit:
                for connection in connections:
                    unit.connections.start_over(connection)
        done = Verbs(assembled, err).sync(connections)
        _print_sync(done, output)
        fail_if(done.failed)


@plainly_saying(GOES_ON)
def scan_candidates(output: Format) -> None:
    """Read and judge the candidates that wait, and print how each one stands."""
    with app() as assembled:
        connected(assembled)
        done = Verbs(assembled, err).scan()
        with assembled.store.reading() as unit:
            rows = [
                {
                    "file": one.candidate.file.name,
                    "kind": one.facts.kind.value if one.facts else "",
                    "status": one.state.value,
                    "reason": one.because,
                }
                for connection in assembled.readable_connections()
                for pack in assembled.packs
                for one in unit.candidates.all(connection, pack.id)
            ]
        print_rows(rows, output)
        err.print(f"{counted(done.documents, 'document')} scanned in {done.seconds:.1f} s.")
        fail_if(done.failed)


@plainly_saying(GOES_ON)
def review(output: FormatOption = Format.TABLE) -> None:
    """Judge each product's documents as a set, and compare with the last report."""
    with app() as assembled:
        connected(assembled)
        reports = Verbs(assembled, err).review()
        for report in reports:
            pack = next(pack for pack in assembled.packs if pack.id == report.clause)
            FORMATS[output.value].write_report(report, pack=pack, out=out.file)
        if not reports:
            err.print("Nothing was reviewed: a sync or a scan is not done yet. Run `crosswalk sync && crosswalk scan`.")


@plainly_saying(GOES_ON)
def summarize(output: FormatOption = Format.TABLE) -> None:
    """Send every report that is worth telling and was not sent yet."""
    with app() as assembled:
        sent, failed = Verbs(assembled, err).summarize()
        print_rows([{"subject": one.subject, "where": one.where} for one in sent], output)
        if not sent and not failed:
            err.print("There is nothing new to tell.")
        fail_if(failed)


def _print_sync(done: SyncDone, output: Format) -> None:
    """Print the candidates, and how much was seen: for programs as one row, for people below the table."""
    candidates = [
        {
            "file": candidate.file.name,
            "path": candidate.file.path,
            "flagged by": ", ".join(f"{hit.signal}: {hit.text}" for hit in candidate.hits),
        }
        for candidate in done.flagged.values()
    ]
    seen = done.coverage
    if output is not Format.TABLE:
        row = {
            "sync": seen.kind.value if seen else "",
            "status": seen.completeness.value if seen else "failed",
            "reason": seen.because if seen else "; ".join(job.error for job in done.failed),
            "listed": dict(seen.listed) if seen else {},
            "calls": seen.calls if seen else 0,
            "to scan": done.to_scan,
            "removed": done.removed,
            "candidates": [keyed(one) for one in candidates],
        }
        print_rows([row], output)
        return
    print_rows(candidates, output)
    if seen:
        err.print(
            f"{looked_through(seen)} {counted(seen.calls, 'call')} to Google; "
            f"{counted(done.to_scan, 'document')} to scan, {counted(done.removed, 'file')} left the picture.",
            markup=False,
        )


def connected(assembled: App) -> tuple[str, ...]:
    """Return the connections that can be read; say what to do and end where there is none."""
    with assembled.store.reading() as unit:
        lost = [one for one in unit.connections.all() if one.state_because]
    for one in lost:
        err.print(f"{shown(one.email)} cannot be read: {shown(one.state_because)}", markup=False)
    connections = assembled.readable_connections()
    if not connections:
        err.print("No Drive can be read: see above." if lost else NO_CONNECTION)
        raise typer.Exit(1)
    return connections
