"""Writes the gap summary: one report in, one Message with a text and an HTML part out."""

import textwrap
from collections.abc import Callable
from functools import partial

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from scanner.model.clause import ClausePack
from scanner.model.display import counted, day, safe_link, shown, symbol
from scanner.model.gap import Drift, DriftKind, GapReport
from scanner.notify.base import Message
from scanner.notify.letter import Caps, letter, short_name, subject

MAX_HTML_BYTES = 100_000  # Gmail clips a message at 102 kB
_WIDTH = 76  # of the text part
_CAPS = (Caps(), Caps(drift=6, gaps=8, unchecked=4), Caps(drift=3, gaps=4, unchecked=2, standings=20))


def write(report: GapReport, *, pack: ClausePack, to: str, page_link: str) -> Message:
    """Write the email of a report; the same report always gives the same message.

    Every name and quote comes from strangers: it is shown on one line, escaped, and pointed to only by a web address.
    The HTML stays under MAX_HTML_BYTES; rows that do not fit are counted, never dropped in silence.
    """
    text, html = _templates(pack)
    pages = (
        {"letter": letter(report, pack=pack, caps=caps), "pack": pack, "page_link": safe_link(page_link)}
        for caps in _CAPS
    )
    page = next(pages)
    written = html(page)
    for smaller in pages:
        if len(written.encode()) <= MAX_HTML_BYTES:
            break
        page, written = smaller, html(smaller)
    return Message(id=report.id, to=to, subject=subject(report, pack=pack), text=text(page), html=written)


def _templates(pack: ClausePack) -> tuple[Callable[[dict[str, object]], str], Callable[[dict[str, object]], str]]:
    """Return what renders the text part and what renders the HTML part."""
    environment = Environment(
        loader=PackageLoader("scanner.notify"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_neutral,
    )
    environment.filters |= {
        "day": day,
        "cut": lambda text, limit: shown(str(text), limit),
        "link": safe_link,
        "symbol": symbol,
        "counted": counted,
        "short": partial(short_name, pack),
        "wrapped": _wrapped,
        "moved": _moved,
        "label": _label,
        "underline": lambda text: "-" * len(text),
    }
    text = environment.get_template("gap_summary.txt.j2")
    html = environment.get_template("gap_summary.html.j2")
    return lambda page: text.render(page).strip() + "\n", html.render


def _neutral(value: object) -> object:
    """Make whatever a template prints safe to show, in this one place; numbers and our own markup pass."""
    return value if isinstance(value, Markup | int) else shown(str(value))


def _wrapped(text: object, indent: int = 0) -> Markup:
    """Wrap a text to lines that every mail reader keeps; a long link stays whole."""
    lines = textwrap.wrap(
        shown(str(text)),
        width=_WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return Markup("\n".join(lines))  # noqa: S704 -- only the plain-text part uses it, where nothing is escaped


def _label(kind: DriftKind) -> str:
    """Name a drift in a mail."""
    match kind:
        case DriftKind.LOST:
            return "Lost"
        case DriftKind.STALE:
            return "Stale"
        case DriftKind.UNDETERMINED_NOW:
            return "Could not check"
        case DriftKind.WON:
            return "Won"


def _moved(entry: Drift) -> str:
    """Say how an outcome moved."""
    if entry.before is entry.now:
        return f"still {entry.now.words}"
    return f"was {entry.before.words}, now {entry.now.words}"
