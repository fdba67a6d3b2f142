"""What was shown and what was answered, held against each other: only what is proved is heard."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scanner.checks.asking import Answer, Question, Shown
from scanner.checks.caps import bears
from scanner.checks.cues import Found
from scanner.checks.facets import Findings
from scanner.checks.offers import MAX_CHARS_EACH, Offer, under
from scanner.checks.reading import Read, Reading, key_of, reading_of
from scanner.model.clause import Constraint

_MAX_FACETS = 2  # a passage said to bear more of a constraint than that is pointed at too widely to mean anything
_MIN_WORDS = 2  # in a quote, unless it is the whole passage
_MIN_NEAR = 2  # so many of a facet's words stand in or over what may be said to bear it
# A planted passage that bears nothing by any reading. Whoever claims it claims whatever is shown.
_CONTROL = "A later edition of this document will describe {}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One question in the making: a constraint, and what is shown of a document."""

    constraint: Constraint
    reading: Reading
    offers: tuple[Offer, ...]

    @property
    def question(self) -> Question:
        """Return the question, with the control among its passages."""
        facets = tuple(one for one in self.constraint.facets if bears(self.reading.facts.kind, self.constraint, one.id))
        shown = [
            Shown(
                id=number,
                under=under(offer.read.statement) if offer else "",
                text=offer.read.statement.text[:MAX_CHARS_EACH] if offer else _CONTROL.format(facets[0].label),
                taken=offer is not None and offer.taken,
            )
            for number, offer in enumerate(self._shown, 1)
        ]
        return Question(constraint=self.constraint.text, facets=facets, passages=tuple(shown))

    def heard(self, answer: Answer) -> "Heard | None":
        """Return what of an answer can be believed; None for nothing, since it claims the control."""
        shown = dict(enumerate(self._shown, 1))
        if any(one.passage in shown and shown[one.passage] is None for one in answer.pointers):
            return None
        wide = Counter(passage for passage, _ in {(one.passage, one.facet) for one in answer.pointers})
        found: dict[int, dict[str, Found]] = {}
        for pointer in answer.pointers:
            offer = shown.get(pointer.passage)
            if offer is None or wide[pointer.passage] > _MAX_FACETS or offer.near.get(pointer.facet, 0) < _MIN_NEAR:
                continue
            cue = _stands(pointer.quote, offer.read, key_of(self.constraint.id, pointer.facet, "cues"))
            if cue is not None:
                found.setdefault(offer.place, {})[cue.key] = cue
        dropped = {
            offer.place: one.why.value
            for one in answer.taken_back
            if (offer := shown.get(one.passage)) is not None and offer.taken
        }
        refused = len(answer.pointers) - sum(map(len, found.values()))
        return Heard(constraint=self.constraint, found=found, dropped=dropped, refused=refused)

    @property
    def _shown(self) -> Sequence[Offer | None]:
        middle = (len(self.offers) + 1) // 2
        return (*self.offers[:middle], None, *self.offers[middle:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What of an answer is believed, by place in the reading."""

    constraint: Constraint
    found: dict[int, dict[str, Found]]  # what is pointed at with a quote that stands there
    dropped: dict[int, str]  # why what the rules took there gives nothing
    refused: int  # claims without proof

    def reading(self, reading: Reading) -> Reading:
        """Return the reading without what was taken back, with what was pointed at as if a cue stood there."""
        read = tuple(
            replace(one, direct={**self.found[place], **one.direct}) if place in self.found else one
            for place, one in enumerate(reading.read)
            if place not in self.dropped
        )
        return reading_of(reading.document, reading.facts, read)

    def told(self, before: Findings, after: Findings) -> str:
        """Say what it changed and what was refused, to follow on who answered; "" for nothing."""
        fresh = _borne(after) - _borne(before)
        labels = [one.label for one in self.constraint.facets if any(facet == one.id for _, facet in fresh)]
        back = ", ".join(sorted(set(self.dropped.values())))
        parts = [f"pointed at more on {', '.join(labels)}"] if labels else []
        parts += [f"took back {_counted(len(self.dropped), 'passage')} ({back})"] if back else []
        parts += [f"made {_counted(self.refused, 'claim')} without proof, which we refused"] if self.refused else []
        return " and ".join(parts)


def _borne(found: Findings) -> set[tuple[int, str]]:
    return {(id(bearing.read.statement), bearing.facet) for bearing in found.bearings}


def _counted(number: int, thing: str) -> str:
    return f"a {thing}" if number == 1 else f"{number} {thing}s"


def _stands(quote: str, one: Read, key: str) -> Found | None:
    """Return the words that a quote takes in a statement, or None where it does not stand there to the letter."""
    text, spans = one.statement.text, one.statement.words.spans
    start = text.find(quote) if quote.strip() else -1
    within = [at for at, (left, right) in enumerate(spans) if start <= left and right <= start + len(quote)]
    if start < 0 or not within or (len(within) < _MIN_WORDS and quote.strip() != text.strip()):
        return None
    return Found(key=key, first=within[0], last=within[-1])
