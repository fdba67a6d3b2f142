"""How much of the source was looked at, and how much of it stands behind a report, said to people."""

from collections.abc import Iterator

from connector import Completeness, Coverage, SyncKind
from scanner.model.display import counted, day, shown
from scanner.model.gap import CorpusLine, CoverageLine, WholeLook

MOST_CORPORA = 4  # named one by one; the others are counted together
MOST_REASONS = 3


def coverage_words(seen: CoverageLine) -> str:
    """Say what was seen and read, whether that was everything, and what the last look at the whole has listed."""
    counts = (
        f"{counted(seen.files, 'file')} seen, {counted(seen.candidates, 'candidate')}, "
        f"{counted(seen.scanned, 'document')} read" + (f" ({seen.in_part} only in part)" if seen.in_part else "")
    )
    because = shown(seen.because, 200) or "the source did not say why"
    ended = "complete" if seen.complete else f"incomplete, because {because.rstrip('.')}"
    strays = [f"{counted(seen.strays, 'more candidate')} in no product's folders."] if seen.strays else []
    return " ".join([f"{counts}; the look through the Drive was {ended}.", *_whole(seen.whole), *strays])


def looked_through(coverage: Coverage) -> str:
    """Say how far a look through the source went: all of it, or what changed; and why not all, where it did not."""
    listed = dict(coverage.listed)
    changed = listed.pop("changed", 0)  # what feeds named, beside the corpora; two of them may name the same file
    if coverage.kind is SyncKind.FULL:
        places = [f"{counted(count, 'file')} in {shown(name, 80)}" for name, count in listed.items()]
        said = f"Everything was looked through: {', '.join(places) or 'no file'}"
    else:
        places = [
            f"{counted(count, 'file')} in new or moved folders of {shown(name, 80)}" for name, count in listed.items()
        ]
        news = [counted(changed, "reported change")] if changed else []
        said = f"Only what changed since the last look was read: {', '.join(news + places) or 'nothing'}"
    match coverage.completeness:
        case Completeness.COMPLETE:
            return f"{said}."
        case Completeness.RUNNING:
            return f"{said}; it has not come to its end."
        case Completeness.INCOMPLETE:
            return f"{said}; it is incomplete, because {shown(coverage.because, 300).rstrip('.')}."


def _whole(look: WholeLook | None) -> Iterator[str]:
    if look is None or not look.corpora:
        return
    largest = sorted(look.corpora, key=lambda one: (-max(one.files, one.before or 0), one.name))
    named, others = largest[:MOST_CORPORA], largest[MOST_CORPORA:]
    if others:
        before = sum(one.before or 0 for one in others) if any(one.before is not None for one in others) else None
        rest = CorpusLine(name=f"{len(others)} others", files=sum(one.files for one in others), before=before)
        named = [*named, rest]
    yield f"All of it was last looked at on {day(look.at)}: {', '.join(map(_corpus, named))}."
    if look.unreadable:
        most = sorted(look.unreadable.items(), key=lambda one: (-one[1], one[0]))
        reasons = "; ".join(f"{counted(count, 'file')} because {shown(why, 80)}" for why, count in most[:MOST_REASONS])
        more = f"; and {counted(sum(count for _, count in most[MOST_REASONS:]), 'file')} for other reasons"
        yield f"Not readable: {reasons}{more if most[MOST_REASONS:] else ''}."


def _corpus(one: CorpusLine) -> str:
    name = shown(one.name, 40)
    if one.before is None or one.before == one.files:
        return f"{name} {one.files:,}"
    change = f"{one.files - one.before:+,}"
    return f"{name} {one.files:,} ({change} since the look before)"
