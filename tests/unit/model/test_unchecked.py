"""Each sentence that says why a file could not be checked belongs to one of the few reasons that are counted."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.extract.formats import Format
from scanner.jobs.policy import sentence
from scanner.model.unchecked import Uncheckable, uncheckable

ROOT = Path(__file__).parents[3]
RAISED = {"Unreadable", "FileUnavailable", "FileGone", "TooLargeToExport", "HeldForAbuse", "_Breach"}


@pytest.mark.parametrize(
    ("because", "reason"),
    [
        ("it was deleted, or is no longer shared with this connection", Uncheckable.GONE),
        ("its owner has switched off downloading", Uncheckable.NOT_ALLOWED),
        ("its owner has not allowed reading its contents", Uncheckable.NOT_ALLOWED),
        ("its download quota at Google is used up", Uncheckable.SOURCE),
        ("Google has no form of it that can be read", Uncheckable.NO_EXPORT),
        ("it is a Google format that cannot be read as a document", Uncheckable.NO_EXPORT),
        ("it is larger than Google exports (10 MB)", Uncheckable.NO_EXPORT),
        ("it is larger than 100 MB", Uncheckable.TOO_LARGE),
        ("reading it needed more memory than allowed", Uncheckable.TOO_LARGE),
        ("reading it gave more text than allowed", Uncheckable.TOO_LARGE),
        ("reading it took longer than 60 seconds", Uncheckable.TOO_SLOW),
        ("its reader crashed on it", Uncheckable.CRASHED),
        ("it is protected by a password", Uncheckable.PROTECTED),
        ("it is a scan without a text layer", Uncheckable.NO_TEXT),
        ("it is a picture without a text layer", Uncheckable.NO_TEXT),
        ("no text was found in it", Uncheckable.NO_TEXT),
        ("the file is empty", Uncheckable.NO_TEXT),
        ("it is damaged: its parts cannot be unpacked", Uncheckable.DAMAGED),
        ("it unpacks to far more than its size, as files made to do harm do", Uncheckable.HARMFUL),
        ("it is in a legacy format: save it as DOCX, XLSX or PPTX", Uncheckable.TYPE),
        ("its type (program or data file) is not one that can be read", Uncheckable.TYPE),
        ("Google did not answer (503 backendError).", Uncheckable.SOURCE),
        ("the worker was killed while it ran", Uncheckable.OURS),
        (sentence(KeyError("a name")), Uncheckable.OURS),
        ("anything else", Uncheckable.OTHER),
    ],
)
def test_a_sentence_has_its_reason(because: str, reason: Uncheckable) -> None:
    assert uncheckable(because) is reason


def sentences() -> Iterator[str]:
    """Every sentence that is written where such an error is raised, and the constants beside them."""
    for path in (*(ROOT / "scanner/extract").glob("*.py"), *(ROOT / "connector/drive").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            target.id: value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(value := node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED and node.args:
                said = node.args[0]
                said = constants.get(said.id, said) if isinstance(said, ast.Name) else said
                if isinstance(said, ast.Constant | ast.JoinedStr):
                    yield ast.unparse(said)


def test_no_reason_in_the_code_is_left_out_of_the_set() -> None:
    found = set(sentences()) - {"'no reader'"}  # ours, and caught where it is raised
    assert len(found) > 20
    assert [one for one in found if uncheckable(one) is Uncheckable.OTHER] == []


def test_every_format_that_is_refused_has_its_reason() -> None:
    from scanner.extract.dispatch import REFUSED

    assert set(REFUSED) <= set(Format)
    assert [said for said in REFUSED.values() if uncheckable(said) is Uncheckable.OTHER] == []
