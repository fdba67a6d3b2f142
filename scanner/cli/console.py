"""How commands speak: data on stdout, everything else on stderr, errors as one sentence and an exit code."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import wraps
from typing import Annotated, ParamSpec, TypeVar

import typer
from rich.console import Console

from connector import ConnectorError
from scanner.app import App
from scanner.clauses.schema import PackError
from scanner.model.display import shown
from scanner.model.job import Job
from scanner.notify.base import NotifyError
from scanner.settings import SettingsError, load
from scanner.store.database import DatabaseError

P = ParamSpec("P")
R = TypeVar("R")

out = Console(highlight=False, markup=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)


class Format(StrEnum):
    """How a command prints data."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How data is printed on stdout.")]


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the errors that a person can do something about into one sentence on stderr and exit code 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (SettingsError, PackError, DatabaseError, ConnectorError, NotifyError) as error:
            err.print("error:", style="bold red", end=" ")
            err.print(shown(str(error)), markup=False)
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            err.print("Stopped. Nothing is lost: run the command again and it goes on.")
            raise typer.Exit(130) from None
        except BrokenPipeError:
            sys.stderr.close()
            raise typer.Exit(0) from None

    return run


@contextmanager
def app() -> Iterator[App]:
    """Yield Crosswalk assembled from the settings, and close it."""
    assembled = App(load())
    try:
        yield assembled
    finally:
        assembled.close()


def fail_if(failed: tuple[Job, ...]) -> None:
    """Say each job that failed for good and end with exit code 1, if there is one."""
    for job in failed:
        err.print(f"[bold red]{job.kind.value} failed:[/]", end=" ")
        err.print(shown(job.error), markup=False)
    if failed:
        raise typer.Exit(1)
