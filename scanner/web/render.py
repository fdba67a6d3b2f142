"""Pages as HTML answers."""

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment
from starlette.responses import HTMLResponse

from scanner.model.clause import ClausePack
from scanner.model.person import Role
from scanner.notify.rendering import environment
from scanner.web.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every page shows around its contents."""

    pack: ClausePack
    who: str = ""  # the signed-in person's address, "" for nobody
    place: str = ""  # where the product's pages are, "" on a page that is of none
    here: str = ""  # which of them, as it follows the place: "/releases"
    product: str = ""  # its name
    role: Role | None = None  # as what she sees it
    example: str = ""  # the invented company that the page is about, "" on everybody's own
    text_goes: str = ""  # which text goes to a language model, and where; "" while none is asked


def frame_of(scope: Scope, here: str | None = None) -> Frame:
    """Frame a page of a product, at this place in the navigation: "" is the overview, None a page below one."""
    return Frame(
        pack=scope.pack,
        who=scope.person.email,
        place=scope.place,
        here="-" if here is None else here,
        product=scope.product.name,
        role=scope.role,
        text_goes=scope.app.text_goes,
    )


def page(template: str, frame: Frame, *, status: int = 200, **values: object) -> HTMLResponse:
    """Render a page. In its template `acts` and `owns` say what the person may do, beside what `scope` holds her to."""
    pack, role = frame.pack, frame.role
    around = {
        "pack": pack,
        "clause": f"{pack.standard} §{pack.clause}",
        "who": frame.who,
        "place": frame.place,
        "here": frame.here,
        "product": frame.product,
        "role": role,
        "acts": role is not None and role.covers(Role.MEMBER),
        "owns": role is Role.OWNER,
        "example": frame.example,
        "text_goes": frame.text_goes,
    }
    return HTMLResponse(_templates().get_template(f"{template}.html.j2").render(around | values), status_code=status)


def failure_page(
    frame: Frame,
    *,
    status: int,
    title: str,
    sentence: str,
    what_to_do: str = "",
    next_link: str = "/",
    next_name: str = "To the start",
) -> HTMLResponse:
    """Render a page that says what went wrong, and what to do about it."""
    return page(
        "failure",
        frame,
        status=status,
        title=title,
        sentence=sentence,
        what_to_do=what_to_do,
        next_link=next_link,
        next_name=next_name,
    )


@cache
def _templates() -> Environment:
    """Return the pages' templates; compiled once."""
    return environment("scanner.web")
