"""The page of one constraint, as values: built from a report, from how documents were judged, and what people said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from scanner.gaps.assess import left_aside
from scanner.model.clause import ClausePack, Constraint
from scanner.model.connection import NAMELESS, Called
from scanner.model.display import counted
from scanner.model.gap import FileRef, GapReport, Move, SetCitation, Standing
from scanner.model.objection import Objected
from scanner.model.ruling import Reading, Rejected, Ruling, Rulings
from scanner.model.verdict import FacetState, Outcome
from scanner.model.waiver import LONGEST_DAYS, Waiver

MOST_MOVES = 60  # of its history


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetRow:
    """One part of a constraint and how far the set of documents bears it."""

    label: str
    counts: str
    state: FacetState | None  # None before the first review
    needed: bool  # the constraint cannot be satisfied without it


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentVerdict:
    """One document's verdict on the constraint that the page is about."""

    ruling: Ruling
    aside: str  # why it does not count, "" where it does
    objections: tuple[Objected, ...]  # that stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """Documents that give nothing on a constraint, grouped by why."""

    said: str  # how many, of which kinds
    groups: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What people said and may say of the constraint."""

    decision: Waiver | None  # that is in force
    past: tuple[Waiver, ...]  # the newest first
    objections: tuple[Objected, ...]  # to where it stands or to any document, the newest first
    today: date
    latest: date  # the last day that a decision may name

    @property
    def usual(self) -> date:
        """Return the day that the form offers."""
        return self.today + timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintPage:
    """One constraint with all that is known about it."""

    pack: ClausePack
    constraint: Constraint
    standing: Standing | None
    proofs: tuple[SetCitation, ...]  # of the parts that are given
    mentions: tuple[SetCitation, ...]  # of the parts that are only touched on
    facets: tuple[FacetRow, ...]
    documents: tuple[DocumentVerdict, ...]  # those that give something, most first
    more: int  # further ones that do
    silent: tuple[Silent, ...]
    waiting: int
    moves: tuple[Move, ...]  # the newest first
    said: Said
    outcomes: tuple[Outcome, ...]  # that an objection may claim

    def reading(self, file: FileRef) -> Reading | None:
        """Return which revision of a cited file was read, where it is on the page."""
        return next((one.ruling.reading for one in self.documents if one.ruling.evidence.file.id == file.id), None)


def constraint_page(
    constraint: Constraint,
    *,
    pack: ClausePack,
    report: GapReport | None,
    rulings: Rulings,
    said: Said,
    moves: Sequence[Move] = (),
    called: Called = NAMELESS,
) -> ConstraintPage:
    """Put together what is known about a constraint."""
    standings = report.standings if report else ()
    standing = next((each for each in standings if each.constraint == constraint.id), None)
    states = dict(standing.facets) if standing else {}
    cited = standing.citations if standing else ()
    proofs = tuple(one for one in cited if states.get(one.facet) is not FacetState.TOUCHED)
    documents = [_document(one, report, said, called) for one in rulings.bearing]
    documents.sort(key=lambda one: bool(one.aside))
    return ConstraintPage(
        pack=pack,
        constraint=constraint,
        standing=standing,
        proofs=proofs,
        mentions=tuple(one for one in cited if one not in proofs),
        facets=tuple(
            FacetRow(
                label=facet.label,
                counts=facet.counts,
                state=states.get(facet.id),
                needed=facet.id in constraint.satisfied.all_of,
            )
            for facet in constraint.facets
        ),
        documents=tuple(documents),
        more=rulings.more,
        silent=_silent(rulings.rejected),
        waiting=rulings.waiting,
        moves=tuple(moves),
        said=said,
        outcomes=tuple(one for one in Outcome if one is not Outcome.UNDETERMINED),
    )


def said_of(constraint: str, *, waivers: Sequence[Waiver], objections: Sequence[Objected], today: date) -> Said:
    """Put together what people said of a constraint."""
    decided = [one for one in reversed(waivers) if one.constraint == constraint]
    return Said(
        decision=next((one for one in decided if one.holds(today)), None),
        past=tuple(one for one in decided if not one.holds(today)),
        objections=tuple(reversed(objections)),
        today=today,
        latest=today + timedelta(days=LONGEST_DAYS),
    )


def aside_of(ruling: Ruling, report: GapReport | None, called: Called) -> str:
    """Say why a document does not count, "" where it does."""
    called = replace(called, name=report.product) if report else called
    aside = left_aside(ruling.evidence, called)
    if report and not aside:
        return next((one.because for one in report.overtaken if one.file == ruling.evidence.file.id), "")
    return aside


def _document(ruling: Ruling, report: GapReport | None, said: Said, called: Called) -> DocumentVerdict:
    mine = (one for one in said.objections if one.objection.file == ruling.evidence.file.id)
    standing = tuple(one for one in mine if one.objection.withdrawn_at is None)
    return DocumentVerdict(ruling=ruling, aside=aside_of(ruling, report, called), objections=standing)


def _silent(rejected: Sequence[Rejected]) -> tuple[Silent, ...]:
    """Collapse what gives nothing; what could not be read, and what only in part, stands apart."""
    found = []
    for how, wanted in (
        ("could not be read", [one for one in rejected if one.kind is None]),
        ("could be read only in part", _of(rejected, Outcome.UNDETERMINED)),
        ("read without a word that gives it", _of(rejected, Outcome.MISSING)),
    ):
        if wanted:
            total = counted(sum(one.count for one in wanted), "document")
            found.append(Silent(said=f"{total} {how}{_kinds(wanted)}", groups=tuple(wanted)))
    return tuple(found)


def _of(rejected: Sequence[Rejected], outcome: Outcome) -> list[Rejected]:
    return [one for one in rejected if one.kind is not None and one.outcome is outcome]


def _kinds(rejected: Sequence[Rejected]) -> str:
    kinds: dict[str, int] = {}
    for one in rejected:
        if one.kind is not None:
            kinds[one.kind.noun] = kinds.get(one.kind.noun, 0) + one.count
    named = sorted(kinds.items(), key=lambda kind: -kind[1])
    return ": " + ", ".join(counted(count, noun) for noun, count in named) if named else ""
