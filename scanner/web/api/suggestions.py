"""Files that no name gave away and the Drive's own search finds: a person accepts or ignores them."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query

from scanner.model.gap import FileRef
from scanner.model.suggestion import Suggestion as Found
from scanner.model.suggestion import SuggestionState
from scanner.report.plain import Plain, file_object
from scanner.web.api.asking import ClauseId, Reads, Writes, pack_of
from scanner.web.api.faults import Refused
from scanner.web.api.objects import moment
from scanner.web.api.paging import FILE_ID, Page, Wanted
from scanner.web.api.problems import Trouble
from scanner.web.api.said_shapes import SaidTo, Suggestion
from scanner.web.scope import Scope

router = APIRouter(prefix="/products/{product_id}/suggestions", tags=["documents"])


@router.get("", response_model=Page[Suggestion])
def suggestions(
    scope: Reads,
    part: Wanted,
    state: Annotated[list[SuggestionState], Query(max_length=3, description="Only those in one of these states.")] = [],  # noqa: B006 -- FastAPI copies it
    clause: ClauseId = "",
) -> Any:
    """List the suggestions by file id, with what a person said to each; a new one that a name flagged since is none."""
    pack, after = pack_of(scope, clause), part.after("suggestions", FILE_ID)
    with scope.app.store.reading() as unit:
        found = unit.suggestions.some(
            scope.connection.id,
            pack.id,
            extent=scope.product.extent,
            states=state,
            after=after[0] if after else "",
            limit=part.most,
        )
    return part.page("suggestions", found, key=lambda one: (one.file.id,), plain=_object)


@router.post("/accept", response_model=Suggestion)
def accept(scope: Writes, wanted: SaidTo, clause: ClauseId = "") -> Any:
    """Make a suggested file a candidate, whatever it is called; it is scanned then."""
    return _said(scope, wanted.file, clause, scope.app.people.suggesting.accept)


@router.post("/ignore", response_model=Suggestion)
def ignore(scope: Writes, wanted: SaidTo, clause: ClauseId = "") -> Any:
    """Suggest a file no more."""
    return _said(scope, wanted.file, clause, scope.app.people.suggesting.ignore)


@router.post("/undo", response_model=Suggestion)
def undo(scope: Writes, wanted: SaidTo, clause: ClauseId = "") -> Any:
    """Take back what was said to a suggestion."""
    return _said(scope, wanted.file, clause, scope.app.people.suggesting.undo)


def _said(scope: Scope, file: str, clause: str, say: Callable[..., bool]) -> Plain:
    pack = pack_of(scope, clause)
    done = say(scope.product, file, clause=pack.id, by=scope.person.email)
    with scope.app.store.reading() as unit:
        known = unit.suggestions.get(scope.connection.id, file, pack.id, extent=scope.product.extent)
    if not done or known is None:
        raise Refused(Trouble.NOT_FOUND, "The file is gone, or the last search did not find it again.")
    return _object(known)


def _object(one: Found) -> Plain:
    file = one.file
    return {
        "file": file_object(FileRef(id=file.id, name=file.name, path=file.path, link=file.link)),
        "words": list(one.words),
        "state": one.state.value,
        "found_at": one.found_at.isoformat(),
        "decided_by": one.decided_by,
        "decided_at": moment(one.decided_at),
    }
