"""The example, as values: what the pages show of an invented company after the demo's second night.

It is a file of the package, made by `python -m tests.example`: nothing of it is in the database, so nothing of
anybody's can be reached from here, and nothing can be changed.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from scanner.clauses.load import load_packs
from scanner.model.clause import ClausePack
from scanner.model.connection import Connection, ConnectionState, Product
from scanner.model.gap import GapReport, Move
from scanner.model.mail import Recipient, Rhythm
from scanner.model.ruling import Rulings
from scanner.notify.letter import Part
from scanner.notify.message import Envelope, write
from scanner.settings import config_dir
from scanner.web.activity import ActivityPage
from scanner.web.alerts import AlertsPage, Preview, RecipientRow
from scanner.web.constraint import ConstraintPage, constraint_page, said_of
from scanner.web.documents import Asked, DocumentRow, DocumentsPage, Suggested, documents_page
from scanner.web.views import OverviewPage, Progress, ReleasesPage, overview_page

SHIPPED = Path(__file__).with_name("example.json")
IDLE = Progress(live=False, doing=(), scanned=0, candidates=0, failed=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What the demo's nights have made: all that the pages of a product are built from."""

    company: str
    email: str  # of who has connected the Drive
    report: GapReport
    rulings: Mapping[str, Rulings]  # by constraint
    moves: Mapping[str, tuple[Move, ...]]  # by constraint, the newest first
    candidates: tuple[DocumentRow, ...]  # what could not be checked first
    releases: ReleasesPage
    activity: ActivityPage


EXAMPLE: TypeAdapter[Example] = TypeAdapter(Example)


@cache
def shipped() -> Example:
    """Return the example of the package, read once."""
    return EXAMPLE.validate_json(SHIPPED.read_bytes())


@cache
def pack_of_example() -> ClausePack:
    """Return the shipped clause pack that it was judged by, whichever ones are in force."""
    return next(pack for pack in load_packs(config_dir() / "clauses") if pack.id == shipped().report.clause)


@cache
def overview() -> OverviewPage:
    """Return where the invented product stands."""
    return overview_page(connection=_nobodys(), pack=pack_of_example(), report=shipped().report, progress=IDLE)


def constraint(constraint_id: str) -> ConstraintPage | None:
    """Return one constraint of it, None for one that the pack does not have."""
    example, pack = shipped(), pack_of_example()
    known = next((each for each in pack.constraints if each.id == constraint_id), None)
    if known is None:
        return None
    return constraint_page(
        known,
        pack=pack,
        report=example.report,
        rulings=example.rulings[known.id],
        said=said_of(known.id, waivers=(), objections=(), today=example.report.created_at.date()),
        moves=example.moves[known.id],
    )


@cache
def documents() -> DocumentsPage:
    """Return its candidates."""
    rows = shipped().candidates
    around = documents_page(
        (),
        found=len(rows),
        asked=Asked(),
        counts=Counter(row.state for row in rows),
        suggested=Suggested(searched_at=shipped().report.created_at),
    )
    return replace(around, rows=rows)


@cache
def alerts() -> AlertsPage:
    """Return who hears of it, and the mail that told of its second night; its links lead nowhere."""
    example = shipped()
    part = Part(report=example.report, pack=pack_of_example(), quotes=True, whole=False)
    to = example.email
    return AlertsPage(
        product=Product(id="", connection="", name=example.report.product, quotes=True),
        rows=(RecipientRow(recipient=Recipient(product="", address=to), said=""),),
        mails=(),
        rhythms=tuple(Rhythm),
        preview=Preview(to=to, news=True, message=write((part,), Envelope(id="example", to=to))),
        by_smtp=True,
    )


def _nobodys() -> Connection:
    example = shipped()
    return Connection(
        id="",
        subject="",
        email=example.email,
        state=ConnectionState.ACTIVE,
        state_because="",
        connected_at=example.report.created_at,
        cursor=None,
        pack_digest=example.report.pack_digest,
        coverage=None,
        synced_at=example.report.last_run,
    )
