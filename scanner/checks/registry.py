"""The one table of ways of judging; a way is one file and one line here."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from scanner.checks.asked import AskingJudge
from scanner.checks.asking import Asker
from scanner.checks.base import Judge
from scanner.checks.coverage import judge_coverage
from scanner.checks.facets import Findings, judge_by_facets
from scanner.checks.judge import FacetJudge
from scanner.checks.reading import Reading
from scanner.checks.release import judge_release
from scanner.checks.risks import judge_risks
from scanner.model.clause import Constraint

METHODS: Mapping[str, Callable[[Constraint, Reading], Findings]] = MappingProxyType(
    {
        "facets": judge_by_facets,
        "risks": judge_risks,
        "release": judge_release,
        "coverage": judge_coverage,
    }
)


def judge(asker: Asker | None = None) -> Judge:
    """Return the local judge with every way of judging that packs may name, or one that asks somebody beside it."""
    local = FacetJudge(methods=METHODS)
    return local if asker is None else AskingJudge(local=local, asker=asker)
