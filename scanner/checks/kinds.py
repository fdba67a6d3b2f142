"""What a document is, decided first and from its own text; the kind caps what it can give."""

import re
from collections.abc import Sequence

from scanner.checks.features import Features, features_of
from scanner.checks.statements import Statement
from scanner.model.document import Document, DocumentKind

_STUB_WORDS = 150
_UNFILLED = 2.5  # a template has three places to fill in, or more
_GENERIC_SHARE = 0.15
_REPORTED_SHARE = 0.1
_OWN_SHARE = 0.2
_FEW = 3
_POLICY_MARKS = 2  # of what an organisation's policy says of itself
_TITLE_LINES = 5
_ENOUGH = 12  # shares of fewer statements say nothing


def kind_of(document: Document, statements: Sequence[Statement], title: str) -> DocumentKind:
    """Return the first kind whose marks the document bears."""
    found = features_of(document, statements, title)
    return next((kind for kind, bears in _MARKS if bears(found)), DocumentKind.OTHER)


_TEMPLATE_TITLE = re.compile(r"\b(?:template|vorlage|boilerplate|sample form|builder|worksheet)\b|\{\{", re.IGNORECASE)
_TEMPLATE_SAYS = re.compile(
    r"\b(?:this template|use this template|template for|fill (?:in|out)|replace the (?:text|placeholders)"
    r"|delete this (?:line|section|text)|copy this (?:file|template)|instructions? in italics|guidance text"
    r"|when using this template)\b",
    re.IGNORECASE,
)
_DISCLOSURE_TITLE = re.compile(
    r"\b(?:report\w* (?:a |security )?(?:vulnerabilit\w+|security issues?)|(?:responsible|coordinated"
    r"|vulnerability) disclosure|security policy|psirt|bug bounty|security\.txt)\b",
    re.IGNORECASE,
)
_REGULATION_TITLE = re.compile(
    r"\b(?:regulation|directive|guidance for|what .{2,30} asks|requirements of|act\b|verordnung|richtlinie"
    r"|verification standard|standard\b.{0,20}requirements)",
    re.IGNORECASE,
)
_ARTICLE_TITLE = re.compile(
    r"\b(?:awesome|how we|we (?:tried|tested|compared)|lessons|blog|top \d+|introducing|why "
    r"|roadmap)\b|\(m/[fw]/[dx]\)",
    re.IGNORECASE,
)
_INTERNAL_TITLE = re.compile(
    r"\b(?:plan\b(?!t)|sop|standard operating|procedure\b|threat model\w*|risk management (?:file|plan|policy)"
    r"|14971|gap (?:analysis|assessment)|remediation (?:plan|roadmap)"
    r"|(?:security|internal|code|compliance) audit|audit (?:report|findings)|design spec\w*|\bSDS\b"
    r"|\bSRS\b|software design"
    r"|requirements spec\w*|architecture decision|minutes"
    r"|kick-?off|meeting|"
    r"control justification|governance|information security (?:management|policy)|self[- ]assessment|protokoll"
    r"|verfahrensanweisung|arbeitsanweisung|pflichtenheft|lastenheft|dpia|impact assessment|risk register"
    r"|test (?:report|protocol)|verification report|working instruction"
    r"|tender|bid(?:der)?)\b|\(intern(?:al)?\b[^)]{0,30}\)",
    re.IGNORECASE,
)
_POLICY_TITLE = re.compile(r"\b(?:polic(?:y|ies)|richtlinie\w*)\b", re.IGNORECASE)
_CONTRIBUTING = re.compile(r"^\W*(?:contribut(?:ing|or|ors)\b|code of conduct)", re.IGNORECASE)
_INTERNAL_SAYS = re.compile(
    r"\b(?:governance framework|for internal use|internal use only|internal\b.{0,20}\bonly|company confidential"
    r"|process owner"
    r"|prepared by|document owner|this (?:procedure|sop|plan|policy) (?:describes|defines|applies|lays)"
    r"|design traceability|software design specification|audience:.{0,40}(?:developers|maintainers)"
    r"|nur für den internen|design history file|members? of the development team|not delivered to (?:anybody|customers)"
    r"|technical and organi[sz]ational measures|technische und organisatorische maßnahmen"
    r"|risk management file|remediation required|outlines the gaps)\b",
    re.IGNORECASE,
)
_INSIDE_TITLE = re.compile(r"\b(?:intern(?:al|e[rsnm]?)?|interno|interna)\b|社内", re.IGNORECASE)
_INSIDE_SAYS = re.compile(
    r"\b(?:for internal use|internal use only|internal\b.{0,20}\bonly|company confidential|nur für den internen"
    r"|nur (?:zum|für) internen? gebrauch|(?:somente|apenas) para uso interno|sólo para uso interno"
    r"|not (?:delivered|released|to be given|for distribution) to (?:anybody|customers))\b|社内(?:限|専用|のみ)",
    re.IGNORECASE,
)
_RELEASE_TITLE = re.compile(
    r"\b(?:release notes?|change ?log|what[’']?s new|freigabemitteilung|versionshinweise|änderungsprotokoll"
    r"|changes in version|notas de vers\w+|notes de version|note di rilascio)\b",
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
        or found.policy >= _POLICY_MARKS
        or (found.law > 0.22 and found.statements >= _FEW)
        or bool(_REGULATION_TITLE.search(found.title) and found.law > 0.03)
    )


def _is_article(found: Features) -> bool:
    """A list of links, or advice to anybody that names no product of its own."""
    if found.links > 0.5 or _ARTICLE_TITLE.search(found.title) or found.reported > _REPORTED_SHARE:
        return True
    return found.generic > _GENERIC_SHARE and found.named < _FEW and not found.code and found.statements >= _FEW + 5


def _is_internal(found: Features) -> bool:
    if _CONTRIBUTING.search(found.title):
        return True
    if _POLICY_TITLE.search(found.title) and not found.yours and (found.ours > _OWN_SHARE or not found.code):
        return True  # an organisation that says what it does itself, to nobody, and sets nothing
    return bool(_INTERNAL_TITLE.search(found.title) or _INTERNAL_SAYS.search(found.opening)) or (
        found.internal > 0.15 and found.statements >= _ENOUGH
    )


def _is_notes(found: Features) -> bool:
    """By its title, or by a line of its own on the first page: "PulseView", "Release notes", "Version 4.3.0"."""
    front = found.opening.split("\n")[:_TITLE_LINES]
    return bool(_RELEASE_TITLE.search(found.title)) or any(_RELEASE_TITLE.fullmatch(line.strip()) for line in front)


def _is_kept_inside(found: Features) -> bool:
    """Tell whether release notes say that they are not for customers; who prepared them says nothing of that."""
    titled = _INSIDE_TITLE.search(found.title) or _INTERNAL_TITLE.search(found.title)
    return bool(titled or _INSIDE_SAYS.search(found.opening))


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
    (DocumentKind.INTERNAL, lambda found: _is_notes(found) and _is_kept_inside(found)),
    (DocumentKind.RELEASE_NOTES, _is_notes),
    (DocumentKind.MARKETING, _is_marketing),
    (DocumentKind.INTERNAL, _is_internal),
    (DocumentKind.STUB, _is_stub),
    (DocumentKind.CONFORMANCE, lambda found: bool(_CONFORMANCE_TITLE.search(found.title))),
    (DocumentKind.RISK_REPORT, lambda found: bool(_RISK_TITLE.search(found.title))),
    (DocumentKind.OPERATOR_GUIDE, _is_guide),
)
