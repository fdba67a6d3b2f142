"""What is kept for a time only: the trail of who did what, and who was signed in."""

from datetime import datetime, timedelta

from scanner.store.store import Store

SIGNED_IN = timedelta(days=1)  # longer than any session holds


def forget_old(store: Store, *, now: datetime, trail: timedelta) -> None:
    """Forget what was done before so long, and sign-ins that are over; it only reads where there is nothing."""
    done, begun = now - trail, now - SIGNED_IN
    with store.reading() as unit:
        due = unit.deeds.older(done) or unit.sign_ins.older(begun)
    if due:
        with store.transaction() as unit:
            unit.deeds.prune(before=done)
            unit.sign_ins.prune(before=begun)
