"""Judging a coverage map: rows or sentences that say where each kind of document stands, or why it does not."""

import re
from collections.abc import Iterator

from scanner.checks.facets import DIRECT, Bearing, Findings
from scanner.checks.reading import Read, Reading, key_of
from scanner.model.clause import Constraint
from scanner.model.document import PassageKind
from scanner.model.verdict import FacetState

_STANDARD = re.compile(r"\b(?:81001|62443-4-1|62443)\b")
_ANNEX = re.compile(r"\b(?:annex|anhang)\s+e\b|\bE\.(?:2\.[1-5]|3)\b", re.IGNORECASE)
_INDEX = re.compile(
    r"\b(?:where to find|documentation index|coverage|abdeckung|dokumentenübersicht|which document)\b", re.IGNORECASE
)
_OTHER_STANDARD = re.compile(r"\b(?:62366|60601|14971|62304|tender|27001)\b")
_PLACE = re.compile(
    r"\b(?:section|chapter|ch\.|page|p\.|pp\.|table|appendix|annex [A-DF-Z]|kapitel|abschnitt|seite|tabelle"
    r"|§)\s?\d|\b[A-Z]{2,6}(?:-[A-Z]{1,6}){0,3}-\d{2,6}\b|\b(?:guide|manual|notes|white paper|handbook"
    r"|instructions|statement|handbuch|leitfaden|report)\b|\bp\.\s?\d|\.(?:pdf|docx|xlsx)\b",
    re.IGNORECASE,
)
_BLANK = re.compile(
    r"\b(?:not provided|not applicable|left blank|none)\b.{0,80}\b(?:because|since|as|which|receives?)\b"
    r"|\bentfällt\b.{0,80}\b(?:weil|da)\b",
    re.IGNORECASE,
)


def judge_coverage(constraint: Constraint, reading: Reading) -> Findings:
    """Match the rows of a map, where the document has one, to the constraint's facets."""
    rows = list(_rows(reading))
    bearings: list[Bearing] = []
    states = {}
    for facet in constraint.facets:
        key = key_of(constraint.id, facet.id, "cues")
        borne = [one for one in rows if key in one.direct]
        bearings += [
            Bearing(read=one, facet=facet.id, state=FacetState.MET, score=DIRECT, around=None) for one in borne
        ]
        states[facet.id] = FacetState.MET if borne else FacetState.ABSENT
    return Findings(states=states, bearings=tuple(bearings), terse=True)


def _rows(reading: Reading) -> Iterator[Read]:
    """Statements that point to a place or justify a blank, where their section is about Annex E of the standard."""
    texts = " ".join(passage.text for passage in reading.document.passages[:200])
    named = bool(_STANDARD.search(texts))
    for one in reading.read:
        around = " ".join((*one.statement.headings, one.statement.intro_text, one.statement.text))
        near = _ANNEX.search(around) and (named and not _OTHER_STANDARD.search(around))
        index = named and _INDEX.search(around) and one.statement.passage.kind is not PassageKind.CODE
        if (near or index) and _points(one):
            yield one


def _points(one: Read) -> bool:
    cells = one.statement.passage.cells
    told = " | ".join(value for _, value in cells[1:]) if len(cells) >= 2 else one.statement.text
    if "?" in told[-2:] or re.search(r"\bTB[CD]\b|\bTODO\b|\{\{|\[insert", told, re.IGNORECASE):
        return False
    return bool(_PLACE.search(told) or _BLANK.search(told)) and not re.search(r"\bwill be added\b", told)
