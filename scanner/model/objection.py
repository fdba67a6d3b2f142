"""An objection: a person's word that a verdict is wrong; the verdict stays, and this stands beside it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from scanner.model.gap import Standing
from scanner.model.verdict import Outcome

MAX_REASON = 300  # characters: her words, and no passage of a document


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was judged by what: the same three give the same verdict."""

    revision: str  # the document's fingerprint; of a standing over all documents, see `revision_of_standing`
    pack_digest: str
    judge: str  # the judge's version

    def changed_since(self, then: "Judged") -> str:
        """Say what has changed since then, "" for nothing."""
        if self.revision != then.revision:
            return "what it is about has changed since"
        if (self.pack_digest, self.judge) != (then.pack_digest, then.judge):
            return "our judging has changed since"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """The outcome that a person thinks right, beside the one that was given."""

    id: int  # 0 before it is kept
    product: str  # the product's id
    clause: str  # the pack's id
    constraint: str
    file: str  # id of the document whose verdict it is about, "" for the standing over all of them
    judged: Judged  # what it was about when it was made
    given: Outcome
    claimed: Outcome
    reason: str
    by: str
    made_at: datetime
    withdrawn_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse one without a reason or a name, or that claims what was given."""
        if not self.reason.strip() or not self.by.strip():
            raise ValueError("an objection needs a reason and a name")
        if self.given is self.claimed:
            raise ValueError(f"the outcome is {self.given.words} already")


@dataclass(frozen=True, slots=True, kw_only=True)
class Objected:
    """An objection as it is listed: beside what is there now."""

    objection: Objection
    name: str  # the document's name, "" for the standing over all
    older: str  # why it is about an older version, "" while it is about what is there


def revision_of_standing(standing: Standing) -> str:
    """Return what changes when a standing rests on something else: its outcome, its reason, or what it cites."""
    cited = (f"{one.file.id}\0{one.quote}" for one in standing.citations)
    return hashlib.sha256("\0".join((standing.outcome, standing.reason, *cited)).encode()).hexdigest()[:32]
