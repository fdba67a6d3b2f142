"""Who gets mail about a product, when, and what it says: the same as the page Alerts."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from scanner.model.mail import normal_address
from scanner.report.plain import Plain
from scanner.web.alerts import Alerts, MailRow, RecipientRow
from scanner.web.api import said_shapes as shapes
from scanner.web.api.asking import Reads, Writes
from scanner.web.api.faults import Refused
from scanner.web.api.paging import Page, Wanted
from scanner.web.api.problems import Fault, Trouble
from scanner.web.api.shapes import PLAIN
from scanner.web.scope import Scope

router = APIRouter(prefix="/products/{product_id}", tags=["alerts"])


@router.get("/alerts", response_model=shapes.Alerts)
def alerts(scope: Reads) -> Any:
    """Show what holds for all mail about the product."""
    return {"quotes": scope.product.quotes, "by_smtp": scope.app.smtp is not None}


@router.put("/alerts", response_model=shapes.Alerts)
def show_quotes(scope: Writes, wanted: shapes.Quotes) -> Any:
    """Let mails show short quotes from documents, or not."""
    Alerts(scope).show_quotes(shown=wanted.quotes)
    return {"quotes": wanted.quotes, "by_smtp": scope.app.smtp is not None}


@router.get("/recipients", response_model=Page[shapes.Recipient])
def recipients(scope: Reads) -> Any:
    """List who gets mail and who does no more, by address: they are few, so that one page holds them all."""
    return {"items": [_recipient(one) for one in Alerts(scope).recipients()], "next": None}


@router.post("/recipients", response_model=shapes.Recipient)
def choose(scope: Writes, wanted: shapes.Rhythms) -> Any:
    """Change when a recipient hears; who gets no mail any more still gets none.

    Somebody new is added on the page *Alerts*: who reads of a product would outlast a token that was lost.
    """
    _known(scope, wanted.address)
    refused = Alerts(scope).choose(wanted.address, wanted.rhythm)
    if refused:
        raise Refused(Trouble.INVALID, faults=[Fault(detail=refused, pointer="#")])
    return _known(scope, wanted.address)


@router.post("/recipients/remove", status_code=204, response_model=None)
def remove(scope: Writes, wanted: shapes.Reader) -> Response:
    """Forget a recipient."""
    if not Alerts(scope).remove(wanted.address):
        raise Refused(Trouble.NOT_FOUND, _NOBODY)
    return Response(status_code=204)


@router.post("/recipients/resume", response_model=shapes.Recipient)
def resume(scope: Writes, wanted: shapes.Reader) -> Any:
    """Let mail go to a recipient again, whatever had ended it."""
    if not Alerts(scope).resume(wanted.address):
        raise Refused(Trouble.NOT_FOUND, _NOBODY)
    return _known(scope, wanted.address)


@router.get("/mails", response_model=Page[shapes.Mail])
def mails(scope: Reads, part: Wanted) -> Any:
    """List what went out and what became of it, the newest first."""
    found = Alerts(scope).mails(before=part.after_moment("mails"), most=part.most)
    return part.page("mails", found, key=lambda one: (one.mail.made_at.isoformat(), one.mail.id), plain=_mail)


@router.get("/mails/preview", response_model=shapes.Preview)
def preview(
    scope: Reads,
    to: Annotated[
        str, Query(max_length=254, pattern=PLAIN, description="A recipient; left out, the owner or the first one.")
    ] = "",
) -> Any:
    """Show the mail as it would be sent now; there is none before the first report, or while nobody gets any."""
    made = Alerts(scope).preview(to)
    written = made.message
    if written is None:
        raise Refused(Trouble.NOT_FOUND, "There is no report yet, or nobody to mail it to.")
    return {
        "to": written.to,
        "news": made.news,
        "subject": written.subject,
        "text": written.text,
        "html": written.html,
    }


_NOBODY = "Nobody of that address gets mail about this product; somebody new is added on the page Alerts."


def _known(scope: Scope, address: str) -> Plain:
    rows = Alerts(scope).recipients()
    found = next((one for one in rows if one.recipient.address == normal_address(address)), None)
    if found is None:
        raise Refused(Trouble.NOT_FOUND, _NOBODY)
    return _recipient(found)


def _recipient(row: RecipientRow) -> Plain:
    one = row.recipient
    return {"address": one.address, "rhythm": one.rhythm.value, "silent": row.said}


def _mail(row: MailRow) -> Plain:
    one = row.mail
    return {
        "id": one.id,
        "made_at": one.made_at.isoformat(),
        "tells": row.tells,
        "address": one.address,
        "state": one.state.value,
        "said": row.said,
    }
