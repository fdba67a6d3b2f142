"""What the pages ask about a product: each question is given a scope, and can reach nothing beyond it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from scanner.gaps.release import waiting
from scanner.model.clause import ClausePack
from scanner.model.connection import ConnectionState
from scanner.model.deed import Deed
from scanner.model.gap import GapReport
from scanner.model.job import Job, JobKind, JobState
from scanner.model.person import Role
from scanner.model.suggestion import SuggestionState
from scanner.pipeline.suggest import MOST_SUGGESTED
from scanner.store.store import Unit
from scanner.versions.version import order
from scanner.web.activity import ActivityPage, activity_page
from scanner.web.constraint import MOST_MOVES, ConstraintPage, constraint_page, said_of
from scanner.web.documents import ROWS, Asked, DocumentsPage, Suggested, documents_page
from scanner.web.scope import Scope
from scanner.web.views import (
    OverviewPage,
    Progress,
    ReleasesPage,
    overview_page,
    progress_of,
)

MOST_JOBS = 100  # on the page Activity
_LIVE = (JobState.QUEUED, JobState.RUNNING)


def overview(scope: Scope) -> OverviewPage:
    """Return where the clause stands."""
    return overview_page(
        connection=scope.connection,
        pack=scope.pack,
        report=newest_report(scope),
        progress=progress(scope),
        night=next_night(scope),
    )


def progress(scope: Scope) -> Progress:
    """Return what is being done."""
    mine, queue = scope.connection.id, scope.app.queue
    with scope.app.store.reading() as unit:
        counts = unit.candidates.counts(mine, extent=scope.product.extent)
    # Of many thousand live jobs a list shows the newest only, and a sync is older than the scans that it asked for.
    at_work = frozenset(kind for kind in JobKind if queue.live(mine, kind))
    jobs = (*queue.list(states=_LIVE, connection=mine), *queue.list(states=(JobState.FAILED,), connection=mine))
    return progress_of(jobs, at_work=at_work, counts=counts, connection=scope.connection)


def documents(scope: Scope, asked: Asked) -> DocumentsPage:
    """Return a part of the candidates, and what is suggested beside them."""
    mine, clause, extent = scope.connection.id, scope.pack.id, scope.product.extent
    with scope.app.store.reading() as unit:
        rows, having = unit.listings.candidates(
            mine, clause, extent=extent, state=asked.state, words=asked.words, first=asked.first, most=ROWS
        )
        counts = unit.candidates.counts(mine, clause, extent=extent)
        new, accepted, ignored = (
            unit.suggestions.listed(mine, clause, state, extent=extent, limit=MOST_SUGGESTED)
            for state in SuggestionState
        )
        searched_at, because = unit.suggestions.last_search(mine)
        strays, _ = unit.listings.strays(mine, clause) if extent and scope.role is Role.OWNER else (0, ())
    of_state = sum(counts.values()) if asked.state is None else counts[asked.state]
    found = of_state if having is None else having
    suggested = Suggested(new=new, accepted=accepted, ignored=ignored, searched_at=searched_at, because=because)
    return documents_page(rows, found=found, asked=asked, counts=counts, suggested=suggested, strays=strays)


def constraint(scope: Scope, constraint_id: str) -> ConstraintPage | None:
    """Return all about one constraint; None for one that the pack does not have."""
    known = next((each for each in scope.pack.constraints if each.id == constraint_id), None)
    if known is None:
        return None
    product, clause = scope.product.id, scope.pack.id
    with scope.app.store.reading() as unit:
        rulings = unit.listings.rulings(scope.connection.id, clause, known.id, extent=scope.product.extent)
        called = unit.products.called(scope.product)
        moves = unit.moves.of_constraint(product, clause, known.id, limit=MOST_MOVES)
        waivers = unit.waivers.of_product(product, clause)
        report = unit.reports.latest(product, clause)
        objections = scope.app.people.objecting.said_of(unit, scope.product, constraint=known.id)
    said = said_of(known.id, waivers=waivers, objections=objections, today=scope.app.now().date())
    return constraint_page(
        known, pack=scope.pack, report=report, rulings=rulings, said=said, moves=moves, called=called
    )


def newest_report(scope: Scope, pack: ClausePack | None = None) -> GapReport | None:
    """Return the newest report, on the clause of the pages unless another one is named.

    Where it found nothing changed, it comes with the drift of the last one that did.
    """
    clause = (pack or scope.pack).id
    with scope.app.store.reading() as unit:
        newest = unit.reports.latest(scope.product.id, clause)
        told = unit.reports.last_told(scope.product.id, clause)
    if newest is None or told is None or newest.drift:
        return newest
    return replace(newest, drift=told.drift, since=told.since)


def releases(scope: Scope) -> ReleasesPage:
    """Return the releases of the product, its hooks and its feed."""
    with scope.app.store.reading() as unit:
        known = unit.products.releases(scope.product.id)
        hooks = unit.hooks.of_product(scope.product.id)
        feed = unit.feeds.get(scope.product.id)
    ranked = sorted(known, key=lambda one: order(one.version), reverse=True)
    return ReleasesPage(waiting=waiting(known), known=tuple(ranked), hooks=hooks, feed=feed)


def named(scope: Scope, unit: Unit, jobs: Iterable[Job]) -> set[str]:
    """Return the files of jobs that may be named: to those who see this product only, none of another's."""
    files = {job.args["file"] for job in jobs if "file" in job.args}
    if scope.role is Role.OWNER or not scope.product.extent:
        return files
    return unit.belonging.inside(scope.connection.id, scope.product.extent, files)


def activity(scope: Scope) -> ActivityPage:
    """Return what is and was done."""
    mine, queue = scope.connection.id, scope.app.queue
    jobs, unhealed = queue.list(connection=mine, limit=MOST_JOBS), queue.unhealed(mine)[:MOST_JOBS]
    with scope.app.store.reading() as unit:
        names = unit.files.names(mine, named(scope, unit, (*jobs, *unhealed)))
        deeds = trail(scope, unit) if scope.role.covers(Role.MEMBER) else ()
    return activity_page(
        jobs, connection=scope.connection, names=names, unhealed=unhealed, night=next_night(scope), deeds=deeds
    )


def trail(
    scope: Scope, unit: Unit, *, before: tuple[datetime, int] | None = None, limit: int = 100
) -> tuple[Deed, ...]:
    """Return who did what; that another product was removed is told to the owner, since members knew only this one."""
    owns = scope.role is Role.OWNER
    return unit.deeds.of_product(scope.connection.id, scope.product.id, removed=owns, before=before, limit=limit)


def next_night(scope: Scope) -> tuple[datetime, str] | None:
    """Return when the next night begins, on the clocks of its zone; None while the connection cannot be read."""
    if scope.connection.state is not ConnectionState.ACTIVE:
        return None
    own = scope.product.night or scope.app.usual_night
    return own.next(scope.app.now()), own.zone
