"""A job: one durable unit of work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from types import MappingProxyType


class JobKind(StrEnum):
    """The four verbs."""

    SYNC = "sync"
    SCAN = "scan"
    REVIEW = "review"
    SUMMARIZE = "summarize"


class Priority(IntEnum):
    """Lower is sooner: a person's wish goes before the night's work."""

    PERSON = 0
    NIGHT = 10


class JobState(StrEnum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A wish for work; at most one live job exists per key."""

    kind: JobKind
    connection: str  # whose work it is: caps and fairness count per connection
    key: str  # unique among live jobs: "scan:<connection>:<file>"
    args: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # ids only: no secret, no text
    priority: Priority = Priority.NIGHT
    after: timedelta = timedelta(0)  # not before so long from now; at most a day


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as the queue holds it."""

    id: str
    kind: JobKind
    connection: str
    key: str
    args: Mapping[str, str]
    priority: Priority
    state: JobState
    attempts: int  # started so often, this time included
    max_attempts: int
    run_at: datetime
    error: str = ""  # the last failure, in a sentence
    progress: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The live jobs of one kind and state, for figures."""

    kind: JobKind
    state: JobState
    count: int
    oldest: datetime | None = None  # since when the longest waiting one could run; None where none is due
