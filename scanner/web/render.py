"""Pages as HTML answers."""

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment
from starlette.responses import HTMLResponse

from scanner.model.clause import ClausePack
from scanner.notify.rendering import environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every page shows around its contents."""

    pack: ClausePack
    who: str = ""  # the signed-in person's address, "" for nobody
    here: str = ""  # the place in the navigation
    text_goes: str = ""  # which text goes to a language model, and where; "" while none is asked


def page(template: str, frame: Frame, *, status: int = 200, **values: object) -> HTMLResponse:
    """Render a page."""
    pack = frame.pack
    clause = f"{pack.standard} §{pack.clause}"
    around = {"pack": pack, "clause": clause, "who": frame.who, "here": frame.here, "text_goes": frame.text_goes}
    return HTMLResponse(_templates().get_template(f"{template}.html.j2").render(around | values), status_code=status)


def failure_page(frame: Frame, *, status: int, title: str, sentence: str, what_to_do: str = "") -> HTMLResponse:
    """Render a page that says what went wrong, and what to do about it."""
    return page(
        "failure",
        frame,
        status=status,
        title=title,
        sentence=sentence,
        what_to_do=what_to_do,
        next_link="/",
        next_name="To the start",
    )


@cache
def _templates() -> Environment:
    """Return the pages' templates; compiled once."""
    return environment("scanner.web")
