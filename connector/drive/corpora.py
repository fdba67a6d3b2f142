"""Which part of what a person sees a call is about: her own corpus, a shared drive, or all of it."""

from collections.abc import Mapping

# Every call sees shared drives: without these, their items vanish from lists or answer 404.
ALL_DRIVES: Mapping[str, bool] = {"supportsAllDrives": True}
ALL_ITEMS: Mapping[str, bool] = {"supportsAllDrives": True, "includeItemsFromAllDrives": True}
ANYWHERE = "*"  # in the place of a drive: all that the person sees


def corpus_of(drive: str) -> Mapping[str, str]:
    """Return what a listing says of where it looks."""
    if drive == ANYWHERE:
        return {"corpora": "allDrives"}
    return {"corpora": "drive", "driveId": drive} if drive else {"corpora": "user"}


def feed_of(drive: str) -> Mapping[str, str]:
    """Return what a call about changes says of whose they are."""
    return {"driveId": drive} if drive else {}
