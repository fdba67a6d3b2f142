"""The page behind the link of an invitation: who is invited sees what to, and accepts."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scanner.app import App
from scanner.model.person import Member, Person
from scanner.notify.invite import ROLES
from scanner.notify.inviting import PATH, Invitation, invitation_of
from scanner.pipeline.sharing import NotShared, WrongPerson
from scanner.web.render import failure_page, page
from scanner.web.scope import SignedIn, app_of, place_of
from scanner.web.start import plain_frame

router = APIRouter(include_in_schema=False)


@router.get(PATH, response_model=None)
def look(request: Request, person: SignedIn, by: str = "") -> Response:
    """Show what she is invited to; one that she has accepted leads to the product."""
    app = app_of(request)
    found = _found(app, person, by)
    if isinstance(found, Response):
        return found
    _, member = found
    if member.accepted_at is not None:
        return RedirectResponse(place_of(member.product), status_code=303)
    with app.store.reading() as unit:
        product = unit.products.get(member.product)
    named = product.name if product else ""
    frame = plain_frame(app, who=person.email)
    return page(
        "invitation",
        frame,
        member=member,
        named=named,
        as_what=f"a {member.role.value}, who {ROLES[member.role]}",
        by=by,
    )


@router.post(PATH, response_model=None)
def accept(request: Request, person: SignedIn, by: str = "") -> Response:
    """Let her in."""
    app = app_of(request)
    found = _found(app, person, by)
    if isinstance(found, Response):
        return found
    member = app.people.sharing.accept(found[0], person)
    return RedirectResponse(place_of(member.product), status_code=303)


def veiled(address: str) -> str:
    """Return an address as its owner recognises it and nobody else learns it: "b•••@maker.example"."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}"


def _found(app: App, person: Person, by: str) -> tuple[Invitation, Member] | Response:
    invitation = invitation_of(app.connector, by)
    frame = plain_frame(app, who=person.email)
    if invitation is None:
        return failure_page(
            frame,
            status=404,
            title="This invitation is not known",
            sentence="Its link may be cut off, or older than the keys of this installation.",
            what_to_do="Open it from the mail again, or ask whoever invited you for another one.",
        )
    try:
        return invitation, app.people.sharing.invited(invitation, person)
    except WrongPerson as error:
        return failure_page(
            frame,
            status=403,
            title="This invitation is for another account",
            sentence=f"It went to {veiled(error.address)}, and you are signed in as {veiled(person.email)}.",
            what_to_do="Sign in with the account that was invited, or ask for an invitation of the one that you use.",
            next_link=f"/connections/sign-in?to={PATH}?by={by}",
            next_name="Sign in with another account",
        )
    except NotShared as error:
        return failure_page(frame, status=410, title="This invitation holds no longer", sentence=str(error))
