"""The one place in which a page may ask for data: everything is scoped to the looking person's own connection."""

from dataclasses import replace

from scanner.app import App
from scanner.gaps.release import waiting
from scanner.model.clause import ClausePack
from scanner.model.connection import Connection, ConnectionState, Product
from scanner.model.gap import GapReport
from scanner.model.job import JobState, Priority
from scanner.pipeline.orders import sync_job
from scanner.versions.version import order
from scanner.web.activity import ActivityPage, activity_page
from scanner.web.alerts import Alerts
from scanner.web.session import Session
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


class Own:
    """What one person may see: her connection and what hangs on it. Nothing of it takes a connection's id."""

    def __init__(self, app: App, connection: Connection, product: Product | None) -> None:
        """Ask this application about this connection."""
        self._app = app
        self.connection = connection
        self.product = product
        self.pack: ClausePack = app.packs[0]
        self.text_goes = app.text_goes

    def overview(self) -> OverviewPage:
        """Return where the clause stands."""
        return overview_page(connection=self.connection, pack=self.pack, report=self.report(), progress=self.progress())

    def progress(self) -> Progress:
        """Return what is being done."""
        with self._app.store.reading() as unit:
            counts = unit.candidates.counts(self.connection.id)
        mine, queue = self.connection.id, self._app.queue
        jobs = (*queue.list(states=_LIVE, connection=mine), *queue.list(states=(JobState.FAILED,), connection=mine))
        return progress_of(jobs, counts=counts, connection=self.connection)

    def documents(self) -> DocumentsPage:
        """Return the candidates."""
        with self._app.store.reading() as unit:
            candidates = unit.candidates.all(self.connection.id, self.pack.id)
        return documents_page(candidates, pack=self.pack)

    def constraint(self, constraint_id: str) -> ConstraintPage | None:
        """Return all about one constraint; None for one that the pack does not have."""
        known = next((each for each in self.pack.constraints if each.id == constraint_id), None)
        if known is None:
            return None
        with self._app.store.reading() as unit:
            evidence, _ = unit.candidates.evidence(self.connection.id, self.pack.id)
        return constraint_page(known, pack=self.pack, report=self.report(), evidence=evidence)

    def report(self) -> GapReport | None:
        """Return the newest report; where it found nothing changed, with the drift of the last one that did."""
        if self.product is None:
            return None
        with self._app.store.reading() as unit:
            newest = unit.reports.latest(self.product.id, self.pack.id)
            told = unit.reports.last_told(self.product.id, self.pack.id)
        if newest is None or told is None or newest.drift:
            return newest
        return replace(newest, drift=told.drift, since=told.since)

    def alerts(self) -> Alerts | None:
        """Return who gets mail about her product, None before there is one."""
        return Alerts(self._app, self.connection, self.product) if self.product else None

    def releases(self) -> ReleasesPage:
        """Return the releases and the hooks of the product."""
        if self.product is None:
            return ReleasesPage(waiting=(), known=(), hooks=())
        with self._app.store.reading() as unit:
            known = unit.products.releases(self.product.id)
            hooks = unit.hooks.of_product(self.product.id)
        ranked = sorted(known, key=lambda one: order(one.version), reverse=True)
        return ReleasesPage(waiting=waiting(known), known=tuple(ranked), hooks=hooks)

    def activity(self) -> ActivityPage:
        """Return what is and was done."""
        mine, queue = self.connection.id, self._app.queue
        jobs, unhealed = queue.list(connection=mine, limit=MOST_JOBS), queue.unhealed(mine)[:MOST_JOBS]
        with self._app.store.reading() as unit:
            names = unit.files.names(mine, {job.args["file"] for job in (*jobs, *unhealed) if "file" in job.args})
        night = None
        if self.product is not None and self.connection.state is ConnectionState.ACTIVE:
            own = self.product.night or self._app.usual_night
            night = own.next(self._app.now()), own.zone
        return activity_page(jobs, connection=self.connection, names=names, unhealed=unhealed, night=night)

    def try_again(self, job_id: str) -> None:
        """Queue a failed job anew; nothing for one that is not hers or did not fail."""
        if any(job.id == job_id for job in self._app.queue.unhealed(self.connection.id)):
            self._app.queue.retry(job_id)

    def look_again(self) -> None:
        """Ask for a sync; one that is queued already is enough."""
        self._app.queue.enqueue([sync_job(self.connection.id, priority=Priority.PERSON)])


def own_of(app: App, session: Session | None) -> Own | None:
    """Return what the person of a session may see; None for nobody, a stranger, or an ended connection."""
    if session is None:
        return None
    with app.store.reading() as unit:
        connection = unit.connections.get(session.connection)
        if (
            connection is None
            or connection.subject != session.subject
            or connection.state is ConnectionState.DISCONNECTED
        ):
            return None
        products = unit.products.of_connection(connection.id)
    return Own(app, connection, products[0] if products else None)
