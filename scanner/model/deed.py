"""What people did: the trail that says who did what when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

OPERATOR = "the command line"  # who did what nobody did by a page or the API


class Act(StrEnum):
    """What can be done, as it is told."""

    CONNECTED = "connected the Drive"
    FOLDERS_CHANGED = "chose what is read:"
    SYNC_ASKED = "asked for a look at the Drive"
    RETRIED = "had a failed job tried again"
    INVITED = "invited"
    INVITATION_ENDED = "took an invitation back from"
    ACCEPTED = "accepted the invitation"
    ROLE_CHANGED = "changed the role of"
    REMOVED = "removed"
    WAIVED = "decided on"
    WAIVER_ENDED = "ended the decision on"
    OBJECTED = "called wrong the verdict on"
    OBJECTION_WITHDRAWN = "withdrew the objection to the verdict on"
    RELEASE_TOLD = "told of release"
    RELEASE_CONFIRMED = "confirmed release"
    RELEASE_REFUSED = "refused release"
    ALERT_CHOSEN = "chose when mail goes to"
    ALERT_REMOVED = "ended mail to"
    ALERT_RESUMED = "resumed mail to"
    QUOTES_CHANGED = "changed whether mails show quotes:"
    HOOK_MADE = "made a hook:"
    HOOK_ENDED = "ended a hook:"
    FEED_SET = "set the feed of releases:"
    FEED_REMOVED = "removed the feed of releases:"
    TOKEN_MADE = "made an API token:"  # noqa: S105 -- words, not a token
    TOKEN_ENDED = "ended an API token:"  # noqa: S105 -- words, not a token
    PRODUCT_ADDED = "added the product"
    PRODUCT_CHANGED = "changed the product:"
    PRODUCT_DESCRIBED = "said what the product and its documents are called:"
    PRODUCT_FOLDERS = "chose what belongs to the product:"
    PRODUCT_REMOVED = "removed the product"
    SUGGESTION_TAKEN = "took as a candidate"
    SUGGESTION_IGNORED = "ignored the suggestion"
    SUGGESTION_REOPENED = "thought again about the suggestion"
    DOWNLOADED = "downloaded all data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that somebody did; it names what it was done to, and never a secret or what stands in a document."""

    by: str  # the person's address, or which program
    act: str  # an Act's words; what a newer Crosswalk wrote is shown as it is
    about: str  # to what: an address, a version, a constraint; "" where the act says it all
    at: datetime
    product: str = ""  # the product's id, "" for what was done to the connection
    id: int = 0  # 0 before it is kept
