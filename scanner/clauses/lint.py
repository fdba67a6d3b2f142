"""What a pack that loads can still have wrong: facets that nothing rests on, outcomes that cannot be, cues in vain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scanner.clauses.load import load_marked
from scanner.clauses.nodes import Marked, Place
from scanner.clauses.phrases import GAPS
from scanner.model.clause import ClausePack, Constraint, Facet, Rule, SignalKind

_ONLY_JUDGE = frozenset({"beside", "never", "moot"})  # lists that judge what others have found, and find nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something in a pack that its author should change, or at least know."""

    path: Path
    line: int
    said: str
    wrong: bool  # False: only worth knowing

    def __str__(self) -> str:
        """Say it as editors understand it: file:line: words."""
        return f"{self.path}:{self.line}: {self.said}"


def remarks_on(path: Path) -> tuple[ClausePack, tuple[Remark, ...]]:
    """Return the pack and what is to be said about it, by line. Raises PackError where the pack does not even load."""
    pack, marked = load_marked(path)
    found = [
        Remark(path=path, line=marked.line(place), said=said, wrong=wrong)
        for place, said, wrong in (*_signals(pack), *_constraints(pack), *_words(marked))
    ]
    return pack, tuple(sorted(found, key=lambda one: one.line))


_Said = tuple[Place, str, bool]


def _signals(pack: ClausePack) -> Iterator[_Said]:
    if all(signal.kind is not SignalKind.FILE_EXISTS for signal in pack.signals):
        yield ("signals",), "no signal is a FILE_EXISTS pattern, so that no file of a Drive is ever a candidate", True


def _constraints(pack: ClausePack) -> Iterator[_Said]:
    for index, constraint in enumerate(pack.constraints):
        place: Place = ("constraints", index)
        yield from _rules(constraint, place)
        for at, facet in enumerate(constraint.facets):
            yield from _facet(constraint, facet, (*place, "facets", at))


def _rules(constraint: Constraint, place: Place) -> Iterator[_Said]:
    counting = any(_counts(rule) for rule in (constraint.satisfied, constraint.partial))
    named = {*constraint.satisfied.all_of, *constraint.partial.all_of}
    for at, facet in enumerate(constraint.facets):
        if facet.id not in named and not counting:
            yield (
                (*place, "facets", at, "id"),
                f"no rule rests on the facet {facet.id!r}: name it under all_of, count it with at_least, or drop it",
                constraint.check == "facets",  # the other ways of judging find some facets for the reader's sake alone
            )
    if len(constraint.facets) > 1 and _asks_no_more(constraint):
        yield (
            (*place, "partial"),
            "whatever holds for 'partial' holds for 'satisfied' too, so that nothing is ever partial by rule",
            True,
        )
    if constraint.may_not_apply and not any(facet.detect.get("moot") for facet in constraint.facets):
        yield (
            (*place, "may_not_apply"),
            "no facet has phrases under 'moot', so that nothing ever makes the constraint not applicable",
            True,
        )


def _counts(rule: Rule) -> bool:
    """Tell whether a rule needs facets beyond those that it names."""
    return rule.at_least > len(set(rule.all_of))


def _asks_no_more(constraint: Constraint) -> bool:
    """Tell whether whatever meets `partial` meets `satisfied`."""
    satisfied, partial = constraint.satisfied, constraint.partial
    met_at_least = max(partial.at_least, len(set(partial.all_of)))
    named = met_at_least >= len(constraint.facets) or set(satisfied.all_of) <= set(partial.all_of)
    return named and satisfied.at_least <= met_at_least


def _facet(constraint: Constraint, facet: Facet, place: Place) -> Iterator[_Said]:
    lists = {"cues": facet.cues} | {
        name: value for name, value in facet.detect.items() if isinstance(value, tuple) and name != "also_from"
    }
    if constraint.check == "facets" and not any(phrases for name, phrases in lists.items() if name not in _ONLY_JUDGE):
        yield place, f"the facet {facet.id!r} has neither cues nor other phrases that find it: nothing bears it", True
    if lists.get("moot") and not constraint.may_not_apply:
        yield (
            (*place, "detect", "moot"),
            "phrases under 'moot' do nothing unless the constraint says may_not_apply: true",
            True,
        )
    for name, phrases in lists.items():
        at = (*place, name) if name == "cues" else (*place, "detect", name)
        for index, earlier in _covered(phrases):
            said = f"the cue {phrases[index]!r} adds nothing to {phrases[earlier]!r} in the same list; drop it"
            yield (*at, index), said, phrases[index] == phrases[earlier]
    for index, phrase in enumerate(facet.cues):
        if ruled_out := next((one for one in lists.get("never", ()) if _holds(phrase, one)), None):
            yield (*place, "cues", index), f"the cue {phrase!r} never bears, since 'never' has {ruled_out!r}", True


def _covered(phrases: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield each phrase that finds nothing which another one of the list does not find, with that one."""
    for index, phrase in enumerate(phrases):
        for other, wider in enumerate(phrases):
            twins = _holds(wider, phrase)
            if other != index and _holds(phrase, wider) and (not twins or other < index):
                yield index, other
                break


def _holds(phrase: str, part: str) -> bool:
    """Tell whether everything that the phrase finds holds something that the part finds, slot by slot."""
    slots, wanted = phrase.split(), part.split()
    return any(
        all(_takes(theirs, ours) for theirs, ours in zip(wanted, slots[start : start + len(wanted)], strict=True))
        for start in range(len(slots) - len(wanted) + 1)
    )


def _takes(wide: str, narrow: str) -> bool:
    """Tell whether a slot takes every word that another one takes."""
    if wide in GAPS or narrow in GAPS:
        return wide == narrow
    choices = wide.split("|")
    return all(
        any(one == word or (one.endswith("*") and word.startswith(one[:-1])) for one in choices)
        for word in narrow.split("|")
    )


def _words(marked: Marked) -> Iterator[_Said]:
    """Word lists that no cue names."""
    values = marked.values if isinstance(marked.values, dict) else {}
    lists = values.get("vocabulary") or {}
    text = repr(values.get("constraints"))
    for name in lists:
        if f"<{name}>" not in text:
            yield ("vocabulary", name), f"no cue names the word list <{name}>; drop it", False
