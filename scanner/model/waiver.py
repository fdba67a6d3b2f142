"""A waiver: a person's decision on one constraint of a product, with its reason, who answers for it, and its end."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

REMIND_DAYS = (30, 7, 1)  # so many days before its last day a waiver is told to end
LONGEST_DAYS = 731  # two years: what was decided longer ago has to be thought about again


class WaiverKind(StrEnum):
    """What was decided."""

    WAIVED = "waived"  # the gap is known and borne for a while
    NOT_APPLICABLE = "not applicable"  # the product is not of the kind that the constraint speaks of


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A decision that holds through its last day, unless it is ended before; it never makes anything satisfied."""

    id: int  # 0 before it is kept
    product: str  # the product's id
    clause: str  # the pack's id
    constraint: str
    kind: WaiverKind
    reason: str
    approver: str  # who answers for it: a name or an address
    decided_at: datetime
    until: date  # the last day on which it holds
    ended_at: datetime | None = None  # when a person ended it before that
    by: str = ""  # who entered it, "" where nobody is known

    def __post_init__(self) -> None:
        """Refuse a decision without a reason or a name."""
        if not self.reason.strip() or not self.approver.strip():
            raise ValueError("a waiver needs a reason and an approver")

    def holds(self, today: date) -> bool:
        """Tell whether it is in force on a day."""
        return self.ended_at is None and today <= self.until

    def days_left(self, today: date) -> int:
        """Return how many days it holds after a day; 0 on its last."""
        return (self.until - today).days
