"""Threads for jobs, which a process that ends does not wait for: what they have not ended by then is released."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def in_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
    """Run it in a thread of its own and return its outcome to come."""
    outcome: Future[R] = Future()

    def run() -> None:
        try:
            outcome.set_result(work(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 -- whatever it is, it is this job's outcome
            outcome.set_exception(error)

    Thread(target=run, name="job", daemon=True).start()
    return outcome
