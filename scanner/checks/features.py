"""What is counted in a document before its kind is decided."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.checks import vocabulary as words
from scanner.checks.folding import Folded
from scanner.checks.statements import Statement
from scanner.checks.substance import substance_of
from scanner.model.document import Document, PassageKind

_OPENING_CHARS = 1_200
_BRIEF_STATEMENTS = 150  # in longer documents, nobody counts what is substantial


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What is counted in a document before its kind is decided."""

    title: str
    opening: str  # title, margins and first paragraphs
    headings: str
    words: int
    statements: int
    headings_count: int
    placeholders: float  # shares of the statements
    prompts: float
    links: float
    law: float
    internal: float
    marketing: float
    certified: float  # "certified", "compliant": a list of merits
    actions: float
    disclosure: float
    verify: float
    fragments: float
    shalls: float
    code: float
    generic: float  # addressed to any organisation, not to users of a product
    named: int  # how often the name that stands oftenest within sentences is named
    policy: int
    reported: float  # what somebody said to a writer
    ours: float  # what "we" do
    yours: float  # what is said to "you"
    answers: int
    substantial: int  # statements that say something, counted in short documents only


_PROMPT = Folded(
    r"^\W{0,4}(?:\d+\.\s)?(?:describe|list|provide|specify|enter|identify|state|explain|insert|define|include"
    r"|document|summari[sz]e|e\.g\.|example|beispiel|beschreibe\w*)\b|\?\W{0,3}$"
)
_DISCLOSURE = Folded(
    r"\b(?:report(?:ing|ed|s)?|disclos\w+|researchers?|proof[- ]of[- ]concept|acknowledg\w+|msrc|bounty|triage"
    r"|good faith|advisory|reproduc\w+|embargo|pgp|business days|public issues?|private(?:ly)?)\b"
)
# What a policy of an organisation says of itself; a product's guide does not.
_POLICY = Folded(
    r"\b(?:workforce members?|disciplinary action|violations? of this policy|policy owners?"
    r"|policy statements?|policy requires that|exceptions to this policy|this policy applies)\b"
)
# Addressed to any organisation: an article, where no product is named.
_GENERIC = Folded(
    r"\b(?:(?:your|the|an|every|each) (?:organi[sz]ation|practice|company|business|enterprise)\b"
    r"|(?:organi[sz]ations|hospitals|practices|providers|companies|businesses|facilities|imaging centers|clinics)"
    r" (?:should|must|can|need|that|which|have))"
)
# Reported speech: a journalist's text, not a maker's.
_REPORTED = re.compile(
    r"[\"”'’]\s?,?\s?(?:says|said|explains|explained|adds|added|notes|noted)\b"
    r"|\b(?:says|said|told|spoke (?:to|with))\s[A-Z]"
)
_OURS = Folded(r"\b(?:we|our)\b")
_YOURS = Folded(r"\b(?:you|your)\b")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w-]+")
# Capitalised within sentences, and yet no product's name.
_CAPITALS = """
    PACS DICOM PHI EPHI PII TLS SSL HTTPS HTTP MFA SIEM HIPAA GDPR NIST ISO IEC FDA API APIs REST JSON XML SQL
    URL IP VPN VPNs LAN VLAN VLANs DNS NTP USB PDF CSV ID IDs UI SSH SFTP LDAP SAML JWT RBAC AES RSA SHA EHR
    EHRs EMR HL7 FHIR IT OS AWS Azure Linux Windows Internet English German EU US CVE CISO PKI AD SSO IDS IPS
    EDR DMZ NAT PIN SMS SBOM Security Privacy Rule Data Protection Health Act
"""
_NO_NAME = frozenset(_CAPITALS.split())
_CERTIFIED = Folded(
    r"\b(?:compliant|certified|certification|cleared|accredited|clearance|certificate (?:number|date)|compliance)\b"
)


def features_of(document: Document, statements: Sequence[Statement], title: str) -> Features:
    """Count what kinds are known by."""
    total = max(len(statements), 1)
    texts = [one.text for one in statements]

    def share(pattern: Folded | re.Pattern[str]) -> float:
        return sum(bool(pattern.search(text)) for text in texts) / total

    signed = Counter(sign for one in statements for sign in one.signs)
    headings = [passage.text for passage in document.passages if passage.kind is PassageKind.HEADING]
    margins = [
        passage.text
        for passage in document.passages[:120]
        if passage.kind in {PassageKind.HEADER_FOOTER, PassageKind.PROPERTY}
    ]
    short = sum(1 for one in statements if len(one.words) <= 4 and one.passage.kind is not PassageKind.CODE)
    return Features(
        title=title,
        opening=" \n".join([title, *margins, *texts[:12]])[:_OPENING_CHARS],
        headings=" \n".join(headings),
        words=sum(len(one.words) for one in statements),
        statements=len(statements),
        headings_count=len(headings),
        placeholders=signed["placeholder"] / total,
        prompts=share(_PROMPT),
        links=sum(_mostly_link(text) for text in texts) / total,
        law=signed["law"] / total,
        internal=signed["internal"] / total,
        marketing=signed["marketing"] / total,
        certified=share(_CERTIFIED),
        actions=signed["advice"] / total,
        disclosure=share(_DISCLOSURE),
        verify=share(re.compile(r"(?:^|\| )Verify (?:that|all|the)\b")),
        fragments=short / total,
        shalls=share(re.compile(r"\b(?:shall|MUST)\b")),
        generic=share(_GENERIC),
        named=_most_named(statements),
        reported=share(_REPORTED),
        ours=share(_OURS),
        yours=share(_YOURS),
        policy=sum(bool(_POLICY.search(text)) for text in (*headings, *texts)),
        code=sum(one.passage.kind is PassageKind.CODE for one in statements) / total,
        answers=sum(_is_answer(one) for one in statements),
        substantial=sum(map(_is_substantial, statements)) if total < _BRIEF_STATEMENTS else total,
    )


def _is_substantial(statement: Statement) -> bool:
    found = substance_of(statement)
    return found.empty is None and (found.action or found.fact) and len(statement.words) >= 5


def _most_named(statements: Sequence[Statement]) -> int:
    names = Counter(
        name
        for one in statements
        if one.passage.kind is not PassageKind.CODE
        for name in _NAME.findall(one.text)
        if name not in _NO_NAME
    )
    return max(names.values(), default=0)


def _mostly_link(text: str) -> bool:
    links = sum(len(match.group()) for match in words.LINK.finditer(text))
    return links > 0.4 * len(text)


def _is_answer(one: Statement) -> bool:
    values = [value.strip().lower() for _, value in one.passage.cells]
    return any(value in {"yes", "no", "n/a", "see note", "ja", "nein"} for value in values) and any(
        value.endswith("?") for value in values
    )
