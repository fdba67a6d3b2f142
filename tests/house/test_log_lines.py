"""Every line of the log is a sentence that stands in the code, and carries a stable event name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call on a module's own logger."""
    for top in ("connector", "scanner"):
        for path in sorted((ROOT / top).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match node:
                    case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr=level)) if level in LEVELS:
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def event(call: ast.Call) -> str:
    for keyword in call.keywords:
        if keyword.arg == "extra" and isinstance(keyword.value, ast.Dict):
            for key, value in zip(keyword.value.keys, keyword.value.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "event" and isinstance(value, ast.Constant):
                    return str(value.value)
    return ""


def test_each_line_has_a_stable_event_name() -> None:
    nameless = [place for place, call in calls() if not re.fullmatch(r"[a-z]+\.[a-z_]+", event(call))]
    assert nameless == []


def test_each_line_is_one_sentence_written_where_it_is_said() -> None:
    strange = [
        place
        for place, call in calls()
        if not (isinstance(call.args[0], ast.Constant) and re.match(r"[A-Z%]", str(call.args[0].value)))
    ]
    assert strange == []
