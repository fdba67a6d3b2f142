"""What the verbs tell while they work, to whoever shows progress."""

from collections.abc import Callable
from dataclasses import dataclass

from scanner.model.gap import GapReport
from scanner.pipeline.summarize import Sent
from scanner.pipeline.sync import PageDone


def _nobody(_: object) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One callable a happening; by default nobody listens. They are called from worker threads."""

    page: Callable[[PageDone], None] = _nobody
    scanned: Callable[[str], None] = _nobody  # the file's id
    reviewed: Callable[[tuple[GapReport, ...]], None] = _nobody
    sent: Callable[[tuple[Sent, ...]], None] = _nobody
