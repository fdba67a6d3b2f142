"""What a document is, decided first and from its own text; the kind caps what it can give."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.checks import vocabulary as words
from scanner.checks.statements import Statement
from scanner.checks.substance import substance_of
from scanner.model.document import Document, DocumentKind, PassageKind

_OPENING_CHARS = 1_200
_STUB_WORDS = 150
_UNFILLED = 2.5  # a template has three places to fill in, or more
_GENERIC_SHARE = 0.15
_FEW = 3
_ENOUGH = 12  # shares of fewer statements say nothing


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
    answers: int
    substantial: int  # statements that say something, counted in short documents only


def kind_of(document: Document, statements: Sequence[Statement], title: str) -> DocumentKind:
    """Return the first kind whose marks the document bears."""
    found = features_of(document, statements, title)
    return next((kind for kind, bears in _MARKS if bears(found)), DocumentKind.OTHER)


_TEMPLATE_TITLE = re.compile(
    r"\b(?:template|vorlage|boilerplate|sample form|checklist|checkliste|builder|worksheet)\b|\{\{", re.IGNORECASE
)
_TEMPLATE_SAYS = re.compile(
    r"\b(?:this template|use this template|template for|fill (?:in|out)|replace the (?:text|placeholders)"
    r"|delete this (?:line|section|text)|copy this (?:file|template)|instructions? in italics|guidance text"
    r"|when using this template)\b",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    r"^\W{0,4}(?:\d+\.\s)?(?:describe|list|provide|specify|enter|identify|state|explain|insert|define|include"
    r"|document|summari[sz]e|e\.g\.|example|beispiel|beschreibe\w*)\b|\?\W{0,3}$",
    re.IGNORECASE,
)
_DISCLOSURE_TITLE = re.compile(
    r"\b(?:report\w* (?:a |security )?(?:vulnerabilit\w+|security issues?)|(?:responsible|coordinated"
    r"|vulnerability) disclosure|security policy|psirt|bug bounty|security\.txt)\b",
    re.IGNORECASE,
)
_DISCLOSURE = re.compile(
    r"\b(?:report(?:ing|ed|s)?|disclos\w+|researchers?|proof[- ]of[- ]concept|acknowledg\w+|msrc|bounty|triage"
    r"|good faith|advisory|reproduc\w+|embargo|pgp|business days|public issues?|private(?:ly)?)\b",
    re.IGNORECASE,
)
_REGULATION_TITLE = re.compile(
    r"\b(?:regulation|directive|guidance for|what .{2,30} asks|requirements of|act\b|verordnung|richtlinie"
    r"|verification standard|standard\b.{0,20}requirements)",
    re.IGNORECASE,
)
_ARTICLE_TITLE = re.compile(
    r"\b(?:awesome|how we|we (?:tried|tested|compared)|lessons|blog|top \d+|introducing|why |roadmap)\b|\(m/[fw]/[dx]\)",
    re.IGNORECASE,
)
_INTERNAL_TITLE = re.compile(
    r"\b(?:plan\b(?!t)|sop|standard operating|procedure\b|threat model\w*|risk management (?:file|plan|policy)"
    r"|14971|(?:security|internal|code|compliance) audit|audit (?:report|findings)|design spec\w*|\bSDS\b"
    r"|\bSRS\b|software design"
    r"|requirements spec\w*|architecture decision|minutes"
    r"|kick-?off|meeting|"
    r"control justification|governance|information security (?:management|policy)|self[- ]assessment|protokoll"
    r"|verfahrensanweisung|arbeitsanweisung|pflichtenheft|lastenheft|dpia|impact assessment|risk register"
    r"|test (?:report|protocol)|verification report|working instruction|\(internal\)|\(intern\)|tender|bid(?:der)?)(?!\w)",
    re.IGNORECASE,
)
_CONTRIBUTING = re.compile(r"^\W*(?:contribut(?:ing|or|ors)\b|code of conduct)", re.IGNORECASE)
# What a policy of an organisation says of itself; a product's guide does not.
_POLICY = re.compile(
    r"\b(?:workforce members?|disciplinary action|violations? of this policy|policy (?:owner|statement)"
    r"|exceptions to this policy|this policy applies)\b",
    re.IGNORECASE,
)
# Addressed to any organisation: an article, where no product is named.
_GENERIC = re.compile(
    r"\b(?:(?:your|the|an|every|each) (?:organi[sz]ation|practice|company|business|enterprise)\b"
    r"|(?:organi[sz]ations|hospitals|practices|providers|companies|businesses|facilities|imaging centers|clinics)"
    r" (?:should|must|can|need|that|which|have))",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w-]+")
# Capitalised within sentences, and yet no product's name.
_NO_NAME = frozenset(
    """
    PACS DICOM PHI EPHI PII TLS SSL HTTPS HTTP MFA SIEM HIPAA GDPR NIST ISO IEC FDA API APIs REST JSON XML SQL URL IP VPN
    VPNs LAN VLAN VLANs DNS NTP USB PDF CSV ID IDs UI SSH SFTP LDAP SAML JWT RBAC AES RSA SHA EHR EHRs EMR HL7 FHIR IT
    OS AWS Azure Linux Windows Internet English German EU US CVE CISO PKI AD SSO IDS IPS EDR DMZ NAT PIN SMS SBOM
    Security Privacy Rule Data Protection Health Act
    """.split()
)
_INTERNAL_SAYS = re.compile(
    r"\b(?:governance framework|for internal use|internal use only|internal\b.{0,20}\bonly|company confidential"
    r"|process owner"
    r"|prepared by|document owner|this (?:procedure|sop|plan|policy) (?:describes|defines|applies|lays)"
    r"|design traceability|software design specification|audience:.{0,40}(?:developers|maintainers)"
    r"|nur für den internen|design history file|members? of the development team|not delivered to (?:anybody|customers)"
    r"|technical and organi[sz]ational measures|technische und organisatorische maßnahmen"
    r"|risk management file)\b",
    re.IGNORECASE,
)
_CERTIFIED = re.compile(
    r"\b(?:compliant|certified|certification|cleared|accredited|clearance|certificate (?:number|date)|compliance)\b",
    re.IGNORECASE,
)
_RELEASE_TITLE = re.compile(
    r"\b(?:release notes?|change ?log|what[’']?s new|freigabemitteilung|versionshinweise|änderungsprotokoll"
    r"|changes in version)\b",
    re.IGNORECASE,
)
_RISK_TITLE = re.compile(
    r"\b(?:residual|restrisik\w*|security risks?|risk (?:disclosure|statement|report|analysis)"
    r"|known (?:vulnerabilit\w+|limitations))\b",
    re.IGNORECASE,
)
_CONFORMANCE_TITLE = re.compile(
    r"\b(?:conform(?:ance|ity)|declaration of|konformität\w*|compliance statement)\b", re.IGNORECASE
)
_FORM_TITLE = re.compile(r"\bmds\W?2\b|\bdisclosure statement\b|\bquestionnaire\b|\bfragebogen\b", re.IGNORECASE)
_INDEX_TITLE = re.compile(
    r"\b(?:documentation index|document(?:ation)? (?:list|map|overview)|index of|dokumentenliste|inhaltsverzeichnis)\b",
    re.IGNORECASE,
)
_GUIDE_TITLE = re.compile(
    r"\b(?:guide|guidance|guidelines?|manual|handbook|white ?paper|instructions|hardening|securing|security"
    r"|installation|installing|install|setup|set up|configuration|configuring|administration|admin|deployment"
    r"|backup|upgrade|users?|access|account\w*|operator|operations?|"
    r"how to|network|certificate\w*|encryption|privacy|quick card|handbuch|leitfaden|anleitung"
    r"|gebrauchsanweisung|sicherheits\w*|betrieb|decommissioning|maintenance|faq)\b",
    re.IGNORECASE,
)
_OPERATOR_SAYS = re.compile(
    r"\b(?:administrators?|operators?|hospital|system owners?|users? of|anwender|betreiber|hosting)\b", re.IGNORECASE
)


def features_of(document: Document, statements: Sequence[Statement], title: str) -> Features:
    """Count what kinds are known by."""
    total = max(len(statements), 1)
    texts = [one.text for one in statements]

    def share(pattern: re.Pattern[str]) -> float:
        return sum(bool(pattern.search(text)) for text in texts) / total

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
        placeholders=share(words.PLACEHOLDER),
        prompts=share(_PROMPT),
        links=sum(_mostly_link(text) for text in texts) / total,
        law=share(words.LAW),
        internal=share(words.INTERNAL),
        marketing=share(words.MARKETING),
        certified=share(_CERTIFIED),
        actions=share(words.ADVICE),
        disclosure=share(_DISCLOSURE),
        verify=share(re.compile(r"(?:^|\| )Verify (?:that|all|the)\b")),
        fragments=short / total,
        shalls=share(re.compile(r"\b(?:shall|MUST)\b")),
        generic=share(_GENERIC),
        named=_most_named(statements),
        policy=sum(bool(_POLICY.search(text)) for text in texts),
        code=sum(one.passage.kind is PassageKind.CODE for one in statements) / total,
        answers=sum(_is_answer(one) for one in statements),
        substantial=sum(map(_is_substantial, statements)) if total < _STUB_WORDS else total,
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


def _is_stub(found: Features) -> bool:
    """Short is no fault: a stub says next to nothing for the headings that it has."""
    if found.words >= _STUB_WORDS:
        return False
    outlined = found.headings_count >= 4 and found.words < 12 * found.headings_count
    return found.substantial == 0 or (outlined and found.substantial <= 2)


def _is_template(found: Features) -> bool:
    if _TEMPLATE_TITLE.search(found.title) and (
        found.placeholders > 0.01 or found.prompts > 0.08 or found.fragments > 0.4
    ):
        return True
    unfilled = found.placeholders + found.prompts
    if unfilled * found.statements < _UNFILLED:
        return False
    says = bool(_TEMPLATE_SAYS.search(found.opening))
    return found.placeholders >= 0.12 or unfilled >= 0.25 or (says and unfilled > 0.05)


def _is_form(found: Features) -> bool:
    return found.answers >= 5 or (bool(_FORM_TITLE.search(found.title)) and found.answers >= 1)


def _is_disclosure(found: Features) -> bool:
    titled = bool(_DISCLOSURE_TITLE.search(found.title) or _DISCLOSURE_TITLE.search(found.headings[:400]))
    return (titled and found.disclosure > 0.25) or found.disclosure > 0.5


def _is_marketing(found: Features) -> bool:
    praised = found.marketing > 0.06 and found.actions < 0.2
    return praised or (found.certified > 0.15 and found.actions < 0.03 and found.statements >= _ENOUGH)


def _is_regulation(found: Features) -> bool:
    return (
        found.verify > 0.4
        or (found.law > 0.22 and found.statements >= _FEW)
        or bool(_REGULATION_TITLE.search(found.title) and found.law > 0.03)
    )


def _is_article(found: Features) -> bool:
    """A list of links, or advice to anybody that names no product of its own."""
    if found.links > 0.5 or _ARTICLE_TITLE.search(found.title):
        return True
    return found.generic > _GENERIC_SHARE and found.named < _FEW and not found.code and found.statements >= _FEW + 5


def _is_internal(found: Features) -> bool:
    if _CONTRIBUTING.search(found.title) or found.policy >= 2:
        return True
    return bool(_INTERNAL_TITLE.search(found.title) or _INTERNAL_SAYS.search(found.opening)) or (
        found.internal > 0.15 and found.statements >= _ENOUGH
    )


def _is_guide(found: Features) -> bool:
    named = _GUIDE_TITLE.search(found.title) or _OPERATOR_SAYS.search(found.opening)
    return bool(named) or found.actions > 0.15


_MARKS = (
    (DocumentKind.FORM, _is_form),
    (DocumentKind.DISCLOSURE, _is_disclosure),
    (DocumentKind.TEMPLATE, _is_template),
    (DocumentKind.INDEX, lambda found: bool(_INDEX_TITLE.search(found.title)) and found.words < 1500),
    (DocumentKind.ARTICLE, _is_article),
    (DocumentKind.REGULATION, _is_regulation),
    (DocumentKind.RELEASE_NOTES, lambda found: bool(_RELEASE_TITLE.search(found.title))),
    (DocumentKind.MARKETING, _is_marketing),
    (DocumentKind.INTERNAL, _is_internal),
    (DocumentKind.STUB, _is_stub),
    (DocumentKind.CONFORMANCE, lambda found: bool(_CONFORMANCE_TITLE.search(found.title))),
    (DocumentKind.RISK_REPORT, lambda found: bool(_RISK_TITLE.search(found.title))),
    (DocumentKind.OPERATOR_GUIDE, _is_guide),
)
