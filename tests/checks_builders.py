"""Documents and judgements for tests of judging: Markdown, read by the real reader and judged by the real judge."""

import io
from functools import cache
from pathlib import Path

from scanner.checks.registry import judge
from scanner.clauses.load import load_pack
from scanner.extract.direct import read
from scanner.model.clause import ClausePack
from scanner.model.document import Document
from scanner.model.verdict import Judgement, Verdict

PACK_FILE = Path(__file__).parents[1] / "config" / "clauses" / "iec-81001-5-1" / "5.8.2.yaml"

FRONT = """# Lumora Viewer Security Guide

This guide is for administrators of Lumora Viewer in hospitals and tells them how to run it securely day by day.

"""


@cache
def the_pack() -> ClausePack:
    return load_pack(PACK_FILE)


def a_document(text: str, name: str = "document.md") -> Document:
    return read(io.BytesIO(text.encode()), name=name)


def a_guide(body: str) -> Document:
    """A document that says of itself that it is an operator guide, with this body."""
    return a_document(FRONT + body)


def judged(document: Document) -> Judgement:
    return judge().judge(the_pack(), document)


def verdict_on(document: Document, constraint: str) -> Verdict:
    return next(one for one in judged(document).verdicts if one.constraint == constraint)
