"""The page *Alerts* and its forms."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from scanner.web.alerts import Alerts
from scanner.web.guard import MAIL_POLICY
from scanner.web.render import failure_page, frame_of, page
from scanner.web.scope import Acts, Scope, Sees

HERE = "/alerts"
Field = Annotated[str, Form(max_length=254)]

router = APIRouter(prefix=f"/products/{{product_id}}{HERE}", include_in_schema=False)


@router.get("", response_model=None)
def alerts(scope: Sees, to: str = "") -> Response:
    """Show all of it."""
    return page("alerts", frame_of(scope, HERE), page=Alerts(scope).page(to))


@router.get("/message", response_model=None)
def message(scope: Sees, to: str = "") -> Response:
    """Return the HTML of a recipient's mail as it is sent; only its links open outside of the frame."""
    written = Alerts(scope).preview(to).message
    if written is None:
        return Response(status_code=404)
    html = written.html.replace("<head>", '<head><base target="_blank">', 1)
    return HTMLResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})


@router.post("/choose", response_model=None)
def choose(scope: Acts, address: Field, rhythm: Field) -> Response:
    """Add a recipient, or change when one hears."""
    refused = Alerts(scope).choose(address, rhythm)
    if not refused:
        return _back(scope)
    return failure_page(
        frame_of(scope, HERE),
        status=400,
        title="That did not work",
        sentence=refused,
        next_link=f"{scope.place}{HERE}",
        next_name="Back to the alerts",
    )


@router.post("/remove", response_model=None)
def remove(scope: Acts, address: Field) -> Response:
    """Forget a recipient."""
    Alerts(scope).remove(address)
    return _back(scope)


@router.post("/resume", response_model=None)
def resume(scope: Acts, address: Field) -> Response:
    """Let mail go to a recipient again."""
    Alerts(scope).resume(address)
    return _back(scope)


@router.post("/quotes", response_model=None)
def quotes(scope: Acts, shown: Field) -> Response:
    """Let mails show what stands in documents, or not."""
    Alerts(scope).show_quotes(shown=shown == "yes")
    return _back(scope)


def _back(scope: Scope) -> Response:
    return RedirectResponse(f"{scope.place}{HERE}", status_code=303)
