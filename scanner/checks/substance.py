"""The substance test: what a statement gives a reader, and why it would give nothing."""

import re
from dataclasses import dataclass
from enum import StrEnum

from scanner.checks import vocabulary as words
from scanner.checks.statements import Statement
from scanner.model.document import PassageKind

_LABEL = re.compile(
    r"^\W{0,6}(?:\[[ xX]\]\s{0,3})?(?:\d{1,3}[.)]\s{0,3})?(?:(?:recommend|implement|note|important|warning|tip"
    r"|caution|hinweis|achtung)\w{0,5}\s?[:!]\s{0,3})?",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(r"[:;,.!?()–—|→\n]|-\s|\*\*")
_MIN_FACT_WORDS = 6
_LINK_ALONE = re.compile(r"\W{0,4}\[[^\]\n]{1,120}\]\((?!https?:)[^)\s]{1,300}\)\W{0,4}")


class Empty(StrEnum):
    """Why a statement gives nothing."""

    PLACEHOLDER = "a placeholder"
    QUESTION = "a question"
    POINTER = "a pointer elsewhere"
    FUTURE = "an announcement"
    MARKETING = "a marketing claim"
    LAW = "a demand on manufacturers"
    LEGAL = "a clause on liability"
    INTERNAL = "internal work"
    DENIAL = "a denial"
    HEADING = "a bare title"


_EMPTIED_BY = (
    (Empty.PLACEHOLDER, "placeholder"),
    (Empty.FUTURE, "future"),
    (Empty.MARKETING, "marketing"),
    (Empty.LAW, "law"),
    (Empty.LEGAL, "legal"),
    (Empty.INTERNAL, "internal"),
    (Empty.DENIAL, "denial"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Substance:
    """What a statement gives."""

    action: bool  # tells its reader to do something
    value: bool  # names a setting, a number, a command or a path
    fact: bool  # says something of its own, in a sentence, a row or a setting
    claims: bool = False  # says what the product can do ("supports …")
    lacks: bool = False  # says what it cannot do
    empty: Empty | None = None

    def usable(self, *, internal: bool = False) -> bool:
        """Tell whether nothing empties it; a facet of the maker's own process may be borne by internal work."""
        return self.empty is None or (internal and self.empty is Empty.INTERNAL)

    def gives(self, need: str) -> bool:
        """Tell whether it has what a facet needs, should it be usable."""
        return {
            "action": self.action,
            "value": self.value,
            "setting": self.action or self.value,
            "fact": self.fact or self.action,
        }[need]


def substance_of(statement: Statement) -> Substance:
    """Judge one statement by itself."""
    text = statement.text
    if statement.passage.kind is PassageKind.CODE:
        developers = any(map(words.DEVELOPER_TITLE.search, statement.headings[1:]))
        return Substance(action=False, value=False, fact=False, empty=Empty.INTERNAL) if developers else _of_code(text)
    acts = _commands(statement) and not _grants(statement)
    action = acts or asks(statement) or _is_asked_for(statement)
    value = bool(words.VALUE.search(_with_heads(statement)))
    return Substance(
        action=action,
        value=value,
        fact=_says_something(statement),
        claims=bool(words.CAPABILITY.search(text)),
        lacks=bool(words.LACKS.search(text)),
        empty=_emptiness(statement, acts=action),
    )


def _with_heads(statement: Statement) -> str:
    """Return a row with the head of its column before each cell: a number below "Port" is a port."""
    cells = statement.passage.cells
    if statement.passage.kind is not PassageKind.TABLE_ROW or not any(head for head, _ in cells):
        return statement.text
    return " | ".join(f"{head} {value}" if value[:1].isdigit() else value for head, value in cells)


def _of_code(text: str) -> Substance:
    if words.PLACEHOLDER.search(text) and len(text) < 60:
        return Substance(action=False, value=False, fact=False, empty=Empty.PLACEHOLDER)
    if words.DIAGRAM.search(text):
        return Substance(action=False, value=False, fact=True)
    source = bool(words.SOURCE_CODE.search(text))
    command = bool(words.COMMAND.search(text))
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("#", "//"))]
    looks = bool(lines) and all(words.LOOKS.search(line) for line in lines)
    setting = (bool(words.SETTING.search(text)) or "=" in text or command) and not looks
    return Substance(action=command and not source, value=setting, fact=True)


def _commands(statement: Statement) -> bool:
    """Tell whether a clause of it begins with a verb in the imperative."""
    raw, spans, text = statement.words.raw, statement.words.spans, statement.text
    skip = _LABEL.match(text)
    first = skip.end() if skip else 0
    for at, word in enumerate(raw):
        if word not in words.IMPERATIVES:
            continue
        left = spans[at - 1][1] if at else 0
        starts = at == 0 or spans[at][0] <= first + 1 or _opens_clause(text, left, spans[at][0])
        follows = at > 0 and raw[at - 1] in {
            "and",
            "or",
            "then",
            "please",
            "always",
            "never",
            "not",
            "und",
            "bitte",
            "regularly",
            "immediately",
        }
        if not (starts or follows):
            continue
        if word in words.NOUN_LIKE and not _takes_object(word, raw[at + 1 : at + 2]):
            continue
        if at + 1 < len(raw):
            return True
    return False


def _opens_clause(text: str, left: int, right: int) -> bool:
    """Tell whether a clause begins between two words; what is listed in brackets is named, not asked for."""
    sign = _BOUNDARY.search(text, left, right)
    if sign is None:
        return False
    return sign.group() != "," or text.count("(", 0, left) <= text.count(")", 0, left)


def _grants(statement: Statement) -> bool:
    """A row of roles and rights says what somebody may do ("nurse | read records; no export"), and asks for nothing."""
    heads = (*(head for head, _ in statement.passage.cells), *statement.headings[-1:])
    return statement.passage.kind is PassageKind.TABLE_ROW and any(map(words.RIGHTS_TITLE.search, heads))


def _takes_object(word: str, following: tuple[str, ...]) -> bool:
    """ "Review the log", "update servers": a word that is also a noun commands where an object follows."""
    if not following:
        return False
    return following[0] in words.DETERMINERS or (word not in words.HARDLY_VERBS and following[0].endswith("s"))


def _is_asked_for(statement: Statement) -> bool:
    """A bare item in a list of recommendations asks for what it names."""
    if statement.passage.kind is not PassageKind.LIST_ITEM or len(statement.words) < 2:
        return False
    if words.CONTROL.search(statement.text):
        return False
    return any(words.ADVISING_TITLE.search(text) for text in (statement.intro_text, *statement.headings[-1:]))


def asks(statement: Statement) -> bool:
    """Tell whether it asks its reader in so many words ("you must", "is recommended"), and not by a bare imperative."""
    if words.MAKER.search(statement.text) and not words.ASKS.search(statement.text):
        return False
    return any(word in words.MODALS for word in statement.words.raw) or "advice" in statement.signs


def _says_something(statement: Statement) -> bool:
    if statement.passage.kind is PassageKind.TABLE_ROW:
        values = [value for _, value in statement.passage.cells if value.strip(" -–|")]
        headed = any(header for header, _ in statement.passage.cells)
        return (len(values) >= 2 and headed and len(statement.words) >= 4) or len(statement.words) >= 12
    if len(statement.words) >= _MIN_FACT_WORDS:
        return bool(words.VERB.search(statement.text))
    told = words.FINITE.search(statement.text) or words.NEGATION.search(statement.text)
    return len(statement.words) >= _MIN_FACT_WORDS - 2 and bool(told)


def _emptiness(statement: Statement, *, acts: bool) -> Empty | None:
    text = statement.text
    for reason, sign in _EMPTIED_BY:
        if sign in statement.signs:
            return reason
    if any(map(words.DEVELOPER_TITLE.search, statement.headings[1:])):
        return Empty.INTERNAL
    if text.rstrip(" *_\"'").endswith("?") and statement.passage.kind is not PassageKind.TABLE_ROW:
        return Empty.QUESTION
    if _only_points(text, acts=acts) or _indexes(statement):
        return Empty.POINTER
    filled = sum(bool(head and value.strip()) for head, value in statement.passage.cells)
    return Empty.HEADING if len(statement.words) < 3 and filled < 2 else None


def _indexes(statement: Statement) -> bool:
    """A row that begins with nothing but a link to another document says what stands there."""
    cells = statement.passage.cells
    return bool(cells) and _LINK_ALONE.fullmatch(cells[0][1]) is not None


def _only_points(text: str, *, acts: bool) -> bool:
    """A link or a reference with next to nothing beside it, or a sentence whose business is to point."""
    bare = words.LINK.sub(" ", text)
    if len(bare.split()) < 4 and len(bare) < len(text):
        return True
    if words.LEARN_MORE.search(text):
        return True
    match = words.POINTER.search(text)
    return match is not None and (match.start() < 3 or not acts or len(bare.split()) < 18)
