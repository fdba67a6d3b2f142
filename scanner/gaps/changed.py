"""Whether documents took up what a release changed: their short ids against former revisions and the notes; pure."""

from collections.abc import Iterable, Sequence

from scanner.gaps.release import fit_of
from scanner.model.document import Earlier, Told
from scanner.model.gap import Evidence
from scanner.model.release import Release
from scanner.model.verdict import Outcome
from scanner.versions.ranges import fit
from scanner.versions.span import Fit

MAX_NAMED = 5


def delta(
    documents: Sequence[Evidence], notes: Sequence[Evidence], *, release: Release, previous: Release | None
) -> tuple[Outcome, str]:
    """Return how the changes of a release were taken up, and a sentence.

    A weakness that the notes say is fixed need not stand in a guide; a risk, a port or a setting that they name does.
    """
    if previous is None:
        return Outcome.NOT_APPLICABLE, f"{release.version} is the first release that is known: nothing to compare with."
    wanted = {mark for one in notes for mark in one.facts.marks if not mark.startswith("CVE-")}
    held = {mark for one in documents for mark in one.facts.marks}
    lacking = sorted(wanted - held)
    if lacking:
        outcome = Outcome.MISSING if len(lacking) == len(wanted) else Outcome.PARTIAL
        return outcome, f"The release notes name {_listed(lacking)}, which no other document does."
    if wanted:
        return Outcome.SATISFIED, f"The documents name all that the release notes do: {_listed(sorted(wanted))}."
    return _since_before(documents, notes, release, previous)


def _since_before(
    documents: Sequence[Evidence], notes: Sequence[Evidence], release: Release, previous: Release
) -> tuple[Outcome, str]:
    changes = [said for one in documents if (said := _change(one, release, previous))]
    if changes:
        return Outcome.SATISFIED, f"Since the release before: {'; '.join(changes[:3])}."
    if not notes:
        return Outcome.UNDETERMINED, f"Whether {release.version} changed anything is not known without release notes."
    if not any(_before(one, release) for one in documents):
        return (
            Outcome.UNDETERMINED,
            "No former revision of the documents was read, so there is nothing to compare with.",
        )
    told = all(one.facts.security is Told.NOT for one in notes)
    nothing = "The documents are unchanged but for versions and dates"
    if told:
        return Outcome.SATISFIED, f"{nothing}, and the release notes tell of nothing to take up."
    return Outcome.PARTIAL, f"{nothing}, although the release notes speak of security."


def _change(one: Evidence, release: Release, previous: Release) -> str:
    """Say how a document differs from its last revision for another release, "" where it does not or none was read."""
    before = _before(one, release)
    if before is None or before.sameness == one.facts.sameness or not _for_this(one, before, release, previous):
        return ""
    added = sorted(set(one.facts.marks) - set(before.marks))
    gone = sorted(set(before.marks) - set(one.facts.marks))
    said = ([f"now names {_listed(added)}"] if added else []) + ([f"no longer {_listed(gone)}"] if gone else [])
    return f"{one.file.name} {', '.join(said) or 'was rewritten in part'}"


def _for_this(one: Evidence, before: Earlier, release: Release, previous: Release) -> bool:
    """Tell whether a document changed for this release: it names it, or it changed after the release before."""
    if fit_of(one, release) in {Fit.CURRENT, Fit.LINE}:
        return True
    day = previous.released_on
    return day is not None and before.until is not None and before.until.date() > day


def _before(one: Evidence, release: Release) -> Earlier | None:
    """Return the last revision that was for another release, else the last one."""
    others = [was for was in one.earlier if fit(was.product_versions, release.version) is not Fit.CURRENT]
    known = others or one.earlier
    return known[-1] if known else None


def _listed(marks: Iterable[str]) -> str:
    known = list(marks)
    more = f" and {len(known) - MAX_NAMED} more" if len(known) > MAX_NAMED else ""
    return ", ".join(known[:MAX_NAMED]) + more
