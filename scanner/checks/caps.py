"""What a document of a kind can give at most; a pack's facets say which of them such a document may bear."""

from scanner.model.clause import Constraint
from scanner.model.document import DocumentKind
from scanner.model.verdict import Outcome

# Whatever stands in these, nobody who operates the product can rely on it.
SAY_NOTHING = frozenset(
    {
        DocumentKind.TEMPLATE,
        DocumentKind.STUB,
        DocumentKind.REGULATION,
        DocumentKind.ARTICLE,
        DocumentKind.MARKETING,
    }
)
# These bear only the facets whose `also_from` names them, and those so far.
LIMITED = {
    DocumentKind.INTERNAL: ("internal", Outcome.PARTIAL),
    DocumentKind.INDEX: ("index", Outcome.SATISFIED),
}


def cap(kind: DocumentKind, constraint: Constraint) -> Outcome:
    """Return the best outcome that a document of this kind can have on a constraint."""
    if kind in SAY_NOTHING:
        return Outcome.MISSING
    if kind not in LIMITED:
        return Outcome.SATISFIED
    name, best = LIMITED[kind]
    borne = any(name in _also_from(facet.detect.get("also_from")) for facet in constraint.facets)
    return best if borne else Outcome.MISSING


def bears(kind: DocumentKind, constraint: Constraint, facet: str) -> bool:
    """Tell whether a document of this kind may bear this facet at all."""
    if kind in SAY_NOTHING:
        return False
    if kind not in LIMITED:
        return True
    name = LIMITED[kind][0]
    return any(one.id == facet and name in _also_from(one.detect.get("also_from")) for one in constraint.facets)


def _also_from(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, (tuple, list)) else ()
