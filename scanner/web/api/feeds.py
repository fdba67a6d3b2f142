"""Where a product's releases are told of in public, and how the last look there ended."""

from typing import Any

from fastapi import APIRouter, Response

from scanner.feeds.base import AddressRefused
from scanner.web.api.asking import Decides, Reads
from scanner.web.api.faults import Refused
from scanner.web.api.objects import feed_object
from scanner.web.api.problems import Fault, Trouble
from scanner.web.api.shapes import Feed, NewFeed

router = APIRouter(prefix="/products/{product_id}/releases/feed", tags=["releases"])


@router.get("", response_model=Feed)
def feed(scope: Reads) -> Any:
    """Return the feed."""
    with scope.app.store.reading() as unit:
        known = unit.feeds.get(scope.product.id)
    if known is None:
        raise Refused(Trouble.NOT_FOUND, "The product has no feed.")
    return feed_object(known)


@router.put("", response_model=Feed)
def set_feed(scope: Decides, wanted: NewFeed) -> Any:
    """Set the feed, in place of a former one, and ask for a first look. The same address again changes nothing.

    The address that is kept is the one that is asked: of a repository's page, that of its list of tags.
    """
    try:
        return feed_object(scope.app.feeds.set(scope.product.id, wanted.address, by=scope.person.email))
    except AddressRefused as error:
        raise Refused(Trouble.INVALID, faults=[Fault(detail=f"{error}.", pointer="#/address")]) from error


@router.delete("", status_code=204, response_model=None)
def remove(scope: Decides) -> Response:
    """Remove the feed; the releases that it told of stay."""
    if not scope.app.feeds.remove(scope.product.id, by=scope.person.email):
        raise Refused(Trouble.NOT_FOUND, "The product has no feed.")
    return Response(status_code=204)
