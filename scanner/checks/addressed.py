"""Whom a section speaks to: what is asked of those who report a weakness is nothing for those who run the product."""

from collections import defaultdict
from collections.abc import Sequence

from scanner.checks.folding import Folded
from scanner.checks.statements import Statement
from scanner.model.document import DocumentFacts, DocumentKind

_ASKED_SHARE = 0.25  # of a section without a telling title, on a page for reporting
_TITLE = Folded(
    r"\b(?:report\w* (?:an? |any |the )?(?:\w+ )?(?:security|vulnerabilit\w+|issues?|bugs?|flaws?)"
    r"|how to report|what to (?:include|report|expect|send)|(?:responsible|coordinated|vulnerability|public) disclosure"
    r"|disclosure (?:process|policy|timeline|guidelines?)|bug bounty|safe harbou?r|preferred languages"
    r"|(?:response|acknowledg\w+) (?:timeline|times?|process|targets?)|our response|hall of fame|researchers?"
    r"|schwachstellen? melden|meldung von (?:schwachstellen|sicherheitslücken)|sicherheitslücken? melden)\b"
)
_ASKED = Folded(
    r"\b(?:report(?:ing|ed|s)?\b.{0,40}\b(?:vulnerabilit\w+|security (?:issues?|concerns?|bugs?|flaws?|problems?))"
    r"|(?:found|find|discover\w*|identif\w+|believe)\b.{0,30}\b(?:vulnerabilit\w+|security (?:issue|bug|flaw|problem))"
    r"|(?:vulnerabilit\w+|security (?:issues?|bugs?)) report\w*"
    r"|public(?:ly)? (?:github |gitlab )?(?:issues?|disclos\w+)"
    r"|(?:responsibl\w+|coordinated|private(?:ly)?) (?:disclos\w+|report\w*)|proof[- ]of[- ]concept|bug bounty"
    r"|good faith|(?:security|private) advisor(?:y|ies)|embargo|reproduc\w+"
    r"|(?:acknowledg\w+|respond|triage)\b.{0,40}\b(?:hours|days|receipt|reports?)|credit (?:the|you|re\w+)"
    r"|schwachstellen? (?:an|melden)|(?:lücke|schwachstelle) gefunden)\b"
)


def for_users(statements: Sequence[Statement], facts: DocumentFacts) -> tuple[Statement, ...]:
    """Return the statements without those of sections that ask for reports of weaknesses.

    A page that does nothing else keeps none; one that also tells its users what is not protected keeps that.
    """
    if _TITLE.search(facts.title):
        return ()
    places: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
    for one in statements:
        places[one.headings].append(one)
    whole = facts.kind is DocumentKind.DISCLOSURE
    asking = {place for place, told in places.items() if _is_titled(place) or (whole and _mostly_asks(told))}
    return tuple(one for one in statements if one.headings not in asking)


def _is_titled(place: tuple[str, ...]) -> bool:
    return any(map(_TITLE.search, place[1:]))


def _mostly_asks(told: Sequence[Statement]) -> bool:
    return sum(bool(_ASKED.search(one.text)) for one in told) >= _ASKED_SHARE * len(told)
