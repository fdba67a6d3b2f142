"""The search language of `files.list`: a text in, a test on a file resource out; anything doubtful is refused.

Emulated: `and or not`, parentheses, `name fullText mimeType trashed starred parents owners modifiedTime createdTime
sharedWithMe shortcutDetails.targetId`. Every other term answers 400, as an unknown term does on the real service.
`fullText` looks at whole words of name, description and indexed text; in double quotes they are a phrase. Keywords are
lower case here.
"""

import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

Resource = Mapping[str, Any]
Test = Callable[[Resource], bool]
Operand = tuple[str, str]  # kind and text of the token behind an operator

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<op><=|>=|!=|=|<|>)|(?P<bracket>[()])"""
    r"""|(?P<word>[A-Za-z][A-Za-z.]*))""",
    re.DOTALL,
)
_DEEPEST = 50  # brackets and negations in each other
_WORDS = re.compile(r"[^\W_]+")
_ORDER: Mapping[str, Callable[[datetime, datetime], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


class BadQuery(Exception):
    """The query is not one that Drive would answer."""


def parse_query(text: str, *, root_id: str, me: str) -> Test:
    """Turn a query into a test; `root` means `root_id` and `me` this address. Raises BadQuery."""
    return _Parser(_tokens(text), root_id=root_id, me=me).whole()


def uses_full_text(text: str) -> bool:
    """Say whether a sound query searches contents, which Drive does not sort."""
    return ("word", "fullText") in _tokens(text)


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    position = 0
    text = text.rstrip()
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise BadQuery(f"unexpected {text[position : position + 10]!r}")
        kind = str(found.lastgroup)
        if kind == "word" and found["word"] == "not" and text[found.end() : found.end() + 1] == "(":
            raise BadQuery("not( needs a space")  # observed on the real service
        tokens.append((kind, found[kind]))
        position = found.end()
    return tokens


class _Parser:
    """A recursive descent over the tokens; `and` binds tighter than `or`."""

    def __init__(self, tokens: list[tuple[str, str]], *, root_id: str, me: str) -> None:
        self._tokens = tokens
        self._root_id = root_id
        self._me = me
        self._at = 0
        self._depth = 0

    def whole(self) -> Test:
        if not self._tokens:
            return lambda _: True
        test = self._either()
        if self._at != len(self._tokens):
            raise BadQuery("something follows the end")
        return test

    def _either(self) -> Test:
        tests = [self._both()]
        while self._take(("word", "or")):
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda resource: any(test(resource) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._take(("word", "and")):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda resource: all(test(resource) for test in tests)

    def _one(self) -> Test:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise BadQuery("too deep")
        test = self._unit()
        self._depth -= 1
        return test

    def _unit(self) -> Test:
        if self._take(("word", "not")):
            if self._peek() == ("word", "sharedWithMe"):
                raise BadQuery("sharedWithMe cannot be negated")
            inner = self._one()
            return lambda resource: not inner(resource)
        if self._take(("bracket", "(")):
            if self._take(("bracket", ")")):
                return lambda _: True  # `()` lists everything on the real service
            test = self._either()
            if not self._take(("bracket", ")")):
                raise BadQuery("a bracket stays open")
            return test
        if self._peek()[0] == "text":
            return self._membership()
        return self._term()

    def _membership(self) -> Test:
        value = _unquoted(self._next("text"))
        if not self._take(("word", "in")):
            self._fail()
        field = self._next("word")
        if field == "parents":
            wanted = self._root_id if value == "root" else value
            return lambda resource: wanted in resource.get("parents", ())
        if field == "owners":
            wanted = self._me if value == "me" else value
            return lambda resource: any(o["emailAddress"] == wanted for o in resource.get("owners", ()))
        raise BadQuery(f"{field} holds no members")

    def _term(self) -> Test:
        field = self._next("word")
        kind, value = self._peek()
        self._at += 1
        if kind not in ("op", "word"):
            self._fail()
        build = _TERMS.get((field, value)) or _TERMS.get((field, "*"))
        if build is None:
            raise BadQuery(f"{field} {value} is not a term")
        operand = self._peek()
        self._at += 1
        return build(value, operand)

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _take(self, token: tuple[str, str]) -> bool:
        if self._peek() != token:
            return False
        self._at += 1
        return True

    def _next(self, kind: str) -> str:
        found, value = self._peek()
        if found != kind:
            self._fail()
        self._at += 1
        return value

    def _fail(self) -> NoReturn:
        raise BadQuery(f"unexpected {self._peek()[1]!r}")


def _unquoted(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL)


def _text(value: Operand) -> str:
    if value[0] != "text":
        raise BadQuery("a text is needed")
    return _unquoted(value[1])


def _flag(value: Operand) -> bool:
    if value not in (("word", "true"), ("word", "false")):
        raise BadQuery("true or false is needed")
    return value == ("word", "true")


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())


def _equals(field: str) -> Callable[[str, Operand], Test]:
    def build(op: str, value: Operand) -> Test:
        wanted = _text(value).casefold()
        return lambda resource: (str(resource.get(field, "")).casefold() == wanted) == (op == "=")

    return build


def _truth(field: str) -> Callable[[str, Operand], Test]:
    def build(op: str, value: Operand) -> Test:
        wanted = _flag(value) == (op == "=")
        return lambda resource: bool(resource.get(field, False)) == wanted

    return build


def _name_contains(_: str, value: Operand) -> Test:
    """Each word of the value must begin some word of the name: Drive searches by prefix."""
    wanted = _words(_text(value))
    return lambda resource: all(any(w.startswith(p) for w in _words(resource["name"])) for p in wanted)


def _full_text(_: str, value: Operand) -> Test:
    asked = _text(value).strip()
    phrase = len(asked) > 1 and asked[0] == asked[-1] == '"'
    wanted, together = set(_words(asked)), f" {' '.join(_words(asked))} "

    def test(resource: Resource) -> bool:
        indexed = resource.get("contentHints", {}).get("indexableText", "")
        words = _words(f"{resource['name']} {resource.get('description', '')} {indexed}")
        return together in f" {' '.join(words)} " if phrase else wanted <= set(words)

    return test


def _mime_contains(_: str, value: Operand) -> Test:
    wanted = _text(value).casefold()
    return lambda resource: str(resource["mimeType"]).casefold().startswith(wanted)


def _when(field: str) -> Callable[[str, Operand], Test]:
    def build(op: str, value: Operand) -> Test:
        compare = _ORDER.get(op)
        if compare is None:
            raise BadQuery(f"{field} cannot be compared by {op}")
        wanted = _moment(_text(value))
        return lambda resource: compare(_moment(resource[field]), wanted)

    return build


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadQuery(f"{text!r} is not an RFC 3339 time") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _shared_with_me(_: str, value: Operand) -> Test:
    if not _flag(value):
        raise BadQuery("sharedWithMe only knows true")
    return lambda resource: "sharedWithMeTime" in resource


def _shortcut_target(_: str, value: Operand) -> Test:
    wanted = _text(value)
    return lambda resource: resource.get("shortcutDetails", {}).get("targetId") == wanted


_TERMS: Mapping[tuple[str, str], Callable[[str, Operand], Test]] = {
    ("name", "="): _equals("name"),
    ("name", "!="): _equals("name"),
    ("name", "contains"): _name_contains,
    ("fullText", "contains"): _full_text,
    ("mimeType", "="): _equals("mimeType"),
    ("mimeType", "!="): _equals("mimeType"),
    ("mimeType", "contains"): _mime_contains,
    ("trashed", "="): _truth("trashed"),
    ("trashed", "!="): _truth("trashed"),
    ("starred", "="): _truth("starred"),
    ("starred", "!="): _truth("starred"),
    ("modifiedTime", "*"): _when("modifiedTime"),
    ("createdTime", "*"): _when("createdTime"),
    ("sharedWithMe", "="): _shared_with_me,
    ("shortcutDetails.targetId", "="): _shortcut_target,
}
