"""The seven questions behind "updated with each release", each answered by itself over the set; pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from scanner.gaps.changed import delta
from scanner.gaps.release import IN_TIME, Age, reviewed_for, written_for
from scanner.model.display import day
from scanner.model.document import DocumentKind, DocumentStatus, SaidOf, Told
from scanner.model.gap import Evidence, SetCitation, UpdateCheck, UpdateCheckId
from scanner.model.release import Release
from scanner.model.verdict import Outcome
from scanner.versions.ranges import fit
from scanner.versions.span import Fit
from scanner.versions.version import same
from scanner.versions.written import versions_in, written_in

# Old release notes stay as they were, and what is internal is not released.
NEVER_UPDATED = frozenset({DocumentKind.RELEASE_NOTES, DocumentKind.INTERNAL})
MAX_CITED, MAX_NAMED = 4, 3
_FITS = {
    Fit.CURRENT: (Outcome.SATISFIED, ""),
    Fit.LINE: (Outcome.PARTIAL, "names only the line {}"),
    Fit.PATCH: (Outcome.PARTIAL, "names an earlier patch, {}"),
    Fit.NEWER: (Outcome.PARTIAL, "is ahead, for {}"),
    Fit.OLDER: (Outcome.MISSING, "names {}"),
    Fit.UNKNOWN: (Outcome.MISSING, "names {}, which cannot be compared"),
}
_SPEAKS = frozenset({Fit.CURRENT, Fit.LINE})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What the seven questions are put to."""

    documents: tuple[Age, ...]
    notes: tuple[Evidence, ...]  # the release's own
    aside: tuple[Evidence, ...]
    release: Release
    previous: Release | None


def update_checks(
    documents: tuple[Age, ...],
    *,
    notes: tuple[Evidence, ...],
    aside: tuple[Evidence, ...],
    release: Release,
    previous: Release | None,
) -> tuple[UpdateCheck, ...]:
    """Answer the seven questions for the newest release; `previous` is the one before it, None for the first."""
    look = _Look(documents=documents, notes=notes, aside=aside, release=release, previous=previous)
    return tuple(check(look) for check in (_applies_to, _date, _history, _delta, _notes, _consistency, _status))


def _applies_to(look: _Look) -> UpdateCheck:
    def of(one: Age) -> tuple[Outcome, str]:
        written = ", ".join(written_for(one.evidence)[:MAX_NAMED])
        outcome, how = _FITS[one.fit]
        return outcome, how.format(written) if written else "names no version"

    return _over(UpdateCheckId.APPLIES_TO, look, of, SaidOf.VERSION, f"name {look.release.version}")


def _date(look: _Look) -> UpdateCheck:
    released, last = look.release.released_on, look.previous.released_on if look.previous else None
    if released is None:
        return UpdateCheck(
            id=UpdateCheckId.DATE,
            outcome=Outcome.UNDETERMINED,
            reason=f"The day on which {look.release.version} was released is not known.",
        )

    def of(one: Age) -> tuple[Outcome, str]:
        dated = one.evidence.facts.dated
        if dated is None:
            return Outcome.UNDETERMINED, "gives no date of its own (that its file was touched proves nothing)"
        said = f"is of {day(dated)}"
        if dated - released > IN_TIME:
            return Outcome.PARTIAL, f"{said}, long after the release"
        if released - dated <= IN_TIME or reviewed_for(one.evidence, look.release):
            return Outcome.SATISFIED, ""
        untouched = last is not None and dated <= last
        return (Outcome.MISSING, f"{said}, before the last release") if untouched else (Outcome.PARTIAL, said)

    return _over(UpdateCheckId.DATE, look, of, SaidOf.DATE, f"are of the time of the release, {day(released)}")


def _history(look: _Look) -> UpdateCheck:
    def of(one: Age) -> tuple[Outcome, str]:
        if reviewed_for(one.evidence, look.release):
            return Outcome.SATISFIED, ""
        if one.evidence.facts.history_rows or one.evidence.facts.revision_history:
            return Outcome.PARTIAL, "has a history without a line for it"
        first = look.previous is None
        return (Outcome.NOT_APPLICABLE if first else Outcome.MISSING), "has no revision history"

    done = f"have a line for {look.release.version} in their history"
    return _over(UpdateCheckId.HISTORY, look, of, SaidOf.HISTORY, done)


def _delta(look: _Look) -> UpdateCheck:
    outcome, reason = delta(
        [one.evidence for one in look.documents], look.notes, release=look.release, previous=look.previous
    )
    cited = _said(look.notes, SaidOf.SECURITY) if outcome is not Outcome.NOT_APPLICABLE else ()
    return UpdateCheck(id=UpdateCheckId.DELTA, outcome=outcome, reason=reason, citations=cited)


def _notes(look: _Look) -> UpdateCheck:
    version = look.release.version
    if not look.notes:
        return UpdateCheck(
            id=UpdateCheckId.NOTES, outcome=Outcome.MISSING, reason=f"No release notes of {version} were found."
        )
    for told, outcome, how in (
        (Told.PLAINLY, Outcome.SATISFIED, "tells what is new for security"),
        (Told.VAGUELY, Outcome.PARTIAL, "speaks of security, but gives nothing to act on"),
        (Told.NOT, Outcome.MISSING, "says nothing of security: no patch, weakness, setting or change"),
    ):
        found = [one for one in look.notes if one.facts.security is told]
        if found:
            reason = f"{found[0].file.name} {how}."
            return UpdateCheck(
                id=UpdateCheckId.NOTES, outcome=outcome, reason=reason, citations=_said(found, SaidOf.SECURITY)
            )
    raise AssertionError("release notes speak of security in one of three ways")


def _consistency(look: _Look) -> UpdateCheck:
    lagging, agreeing = [], 0
    for one in (*(each.evidence for each in look.documents), *look.notes):
        for place, version in _places(one):
            if fit([version], look.release.version) in _SPEAKS:
                agreeing += 1
            else:
                lagging.append(f"the {place} of {one.file.name} says {version}")
    if not lagging and not agreeing:
        outcome, reason = Outcome.UNDETERMINED, "No document names a version, so there is nothing to compare."
    elif not lagging:
        outcome, reason = Outcome.SATISFIED, f"All that names a version names {look.release.version}."
    else:
        outcome = Outcome.PARTIAL if len(lagging) == 1 and agreeing else Outcome.MISSING
        reason = f"{look.release.version} is the release, but {_listed(lagging)}."
    cited = _said([each.evidence for each in look.documents], SaidOf.VERSION)
    return UpdateCheck(id=UpdateCheckId.CONSISTENCY, outcome=outcome, reason=reason, citations=cited)


def _places(one: Evidence) -> Iterable[tuple[str, str]]:
    yield from ((named.at.value, named.version) for named in one.facts.named)
    name = one.file.name.rsplit(".", 1)[0].replace("_", " ")
    own = one.facts.document_version
    yield from (("file name", named.text) for named in written_in(name) if not (own and same(named.text, own)))


def _status(look: _Look) -> UpdateCheck:
    def of(one: Age) -> tuple[Outcome, str]:
        draft = one.evidence.facts.status is DocumentStatus.DRAFT
        return (Outcome.PARTIAL, "is a draft") if draft else (Outcome.SATISFIED, "")

    retired = [one for one in look.aside if fit(written_for(one), look.release.version) is Fit.CURRENT]
    if retired and all(one.behind for one in look.documents):
        names = _listed([one.file.name for one in retired])
        reason = f"Only what is superseded, archived or of another product names {look.release.version}: {names}."
        cited = _said(retired, SaidOf.STATUS)
        return UpdateCheck(id=UpdateCheckId.STATUS, outcome=Outcome.MISSING, reason=reason, citations=cited)
    found = _over(UpdateCheckId.STATUS, look, of, SaidOf.STATUS, "are final")
    if look.documents and all(one.evidence.facts.status is DocumentStatus.DRAFT for one in look.documents):
        return UpdateCheck(id=found.id, outcome=Outcome.MISSING, reason=found.reason, citations=found.citations)
    return found


def _over(
    check: UpdateCheckId, look: _Look, of: Callable[[Age], tuple[Outcome, str]], said: SaidOf, done: str
) -> UpdateCheck:
    """Answer for each document, and add the answers up: all of them, some, or none."""
    if not look.documents:
        reason = "No document was found that could be kept up to date."
        return UpdateCheck(id=check, outcome=Outcome.MISSING, reason=reason)
    answers = [(one.evidence, *of(one)) for one in look.documents]
    outcomes = {outcome for _, outcome, _ in answers}
    outcome = outcomes.pop() if len(outcomes) == 1 else Outcome.PARTIAL
    well = [one for one, each, _ in answers if each is Outcome.SATISFIED]
    amiss = [f"{one.file.name} {how}" for one, each, how in answers if each is not Outcome.SATISFIED]
    reason = f"Documents that {done}: {len(well)} of {len(answers)}." + (f" {_listed(amiss)}." if amiss else "")
    cited = _said(well or [one for one, _, _ in answers], said, version=look.release.version)
    return UpdateCheck(id=check, outcome=outcome, reason=reason, citations=cited)


def _said(documents: Iterable[Evidence], of: SaidOf, *, version: str = "") -> tuple[SetCitation, ...]:
    """Cite each document once: where it names the version, else in its latest words."""
    cited = []
    for one in documents:
        found = [said for said in one.facts.said if said.of is of]
        found.sort(key=lambda said: any(same(one, version) for one in versions_in(said.quote)))
        if found:
            cited.append(SetCitation(file=one.file, quote=found[-1].quote, locator=found[-1].locator, facet=of.value))
    return tuple(cited[:MAX_CITED])


def _listed(words: Sequence[str]) -> str:
    more = f"; and {len(words) - MAX_NAMED} more" if len(words) > MAX_NAMED else ""
    return "; ".join(words[:MAX_NAMED]) + more
