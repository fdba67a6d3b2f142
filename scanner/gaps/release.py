"""Which releases documents tell of, which is the newest, and whether a document speaks of it; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scanner.model.connection import NAMELESS, Called
from scanner.model.document import DocumentKind, DocumentStatus, NamedAt
from scanner.model.gap import Evidence
from scanner.model.release import Release, ReleaseOrigin, ReleaseState
from scanner.versions.ranges import fit, names_it
from scanner.versions.span import Fit
from scanner.versions.version import order, same

IN_TIME = timedelta(days=90)  # a document is written for a release within a quarter of a year around it
_BEHIND = frozenset({Fit.PATCH, Fit.OLDER, Fit.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """How one document that is to be kept up to date stands to the newest release."""

    evidence: Evidence
    fit: Fit

    @property
    def behind(self) -> bool:
        """Tell whether it speaks of an older release, or of none."""
        return self.fit in _BEHIND


def newest(releases: Sequence[Release]) -> Release | None:
    """Return the confirmed release of the highest version; among unreadable versions, the one that came last."""
    ranked = _ranked(releases)
    return ranked[-1] if ranked else None


def previous(releases: Sequence[Release]) -> Release | None:
    """Return the confirmed release before the newest, None where that is the first."""
    ranked = _ranked(releases)
    return next((one for one in reversed(ranked[:-1]) if not same(one.version, ranked[-1].version)), None)


def waiting(releases: Sequence[Release]) -> tuple[Release, ...]:
    """Return the newest release of each source that waits for a person's word."""
    found: dict[tuple[ReleaseOrigin, str], Release] = {}
    for release in sorted(releases, key=lambda one: order(one.version)):
        if release.state is ReleaseState.WAITING:
            found[release.origin, release.via] = release
    return tuple(found.values())


def detected(evidence: Iterable[Evidence], today: date, *, called: Called = NAMELESS) -> tuple[Release, ...]:
    """Return the releases that release notes and release records name, each once, the oldest version first.

    Those of another product than the one that is called so are left out.

    Release notes that carry several versions count for the highest: the others are their history. Those that are a
    draft tell of nothing yet, and what a record plans for a later day is no release before that day.
    """
    found: dict[tuple[object, ...], Release] = {}
    for one in evidence:
        notes = one.facts.kind is DocumentKind.RELEASE_NOTES
        if notes and one.facts.status is DocumentStatus.DRAFT:
            continue
        told = [
            listed
            for listed in one.facts.releases
            if (listed.dated is None or listed.dated <= today)
            and not called.is_another(listed.product or one.facts.product)
        ]
        for listed in [max(told, key=lambda each: order(each.version))] if notes and told else told:
            origin = ReleaseOrigin.NOTES if notes else ReleaseOrigin.RECORD
            release = Release(
                product=listed.product or one.facts.product,
                version=listed.version,
                released_on=listed.dated,
                source=f"{origin.value}: {one.file.name}",
                origin=origin,
            )
            found.setdefault((origin, *order(listed.version)), release)
    return tuple(sorted(found.values(), key=lambda release: order(release.version)))


def written_for(one: Evidence) -> tuple[str, ...]:
    """Return the product versions that a document is for: as it says, else as its title, margins or properties name."""
    beside = {NamedAt.TITLE, NamedAt.MARGIN, NamedAt.PROPERTY}
    return one.facts.product_versions or tuple(named.version for named in one.facts.named if named.at in beside)


def fit_of(one: Evidence, release: Release) -> Fit:
    """Tell how a document fits a release.

    A range ("4.2 and later") that was written long before the release promises, it does not prove an update.
    """
    written = written_for(one)
    found = fit(written, release.version)
    if found is not Fit.CURRENT or names_it(written, release.version) or reviewed_for(one, release):
        return found
    dated, released = one.facts.dated, release.released_on
    return found if dated is None or released is None or dated >= released - IN_TIME else Fit.OLDER


def reviewed_for(one: Evidence, release: Release) -> bool:
    """Tell whether the document's history has a line for the release."""
    return any(same(version, release.version) for version in one.facts.revision_history)


def is_notes_of(one: Evidence, release: Release) -> bool:
    """Tell whether a document is the release notes of the release."""
    if one.facts.kind is not DocumentKind.RELEASE_NOTES:
        return False
    listed = any(same(listed.version, release.version) for listed in one.facts.releases)
    return listed or fit(one.facts.product_versions, release.version) is Fit.CURRENT


def _ranked(releases: Sequence[Release]) -> list[Release]:
    known = [release for release in releases if release.state is ReleaseState.CONFIRMED]
    return sorted(known, key=lambda release: order(release.version))
