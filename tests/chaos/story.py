"""A story that is told twice, undisturbed and under kills, and has to end alike."""

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from time import sleep
from typing import Any

import httpx

from scanner.model.connection import product_id_of
from scanner.model.gap import CoverageLine, GapReport
from scanner.model.release import Release
from tests.chaos.house import House, a_house
from tests.consent_builders import text_of
from tests.emulator_process import write_seed
from tests.pipeline_builders import GUIDE

NOTES = "# Release Notes Monitor {version}\n\nVersion {version}, {date}\n\n## Security\n\nTLS 1.0 is switched off.\n"
HARDENING = "# Hardening Guide\n\nApplies to Monitor 2.1.0.\n\nClose port 23 in the firewall of the ward.\n"


def item(ident: str, name: str, text: str, *, parent: str = "root") -> dict[str, Any]:
    """Return a manifest item of a Markdown file."""
    return {"id": ident, "name": name, "text": text, "mime": "text/markdown", "parent": parent}


FIRST: tuple[dict[str, Any], ...] = (
    {"id": "folder", "kind": "folder", "name": "Monitor"},
    item("guide", "Monitor Security Guide.md", GUIDE.decode(), parent="folder"),
    item("hardening", "Monitor Hardening Guide.md", HARDENING, parent="folder"),
    item("notes-210", "Release Notes Monitor 2.1.0.md", NOTES.format(version="2.1.0", date="2026-03-01")),
    item("sbom", "Monitor Security White Paper.md", "# Security White Paper\n\nTo be written.\n"),
    {"id": "locked", "name": "Monitor Security Risk Report.pdf", "mime": "application/pdf", "text": "%PDF-1.7 broken"},
    item(
        "in-drive",
        "Monitor Security Configuration.md",
        "# Configuration\n\nSet the lock to 5 minutes.\n",
        parent="TEAM",
    ),
    *({"id": f"menu-{number}", "name": f"menu {number}.txt"} for number in range(30)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What a story came to, without what differs from one telling to the next: times, ids, addresses."""

    reports: tuple[tuple[object, ...], ...]  # one a night
    mails: tuple[tuple[str, str], ...]  # subject and text of each, without repetitions
    repeated: int  # mails that came more than once, under the same Message-ID


def a_seed(folder: Path) -> Path:
    """Lay out the Drive of the story."""
    return write_seed(folder, items=FIRST, drives=[{"id": "TEAM", "name": "Team"}])


def told_in_peace(folder: Path, seed: Path) -> Ending:
    """Tell the story in one process that nobody disturbs."""
    with a_house(folder, seed, roles=()) as house:
        return tell(house, disturb=lambda: house.app.work(until_idle=True))


def told_under_kills(folder: Path, seed: Path, random: Random, *, kills: int, **where: Any) -> tuple[Ending, House]:
    """Tell it with many processes, so many of which are killed on the way; the keywords are those of `a_house`."""
    with a_house(folder, seed, **where) as house:
        return tell(house, disturb=killing(house, random, at_most=kills)), house


def tell(house: House, *, disturb: Callable[[], object]) -> Ending:
    """Connect, let a night pass, release a version, edit one guide and delete another, let the next night pass."""
    connection = house.connect()
    _release(house, connection, "2.1.0")
    house.night(connection, disturb=disturb)
    first = house.report(connection)
    _second_release(house.google)
    _release(house, connection, "2.2.0")
    house.night(connection, disturb=disturb)
    mails = {str(mail["Message-ID"]): mail for mail in house.mailbox.mails}
    return Ending(
        reports=(_timeless(first), _timeless(house.report(connection))),
        mails=tuple((str(mail["Subject"]), _plain(text_of(mail))) for mail in mails.values()),
        repeated=len(house.mailbox.mails) - len(mails),
    )


def killing(house: House, random: Random, *, at_most: int, longest: float = 3.0) -> Callable[[], None]:
    """Return a disturbance: wait a random while, kill somebody, until so many were killed; nobody is spared."""
    turns = random.sample(house.victims, len(house.victims))

    def disturb() -> None:
        sleep(random.uniform(0.05, longest))
        if house.killed.total() < at_most:
            house.kill(turns.pop() if turns else random.choice(house.victims))

    return disturb


def _release(house: House, connection: str, version: str) -> None:
    """Say by hand what the release notes say too: their word alone would wait for a person's."""
    release = Release(product="Monitor", version=version, released_on=date(2026, 5, 1), source="added by hand")
    with house.app.store.transaction() as unit:
        unit.products.released(product_id_of(connection), release, now=house.app.now())


def _second_release(google: str) -> None:
    edited = GUIDE.decode().replace("passwords have at least 12 characters", "choose a good password")
    with httpx.Client(base_url=google) as http:
        for new in (
            item("notes-220", "Release Notes Monitor 2.2.0.md", NOTES.format(version="2.2.0", date="2026-05-01")),
            item("guide", "Monitor Security Guide.md", edited, parent="folder"),
        ):
            given = {**new, "kind": "file", "modified": datetime.now(UTC).isoformat()}
            given["content_base64"] = _base64(given.pop("text"))
            http.post("/_emulator/items", json=given).raise_for_status()
        http.delete("/_emulator/items/hardening").raise_for_status()


def _base64(text: str) -> str:

    return b64encode(text.encode()).decode()


def _timeless(report: GapReport) -> tuple[object, ...]:
    return (
        report.product,
        report.release,
        report.standings,
        report.drift,
        tuple(replace(one, still=False) for one in report.unchecked),
        _coverage(report.coverage),
    )


def _coverage(line: CoverageLine) -> CoverageLine:
    assert line.whole is not None
    return replace(line, whole=replace(line.whole, at=datetime(2026, 1, 1, tzinfo=UTC)))


def _plain(text: str) -> str:
    """Take out times, addresses, and what is sealed anew each time."""
    return re.sub(r"\d\d:\d\d UTC|127\.0\.0\.1:\d+|[0-9a-f]{32}|unsubscribe\?by=[\w-]+", "…", text)
