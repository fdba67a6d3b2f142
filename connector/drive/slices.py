"""A slice of a listing: one corpus, one kind of item, one span of time; and how a long one is cut into several.

Slices let streams list side by side, and a page token that Google rejects costs its own slice only. Nothing here relies
on an order of Google's listings: cuts decide how fast a walk is, never what it finds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from connector.drive.items import FOLDER, SHORTCUT

DRIVE_BEGAN = datetime(2006, 1, 1, tzinfo=UTC)  # nothing of weight is older: Docs came in 2006, Drive in 2012
PROBES = 9
SPIKE = 10  # a moment is believed to be so many times denser than the spans beside it, and not more
PARTS_A_STREAM = 3  # parts are never even, and several for each stream keep all of them busy; but each part's
PAGES_AT_LEAST = 6  # last page is half empty, so none is to have less, except where files wait for it:
FOLDERS_PAGES_AT_LEAST = 2
LOOKED_AT = frozenset({2, 8, 32, 128})  # pages of a slice after which it is looked at,
FOLDERS_LOOKED_AT = frozenset({1, 16, 64})  # and sooner where files wait for it,
LOOKED_AT_AGAIN = frozenset({128})  # and of a part of a cut one
WORTH_CUTTING = 4  # times longer than what was listed of it, which a cut lists again


class What(StrEnum):
    """What a slice lists."""

    EVERYTHING = "everything"  # a corpus's first page: most corpora end with it
    FOLDERS = "folders"
    FILES = "files"  # and shortcuts
    SHORTCUTS = "shortcuts"  # whose targets no other slice listed; where there are any
    REACH = "reach"  # folders that others shared: stands for one CHILDREN slice each
    CHILDREN = "children"  # of one folder


_QUERIES = {
    What.EVERYTHING: "trashed = false",
    What.FOLDERS: f"trashed = false and mimeType = '{FOLDER}'",
    What.FILES: f"trashed = false and mimeType != '{FOLDER}'",
    What.SHORTCUTS: f"trashed = false and mimeType = '{SHORTCUT}'",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A part of the walk, and how far its listing is."""

    corpus: str  # "" for the person's own, else a shared drive's id
    what: What
    parent: str = ""  # the folder of a CHILDREN slice
    deep: bool = False  # whether the folders below it are listed too, seen or not
    after: str = ""  # modifiedTime > after, RFC 3339; "" for no bound
    until: str = ""  # modifiedTime <= until
    page: str | None = None  # the listing's token, None at its start
    mark: str = ""  # a token some pages back: pages that lead there again lead round in a circle
    pages: int = 0  # read so far
    again: bool = False  # whether it is listed a second time
    incomplete: bool = False  # whether Google called a page of this listing incomplete
    restarts: int = 0  # after page tokens that Google had forgotten
    listed: dict[str, int] = field(default_factory=dict)  # files by corpus's name

    def at(self, **changes: Any) -> "Slice":
        """Return the slice with these changes."""
        return replace(self, **changes)

    def turned(self, token: str) -> "Slice":
        """Return the slice at its next page."""
        return self.at(page=token, mark=token if is_mark(self.pages) else self.mark)

    def circles(self, token: str) -> bool:
        """Tell whether its next page is one that was read before, so that its pages would never end."""
        return token in {self.page, self.mark}

    def restarted(self) -> "Slice":
        """Return the slice from its first page on."""
        return self.at(page=None, mark="", pages=0)

    @property
    def query(self) -> str:
        """The slice in Drive's search language; one parent a query, for several lose items."""
        if self.what is What.CHILDREN:
            return f"{children_of(self.parent)} and trashed = false"
        bounds = [f"modifiedTime > '{self.after}'"] if self.after else []
        bounds += [f"modifiedTime <= '{self.until}'"] if self.until else []
        return " and ".join([_QUERIES[self.what], *bounds])

    @property
    def worth_cutting(self) -> bool:
        """Tell whether to look if it is long enough to be cut, at a few of its pages only: a look costs calls."""
        if self.page is None or self.what not in {What.FILES, What.FOLDERS}:
            return False
        if self.after or self.until:
            return self.pages in LOOKED_AT_AGAIN
        return self.pages in (FOLDERS_LOOKED_AT if self.what is What.FOLDERS else LOOKED_AT)


def is_mark(pages: int) -> bool:
    """Tell whether to keep the token after so many pages, to know it again: marks ever further apart find any circle.

    R. P. Brent, An improved Monte Carlo factorization algorithm, 1980.
    """
    return pages.bit_count() == 1


def children_of(folder: str) -> str:
    """Return the term that finds what lies directly in a folder."""
    quoted = folder.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{quoted}' in parents"


def probe_moments(one: Slice, now: datetime) -> list[datetime]:
    """Return the moments at which to ask how dense the slice is, newest first: each half as far from the newest."""
    newest = datetime.fromisoformat(one.until) if one.until else now
    oldest = datetime.fromisoformat(one.after) if one.after else DRIVE_BEGAN
    width = newest - oldest
    return [newest, *(newest - width / 2**step for step in range(PROBES - 2, 0, -1)), oldest]


def cut(one: Slice, moments: Sequence[datetime], samples: Sequence[Sequence[datetime]], parts: int) -> list[Slice]:
    """Return the slice as parts of about the same weight; itself alone where no cut can be found.

    `samples[i]` holds the modified times of some files at or before `moments[i]`, the newest that there are.
    """
    masses = _masses(moments, samples)
    total = sum(masses)
    if total <= 0 or parts < 2:
        return [one]
    bounds, before, step = [], 0.0, 1
    for (newer, older), mass in zip(pairwise(moments), masses, strict=True):
        while mass and step < parts and before + mass >= total * step / parts:
            share = (total * step / parts - before) / mass
            bounds.append(newer - (newer - older) * share)
            step += 1
        before += mass
    return _between(one, bounds)


def parts_of(one: Slice, items: float, *, page_size: int, streams: int) -> int:
    """Return into how many parts to cut a slice of about so many items; 1 where it is not worth it."""
    pages = items / page_size
    if pages < WORTH_CUTTING * one.pages:
        return 1
    if one.what is What.FOLDERS:
        return int(min(2 * streams, pages / FOLDERS_PAGES_AT_LEAST))
    return int(min(PARTS_A_STREAM * streams, pages / PAGES_AT_LEAST))


def estimate(moments: Sequence[datetime], samples: Sequence[Sequence[datetime]]) -> float:
    """Return about how many items the samples speak for."""
    return sum(_masses(moments, samples))


def rfc3339(moment: datetime) -> str:
    """Return a moment as Drive's search language writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _masses(moments: Sequence[datetime], samples: Sequence[Sequence[datetime]]) -> list[float]:
    """Estimate how many items lie between each two moments, from how dense they are at its two ends."""
    spans = list(pairwise(moments))
    densities = [_density(newer, older, times) for (newer, older), times in zip(spans, samples, strict=False)]
    calm = [min(density, SPIKE * _beside(densities, place)) for place, density in enumerate(densities)]
    means = [(newer + older) / 2 for newer, older in pairwise([*calm, calm[-1] / 2])]
    return [density * (newer - older).total_seconds() for density, (newer, older) in zip(means, spans, strict=True)]


def _density(newer: datetime, older: datetime, times: Sequence[datetime]) -> float:
    """Return items a second."""
    inside = [moment for moment in times if older < moment <= newer]
    reach = newer - min(inside) if inside and len(inside) == len(times) else newer - older
    return len(inside) / max(reach, timedelta(seconds=1)).total_seconds()


def _beside(densities: Sequence[float], place: int) -> float:
    around = [*densities[max(0, place - 1) : place], *densities[place + 1 : place + 2]]
    return max(around, default=0.0) or densities[place]


def _between(one: Slice, bounds: Iterable[datetime]) -> list[Slice]:
    """Return half-open parts: open at the slice's own ends, so that together they are the slice.

    The newest come first: there a Drive is densest and the probes guess worst, and a part that turns out long must not
    be begun last.
    """
    marks = [one.until, *dict.fromkeys(map(rfc3339, bounds)), one.after]
    fresh = Slice(corpus=one.corpus, what=one.what)
    return [fresh.at(until=until, after=after) for until, after in pairwise(marks)]
