"""What left the picture: by what the source says, or by a whole look that did not list it and can be believed."""

from dataclasses import replace

from connector import Completeness, Coverage, Page, RemovedBecause
from scanner.store.store import Unit

NOT_SEEN = "no longer listed"
SUSPECT_FILES = 20  # fewer may well be gone at once
SUSPECT_SHARE = 0.2  # of all files in the picture


def forget(unit: Unit, connection: str, page: Page) -> int:
    """Mark what the page says is gone, each with its reason; return how many files that were."""
    by_reason: dict[RemovedBecause, list[str]] = {}
    for removed in page.removed:
        by_reason.setdefault(removed.because, []).append(removed.id)
    unit.folders.lost(connection, [*(removed.id for removed in page.removed), *page.drives_lost])
    count = sum(unit.files.lost(connection, ids, because=because.value) for because, ids in by_reason.items())
    for drive in page.drives_lost:
        count += unit.files.lost_drive(connection, drive, because=RemovedBecause.DRIVE_LOST.value)
    return count


def suspect(unseen: int, *, of: int) -> bool:
    """Tell whether so many files that are missing from a listing speak against the listing rather than the files.

    Listings were seen to come back with a part of the files and no word of it; a second one has to say the same.
    """
    return unseen >= SUSPECT_FILES and unseen > of * SUSPECT_SHARE


def doubtful(coverage: Coverage, unseen: int, *, of: int) -> Coverage:
    """Return the coverage of a walk that is not believed."""
    because = (
        f"{unseen} of {of} known files were not listed any more, and nothing says why: too many to believe at once, "
        "so none is taken as gone until the next look says the same"
    )
    return replace(coverage, completeness=Completeness.INCOMPLETE, because=because)
