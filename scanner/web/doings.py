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
