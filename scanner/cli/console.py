"""How commands speak: data on stdout, everything else on stderr, errors as one sentence and an exit code."""

import os
import sys
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Annotated, ParamSpec, TypeVar

import typer
from rich.console import Console

from connector import ConnectorError
from scanner.clauses.schema import PackError
from scanner.cli import INTERRUPTED
from scanner.model.display import shown
from scanner.model.job import Job
from scanner.notify.base import NotifyError
from scanner.report.width import width_of
from scanner.settings import Settings, SettingsError, load, unknown
from scanner.store.errors import DatabaseError

P = ParamSpec("P")
R = TypeVar("R")

out = Console(width=width_of(sys.stdout), highlight=False, markup=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)


class Format(StrEnum):
    """How a command prints data."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


GOES_ON = "Stopped. What was done is kept: run the command again and it goes on from there."

FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How data is printed on stdout.")]


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Turn errors that a person can do something about into one sentence on stderr: exit code 2 asks for a setting."""
    return plainly_saying("Stopped.")(command)


def plainly_saying(stopped: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Do the same, and answer ctrl-C with a sentence that says what became of the work."""

    def plain(command: Callable[P, R]) -> Callable[P, R]:
        @wraps(command)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return command(*args, **kwargs)
            except (SettingsError, PackError, DatabaseError) as error:
                _say(error)
                raise typer.Exit(2) from None
            except (ConnectorError, NotifyError) as error:
                _say(error)
                raise typer.Exit(1) from None
            except KeyboardInterrupt:
                err.print(stopped, markup=False)
                raise typer.Exit(INTERRUPTED) from None
            except BrokenPipeError:
                sys.stderr.close()
                raise typer.Exit(0) from None

        return run

    return plain


def _say(error: Exception) -> None:
    err.print("error:", style="bold red", end=" ")
    err.print(shown(str(error)), markup=False, soft_wrap=True)


def settings(**overrides: object) -> Settings:
    """Return the settings; variables that look like one and are none are named on stderr. Raises SettingsError."""
    for sentence in unknown(os.environ):
        err.print("warning:", style="bold yellow", end=" ")
        err.print(shown(sentence), markup=False, soft_wrap=True)
    return load(**overrides)


def fail_if(failed: tuple[Job, ...]) -> None:
    """Say each job that failed for good and end with exit code 1, if there is one."""
    for job in failed:
        err.print(f"[bold red]{job.kind.value} failed:[/]", end=" ")
        err.print(shown(job.error), markup=False)
    if failed:
        raise typer.Exit(1)
