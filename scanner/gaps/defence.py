"""The audit defence: the clause page's sentence, filled with what the documents say of themselves; pure."""

from collections.abc import Sequence

from scanner.model.clause import ClausePack
from scanner.model.document import DocumentKind
from scanner.model.gap import Evidence, GapReport
from scanner.model.verdict import Outcome

_MET = frozenset({Outcome.SATISFIED, Outcome.NOT_APPLICABLE})


def audit_defence(pack: ClausePack, report: GapReport, evidence: Sequence[Evidence]) -> str:
    """Return the sentence when every constraint is met and product and document id were found, "" otherwise."""
    if not report.product or any(standing.outcome not in _MET for standing in report.standings):
        return ""
    document_id = _document_id(report, evidence)
    return pack.audit_defence.format(product=report.product, document_id=document_id) if document_id else ""


def _document_id(report: GapReport, evidence: Sequence[Evidence]) -> str:
    """The id of the operator guide that most constraints rest on."""
    cited = [citation.file.id for standing in report.standings for citation in standing.citations]
    guides = [one for one in evidence if one.facts.kind is DocumentKind.OPERATOR_GUIDE and one.facts.document_id]
    best = max(guides, key=lambda one: cited.count(one.file.id), default=None)
    return best.facts.document_id if best and best.file.id in cited else ""
