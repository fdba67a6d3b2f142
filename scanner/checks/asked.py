"""The asking judge: the rules judge, and a language model points at what they missed and takes back what they took.

What it points at is worth as much as a cue of the pack: it says what a passage is about, once its quote is
found there character for character. Whether the passage gives anything (action, value, fact; no denial, announcement,
placeholder, claim …), how facets add up, and what a document of its kind can give at most, the same rules decide as
ever. What it takes back the rules read again without. Together that moves an outcome by one step at most.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from scanner.checks.asking import Asker, Unanswered
from scanner.checks.caps import bears
from scanner.checks.facets import Findings
from scanner.checks.hearing import Asking
from scanner.checks.judge import FacetJudge
from scanner.checks.offers import Offers
from scanner.checks.reading import Reading
from scanner.model.clause import ClausePack, Constraint
from scanner.model.document import Document
from scanner.model.verdict import FacetState, Judgement, Outcome, Verdict

Method = Callable[[Constraint, Reading], Findings]
_UNASKED = frozenset({"release"})  # versions and dates are read, not understood
_STEPS = (Outcome.MISSING, Outcome.PARTIAL, Outcome.SATISFIED)


@dataclass(slots=True, kw_only=True)
class AskingJudge:
    """Judges as the local judge does, over what an asker pointed at; without an answer, as the local judge alone."""

    local: FacetJudge
    asker: Asker
    version: str = field(init=False)

    def __post_init__(self) -> None:
        """Name both who judge, since either changes what is found."""
        self.version = f"{self.local.version}+{self.asker.version}"

    def judge(self, pack: ClausePack, document: Document) -> Judgement:
        """Return facts and verdicts as the local judge does; a reason says what asking changed, or why it failed."""
        questions = _Questions(asker=self.asker, offers=Offers(pack=pack))
        methods = {
            name: method if name in _UNASKED else questions.over(method) for name, method in self.local.methods.items()
        }
        judgement = replace(self.local, methods=methods).judge(pack, document)
        return replace(judgement, verdicts=tuple(_noted(one, questions.notes) for one in judgement.verdicts))


def _noted(verdict: Verdict, notes: Mapping[str, str]) -> Verdict:
    note = notes.get(verdict.constraint)
    return replace(verdict, reason=f"{verdict.reason.removesuffix('.')}; {note}.") if note else verdict


@dataclass(slots=True, kw_only=True)
class _Questions:
    """The questions of one judging, and what is to be said about their answers."""

    asker: Asker
    offers: Offers
    notes: dict[str, str] = field(default_factory=dict)

    def over(self, method: Method) -> Method:
        """Return the way of judging with a question put between two readings."""

        def judge(constraint: Constraint, reading: Reading) -> Findings:
            before = method(constraint, reading)
            offers = self.offers.of(constraint, reading, before)
            if not offers:
                return before
            try:
                found, note = self._asked(Asking(constraint=constraint, reading=reading, offers=offers), before, method)
            except Unanswered as error:
                found, note = before, f"judged by the rules alone, because {error}"
            self.notes[constraint.id] = note
            return found

        return judge

    def _asked(self, asking: Asking, before: Findings, method: Method) -> tuple[Findings, str]:
        who = f"the language model {self.asker.name}"
        heard = asking.heard(self.asker.ask(asking.question))
        if heard is None:
            raise Unanswered(f"{who} took an announcement that we had planted for evidence")
        after = before
        if heard.found or heard.dropped:
            after = method(asking.constraint, heard.reading(asking.reading))
        told = heard.told(before, after)
        return _one_step(asking.constraint, asking.reading, before, after), f"{who} {told}" if told else ""


def _one_step(constraint: Constraint, reading: Reading, before: Findings, after: Findings) -> Findings:
    """Let what an answer changes move the outcome by one step; what would move it by two only touches."""
    old, new = (_STEPS.index(_outcome(constraint, reading, one)) for one in (before, after))
    if abs(new - old) < 2:
        return after
    richer = after if new > old else before
    states = {facet: FacetState.TOUCHED if state is FacetState.MET else state for facet, state in richer.states.items()}
    return replace(richer, states=states)


def _outcome(constraint: Constraint, reading: Reading, found: Findings) -> Outcome:
    kind = reading.facts.kind
    return constraint.outcome_of(
        {facet: state for facet, state in found.states.items() if bears(kind, constraint, facet)}
    )
