"""What the pages ask about a product: each question is given a scope, and can reach nothing beyond it."""

from dataclasses import replace

from scanner.gaps.release import waiting
from scanner.model.clause import ClausePack
from scanner.model.connection import ConnectionState
from scanner.model.gap import GapReport
from scanner.model.job import JobState
from scanner.model.person import Role
from scanner.versions.version import order
from scanner.web.activity import ActivityPage, activity_page
from scanner.web.scope import Scope
from scanner.web.views import (
    ConstraintPage,
    DocumentsPage,
    OverviewPage,
    Progress,
    ReleasesPage,
    constraint_page,
    documents_page,
    overview_page,
    progress_of,
)

MOST_JOBS = 100  # on the page Activity
_LIVE = (JobState.QUEUED, JobState.RUNNING)


def overview(scope: Scope) -> OverviewPage:
    """Return where the clause stands."""
    return overview_page(
        connection=scope.connection, pack=scope.pack, report=newest_report(scope), progress=progress(scope)
    )


def progress(scope: Scope) -> Progress:
    """Return what is being done."""
    mine, queue = scope.connection.id, scope.app.queue
    with scope.app.store.reading() as unit:
        counts = unit.candidates.counts(mine)
    jobs = (*queue.list(states=_LIVE, connection=mine), *queue.list(states=(JobState.FAILED,), connection=mine))
    return progress_of(jobs, counts=counts, connection=scope.connection)


def documents(scope: Scope) -> DocumentsPage:
    """Return the candidates."""
    with scope.app.store.reading() as unit:
        candidates = unit.candidates.all(scope.connection.id, scope.pack.id)
    return documents_page(candidates, pack=scope.pack)


def constraint(scope: Scope, constraint_id: str) -> ConstraintPage | None:
    """Return all about one constraint; None for one that the pack does not have."""
    known = next((each for each in scope.pack.constraints if each.id == constraint_id), None)
    if known is None:
        return None
    with scope.app.store.reading() as unit:
        evidence, _ = unit.candidates.evidence(scope.connection.id, scope.pack.id)
    return constraint_page(known, pack=scope.pack, report=newest_report(scope), evidence=evidence)


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
    """Return the releases and the hooks of the product."""
    with scope.app.store.reading() as unit:
        known = unit.products.releases(scope.product.id)
        hooks = unit.hooks.of_product(scope.product.id)
    ranked = sorted(known, key=lambda one: order(one.version), reverse=True)
    return ReleasesPage(waiting=waiting(known), known=tuple(ranked), hooks=hooks)


def activity(scope: Scope) -> ActivityPage:
    """Return what is and was done."""
    mine, queue = scope.connection.id, scope.app.queue
    jobs, unhealed = queue.list(connection=mine, limit=MOST_JOBS), queue.unhealed(mine)[:MOST_JOBS]
    with scope.app.store.reading() as unit:
        names = unit.files.names(mine, {job.args["file"] for job in (*jobs, *unhealed) if "file" in job.args})
        deeds = unit.deeds.of_product(mine, scope.product.id) if scope.role.covers(Role.MEMBER) else ()
    night = None
    if scope.connection.state is ConnectionState.ACTIVE:
        own = scope.product.night or scope.app.usual_night
        night = own.next(scope.app.now()), own.zone
    return activity_page(jobs, connection=scope.connection, names=names, unhealed=unhealed, night=night, deeds=deeds)
