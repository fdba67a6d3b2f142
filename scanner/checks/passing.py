"""What a longer document says once, under no heading of its own, is a remark in passing and no evidence."""

from collections.abc import Sequence

from scanner.checks.facets import Bearing
from scanner.checks.reading import Reading
from scanner.checks.risk_words import SECURITY_TITLE
from scanner.model.clause import Constraint
from scanner.model.verdict import FacetState

TERSE = 12  # in a document of no more statements, each of them is a good part of what it says
_NAMED_BY = frozenset({"cues", "sections", "hints"})


def in_passing(constraint: Constraint, bearings: Sequence[Bearing], reading: Reading) -> bool:
    """Tell whether all that bears a constraint is one statement that the document does not dwell on."""
    told = {(one.read.statement.index, one.read.statement.start) for one in bearings}
    if len(told) != 1 or len(reading.read) <= TERSE:
        return False
    if all(one.state is FacetState.TOUCHED for one in bearings):
        return True  # "use a firewall" among many other things, whatever its section is about
    return not any(_counts_alone(constraint, one) for one in bearings)


def _counts_alone(constraint: Constraint, bearing: Bearing) -> bool:
    """Tell whether it is an exact setting, or stands under a heading that speaks of the facet or of security."""
    needs = next((one.detect.get("needs") for one in constraint.facets if one.id == bearing.facet), None)
    if needs == "value" and bearing.read.substance.value:
        return True
    if any(map(SECURITY_TITLE.search, bearing.read.statement.headings[1:])):
        return True
    near = bearing.read.around | bearing.read.columns
    wanted = f"{constraint.id}/{bearing.facet}/"
    return any(key.startswith(wanted) and key.rpartition("/")[2] in _NAMED_BY for key in near)
