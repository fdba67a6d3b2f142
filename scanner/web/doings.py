"""What people and their programs ask to be done; each is given a scope, and can reach nothing beyond it."""

from scanner.model.deed import Act
from scanner.model.job import JobKind, Priority
from scanner.pipeline.orders import sync_job
from scanner.web.scope import Scope


def look_again(scope: Scope) -> bool:
    """Ask for a sync; False where one is queued or running already, which is enough."""
    if not scope.app.queue.live(scope.connection.id, JobKind.SYNC):
        with scope.app.store.transaction() as unit:
            scope.note(unit, Act.SYNC_ASKED)
    return scope.app.queue.enqueue([sync_job(scope.connection.id, priority=Priority.PERSON)]) > 0


def try_again(scope: Scope, job_id: str) -> bool:
    """Queue a failed job anew; False for one that is not of this connection, or did not fail, or was healed since."""
    if all(job.id != job_id for job in scope.app.queue.unhealed(scope.connection.id)):
        return False
    with scope.app.store.transaction() as unit:
        scope.note(unit, Act.RETRIED)
    return scope.app.queue.retry(job_id)
