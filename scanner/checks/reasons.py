"""One sentence for a quality manager: what was found, what was not, and why that adds up so."""

from collections.abc import Mapping, Sequence

from scanner.model.clause import Constraint
from scanner.model.document import DocumentKind
from scanner.model.verdict import FacetState, Outcome

_MOST = 5


def reason_of(
    constraint: Constraint,
    outcome: Outcome,
    states: Mapping[str, FacetState],
    kind: DocumentKind,
    *,
    capped: Outcome,
    few: bool = False,
) -> str:
    """Return the sentence for one verdict."""
    labels = {facet.id: facet.label for facet in constraint.facets}
    met = [labels[one] for one, state in states.items() if state is FacetState.MET]
    touched = [labels[one] for one, state in states.items() if state is FacetState.TOUCHED]
    absent = [labels[one] for one, state in states.items() if state is FacetState.ABSENT]
    if outcome is Outcome.NOT_APPLICABLE:
        return "The document states a fact that makes this not applicable."
    if outcome is Outcome.MISSING:
        if capped is Outcome.MISSING:
            return f"This is {kind.words}, which gives its readers nothing on this constraint."
        return f"Nothing usable was found on {_listed(list(labels.values()), 'or')}."
    said = f"Found: {_listed(met or touched, 'and')}"
    if met and touched:
        said += f"; only touched on: {_listed(touched, 'and')}"
    if absent and (outcome is Outcome.PARTIAL or len(absent) <= _MOST):
        said += f"; not found: {_listed(absent, 'and')}"
    if few:
        said += f"; but in fewer than {constraint.satisfied.at_least} sentences, so that some of this is only named"
    if capped is Outcome.PARTIAL:
        said += f"; and it is {kind.words}, which counts in part at most"
    return said + "."


def remark_on(constraint: Constraint, facet: str) -> str:
    """Return the sentence for a constraint of which the document speaks once and does not dwell on it."""
    label = next(one.label for one in constraint.facets if one.id == facet)
    return f"Only one remark in passing was found, on {label}; no section is about it."


def _listed(labels: Sequence[str], word: str) -> str:
    shown = list(labels[:_MOST]) + ([f"{len(labels) - _MOST} more"] if len(labels) > _MOST else [])
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + f" {word} {shown[-1]}"
