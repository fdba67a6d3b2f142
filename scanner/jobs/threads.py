"""Threads for jobs, which a process that ends does not wait for: what they have not ended by then is released."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import ParamSpec

P = ParamSpec("P")


def in_thread(work: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> Future[None]:
    """Run it in a thread of its own and return its outcome to come."""
    outcome: Future[None] = Future()

    def run() -> None:
        try:
            work(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001 -- whatever it is, it is this job's outcome
            outcome.set_exception(error)
        else:
            outcome.set_result(None)

    Thread(target=run, name="job", daemon=True).start()
    return outcome
