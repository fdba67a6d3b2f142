"""Single sentences as manuals speak: each bears its facet, and everyday sentences with the same words bear none."""

from pathlib import Path

import pytest
import yaml

from scanner.model.verdict import FacetState, Outcome
from tests.checks_builders import a_guide, judged, verdict_on

_SAID = yaml.safe_load(Path(__file__).with_name("phrasings.yaml").read_text(encoding="utf-8"))
BEARING = [
    (constraint, facet, sentence)
    for constraint, facets in _SAID["bearing"].items()
    for facet, sentences in facets.items()
    for sentence in sentences
]


@pytest.mark.parametrize(("constraint", "facet", "sentence"), BEARING)
def test_a_sentence_bears_its_facet(constraint: str, facet: str, sentence: str) -> None:
    verdict = verdict_on(a_guide(f"## Notes\n\n{sentence}\n"), constraint)
    assert verdict.facets[facet] is not FacetState.ABSENT, verdict.reason
    assert verdict.citations


@pytest.mark.parametrize("sentence", _SAID["bearing-nothing"])
def test_an_everyday_sentence_bears_nothing(sentence: str) -> None:
    found = judged(a_guide(f"## Notes\n\n{sentence}\n"))
    assert {one.outcome for one in found.verdicts} == {Outcome.MISSING}
