"""Templates: the one place where Jinja2 is set up, so that every page and mail is escaped and neutralised alike."""

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context, pass_eval_context, select_autoescape
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from markupsafe import Markup, escape

from scanner.model.clause import ClausePack
from scanner.model.display import cited_link, counted, day, moment, safe_link, shown, symbol
from scanner.model.gap import Drift, DriftKind, Unchecked
from scanner.notify.letter import Letter, short_name
from scanner.notify.masking import masked

_LABELS = {
    DriftKind.LOST: "Lost",
    DriftKind.CONTRADICTED: "Contradicted",
    DriftKind.WAIVER_EXPIRED: "Waiver over",
    DriftKind.STALE: "Stale",
    DriftKind.WAIVER_ENDING: "Waiver ends",
    DriftKind.UNDETERMINED_NOW: "Could not check",
    DriftKind.WON: "Resolved",
}


def environment(package: str, *, leaves: bool = False) -> Environment:
    """Return an environment over `<package>/templates`.

    Files ending in .html.j2 are escaped. Whatever a template prints is made safe to show first, names of strangers and
    our own sentences alike: a template cannot forget it. In what `leaves` our hands, what looks like a credential is
    masked as well.
    """
    made = Environment(
        loader=PackageLoader(package),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), disabled_extensions=("txt.j2",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_bare if leaves else _neutral,
    )
    made.filters |= {
        "cited": cited_link,
        "counted": counted,
        "cut": lambda text, limit: shown(str(text), limit),
        "day": day,
        "how": _how,
        "label": drift_label,
        "line": _line,
        "link": _link,
        "moment": moment,
        "moved": _moved,
        "past_name": _past_name,
        "short": _short,
        "symbol": symbol,
    }
    return made


def drift_label(kind: DriftKind) -> str:
    """Name a drift for a person."""
    return _LABELS[kind]


def _neutral(value: object) -> object:
    """Make what a template prints safe to show; numbers and our own markup pass."""
    return value if isinstance(value, Markup | int) else shown(str(value))


def _bare(value: object) -> object:
    """Make what a mail prints safe to show, and mask what looks like a credential."""
    return value if isinstance(value, Markup | int) else masked(shown(str(value)))


@pass_eval_context
def _link(context: EvalContext, link: str) -> Markup:
    """Return an address that may be pointed to, as it is, "" otherwise."""
    safe = safe_link(link)
    return escape(safe) if context.autoescape else Markup(safe)  # noqa: S704 -- plain text escapes nothing


def _line(letter: Letter) -> str:
    """Say all outcomes in one line."""
    each = (
        f"{symbol(one.outcome)} {short_name(letter.pack, one.constraint)}{' (waived)' if one.is_waived else ''}"
        for one in letter.standings
    )
    return " · ".join(each)


def _moved(entry: Drift) -> str:
    """Say how an outcome moved."""
    if entry.before is entry.now:
        return f"still {entry.now.words}"
    return f"was {entry.before.words}, now {entry.now.words}"


def _past_name(entry: Drift) -> str:
    """Return what a reason says after the file's name that it begins with, "" where it begins otherwise."""
    name = entry.file.name if entry.file else ""
    return entry.reason.removeprefix(name).strip() if name and entry.reason.startswith(f"{name} ") else ""


def _how(entry: Unchecked) -> str:
    """Say how much of a file could be checked, to stand between its name and the reason."""
    still = " still" if entry.still else ""
    return f"{still} was read only in part" if entry.in_part else f"{still} could not be checked" if still else ""


@pass_context
def _short(context: Context, constraint: str, pack: ClausePack | None = None) -> str:
    """Return a constraint's short name in a pack, else in the one that the template was given."""
    pack = pack or context.get("pack")
    return short_name(pack, constraint) if isinstance(pack, ClausePack) else constraint
