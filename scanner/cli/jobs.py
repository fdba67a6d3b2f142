"""Commands about jobs: which there are, run one again, cancel those of a connection."""

from typing import Annotated

import typer

from scanner.cli.assembled import app
from scanner.cli.console import Format, FormatOption, err, plainly
from scanner.cli.rows import print_rows
from scanner.model.display import counted, shown
from scanner.model.job import JobState

jobs = typer.Typer(no_args_is_help=True, help="The queue: what waits, what runs, what failed and why.")


@jobs.command("list", epilog="Example: crosswalk jobs list --state failed")
@plainly
def jobs_list(
    state: Annotated[list[JobState] | None, typer.Option("--state", help="Only these; may be repeated.")] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="At most so many, the newest.")] = 100,
    output: FormatOption = Format.TABLE,
) -> None:
    """List jobs, the newest first."""
    with app() as assembled:
        known = assembled.queue.list(states=state or (), limit=limit)
    rows = [
        {
            "id": one.id,
            "verb": one.kind.value,
            "connection": one.connection,
            "state": one.state.value,
            "attempts": one.attempts,
            "due": one.run_at.isoformat(timespec="seconds"),
            "error": shown(one.error),
        }
        for one in known
    ]
    print_rows(rows, output)


@jobs.command("retry", epilog="Example: crosswalk jobs retry 17")
@plainly
def jobs_retry(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="From `crosswalk jobs list`.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Every failed job that nothing made good since.")] = False,
) -> None:
    """Queue failed or cancelled jobs anew; a worker runs them, or the verb does by hand."""
    if bool(ids) == failed:
        err.print("Name the jobs by id, or all that failed with --failed.")
        raise typer.Exit(2)
    with app() as assembled:
        wanted = ids or [one.id for one in assembled.queue.unhealed()]
        refused = [one for one in wanted if not assembled.queue.retry(one)]
    err.print(f"{counted(len(wanted) - len(refused), 'job')} queued again.")
    if ids and refused:
        err.print(
            f"Not queued, because none of them failed or was cancelled, or a newer one does its work: "
            f"{', '.join(shown(one) for one in refused)}.",
            markup=False,
        )
        raise typer.Exit(1)


@jobs.command("cancel", epilog="Example: crosswalk jobs cancel c0ffee")
@plainly
def jobs_cancel(
    connection: Annotated[str, typer.Argument(metavar="CONNECTION", help="Its id, from `crosswalk connections list`.")],
) -> None:
    """Cancel what waits and runs of a connection; the next night begins anew."""
    with app() as assembled:
        count = assembled.queue.cancel(connection)
    err.print(f"{counted(count, 'job')} cancelled.")
