"""What the doctor finds about the machine: room on the disk, the clock, and whether anybody works."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from scanner.app import App
from scanner.model.display import counted
from scanner.model.job import JobState
from scanner.settings import Settings

GIGABYTE = 1_000_000_000
ROOM = GIGABYTE  # less is soon nothing
CLOCK_SECONDS = 30.0  # a sign-in is refused by a clock that is further off
WAITED = timedelta(minutes=15)  # a job that is due for longer, while none runs, has nobody who takes it


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    what: str
    fine: bool
    said: str


def disk(settings: Settings) -> Finding:
    """Look at the room for what is kept, and for files while they are read."""
    places = {"database and outbox": settings.home.resolve(), "files while they are read": Path(tempfile.gettempdir())}
    free = {what: (place, shutil.disk_usage(_there(place)).free) for what, place in places.items()}
    said = "; ".join(f"{what}: {room / GIGABYTE:.1f} GB free at {place}" for what, (place, room) in free.items())
    short = [place for place, room in free.values() if room < ROOM]
    told = f"make room at {short[0]}, or move it: CROSSWALK_HOME and TMPDIR say where. {said}" if short else said
    return Finding(what="disk", fine=not short, said=told)


def _there(place: Path) -> Path:
    return next(one for one in (place, *place.parents) if one.exists())


def clock(app: App) -> Finding:
    """Hold our clock against Google's, where a client is set, and against a database server's."""
    told = {"the database": app.database.clock_ahead(now=app.now())}
    if app.connector.configured or app.connector.service_account:
        told["Google"] = app.connector.clock_ahead()
    known = {whose: ahead for whose, ahead in told.items() if ahead is not None}
    off = [
        f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} {whose}"
        for whose, ahead in known.items()
        if abs(ahead) > CLOCK_SECONDS
    ]
    if off:
        said = f"it is {' and '.join(off)}: let the machine keep time (timedatectl set-ntp true)"
        return Finding(what="clock", fine=False, said=said)
    agrees = f"it agrees with {' and '.join(known)}" if known else "there is no other one here to hold it against"
    return Finding(what="clock", fine=True, said=agrees)


def waiting(app: App) -> Finding:
    """Tell whether jobs are due that nobody takes."""
    jobs = app.queue.waiting()
    running = sum(one.count for one in jobs if one.state is JobState.RUNNING)
    oldest = min((one.oldest for one in jobs if one.oldest is not None), default=None)
    waits = sum(one.count for one in jobs if one.state is JobState.QUEUED)
    if oldest is not None and app.now() - oldest > WAITED and not running:
        minutes = (app.now() - oldest).total_seconds() / 60
        said = (
            f"the oldest of {counted(waits, 'job')} has waited for {minutes:.0f} minutes and none runs: start a worker"
        )
        return Finding(what="worker", fine=False, said=f"{said} (`crosswalk worker`)")
    return Finding(what="worker", fine=True, said=f"{counted(waits, 'job')} queued, {running} running")
