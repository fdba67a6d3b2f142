"""What each format gives, passage by passage with its place: the files in tests/extract_samples/told are to be read."""

import ast
import io
from pathlib import Path

import pytest

from scanner.extract import registry
from scanner.extract.direct import read
from scanner.extract.registry import EXTRACTORS
from tests.extract_samples.every import BY_NAME, SAMPLES
from tests.extract_samples.sample import TOLD
from tests.extract_samples.transcript import transcript


@pytest.mark.parametrize("name", BY_NAME)
def test_a_sample_is_read_as_it_is_written_down(name: str) -> None:
    assert transcript(read(io.BytesIO(BY_NAME[name].data), name=name)) == BY_NAME[name].told


def test_each_sample_has_what_is_written_down_of_it_and_nothing_else_has() -> None:
    assert {path.name for path in TOLD.iterdir()} == {f"{sample.name}.txt" for sample in SAMPLES}


def test_a_format_is_one_line_of_the_registry_one_reader_and_one_sample() -> None:
    """A reader may serve two formats (Excel's and OpenDocument's sheets); no reader serves none."""
    tree = ast.parse(Path(registry.__file__).read_text(encoding="utf-8"))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in node.names
                if node.module == "scanner.extract"}  # fmt: skip
    used = {
        node.value.id for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    assert imported <= used
    assert len(SAMPLES) == len(EXTRACTORS) == len({sample.real for sample in SAMPLES})
