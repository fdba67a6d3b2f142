"""What every judge keeps to, whatever the document: proof, order, purity, and no accident."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ask import wording
from scanner.checks.asking import Answer, Question, Unanswered
from scanner.checks.base import Judge
from scanner.checks.registry import judge
from scanner.model.document import Document, Locator, Passage, PassageKind
from scanner.model.verdict import MAX_QUOTE_CHARS, PROVEN, Outcome
from tests.checks_builders import the_pack
from tests.model_server import denies_everything, knows_our_guards

HOSTILE = ("a", "not ", "password=", "1.", "role may ", "| ", "E.2.1 ", "[", "in v1.1.1.", "😀", "`", "((")


class Reckless:
    """Claims as much as it can of every other question, and takes back all of the rest."""

    name = version = "reckless"

    def ask(self, question: Question) -> Answer:
        asked = json.loads(wording.messages(question)[1]["content"])
        says = knows_our_guards if len(question.passages) % 2 else denies_everything
        return wording.answer_of(says(asked))


class Mute:
    """Answers nothing."""

    name = version = "mute"

    def ask(self, question: Question) -> Answer:
        raise Unanswered(f"it is mute about {len(question.passages)} passages")


JUDGES: dict[str, Callable[[], Judge]] = {
    "facets": judge,
    "llm": lambda: judge(Reckless()),
}

# Words that cues, traps and front matter react to, so that random documents come close to real ones.
PIECES = """
Install updates weekly. | Back up the patient database | must | never | password: hunter22 | default account | TLS 1.2
| port 443/tcp | is not encrypted | attacker could read | see the guide | TBD | {{X}} | Residual risks | R-01
| IEC 81001-5-1 Annex E | E.2.1 | Clause 4 | tailoring | Version 4.2.1 | 2026-04-02 | Draft | Yes | No | ? | 4.2.x
| Die Konten werden gesperrt. | stateless and stores no patient data | delete all data
"""
SPEECH = st.lists(
    st.sampled_from([piece.strip() for piece in PIECES.split(" | ")]) | st.text(max_size=40), min_size=1, max_size=14
).map(" ".join)


@st.composite
def passages(draw: st.DrawFn) -> Passage:
    text = draw(SPEECH).strip() or "x"
    kind = draw(st.sampled_from(list(PassageKind)))
    cells = draw(st.lists(st.tuples(st.text(max_size=20), SPEECH), max_size=4)) if kind is PassageKind.TABLE_ROW else []
    heading = tuple(draw(st.lists(SPEECH, max_size=3)))
    return Passage(text=text, kind=kind, locator=Locator(heading=heading, paragraph=1), cells=tuple(cells))


documents = st.lists(passages(), max_size=25).map(
    lambda found: Document(name="document.md", media_type="text/markdown", passages=tuple(found))
)


@pytest.fixture(params=JUDGES, name="a_judge")
def _a_judge(request: pytest.FixtureRequest) -> Judge:
    return JUDGES[request.param]()


@settings(max_examples=80, deadline=None)
@given(document=documents)
def test_every_verdict_is_proved_verbatim_and_in_the_packs_order(document: Document) -> None:
    for make in JUDGES.values():
        found = make().judge(the_pack(), document)
        assert [one.constraint for one in found.verdicts] == [one.id for one in the_pack().constraints]
        for verdict in found.verdicts:
            assert verdict.reason.endswith(".")
            assert (verdict.outcome in PROVEN) == bool(verdict.citations)
            facets = {facet.id for facet in the_pack().constraint(verdict.constraint).facets}
            assert set(verdict.facets) == facets
            for citation in verdict.citations:
                assert citation.facet in facets
                assert len(citation.quote) <= MAX_QUOTE_CHARS
                assert "hunter22" not in citation.quote
                assert any(
                    citation.quote in passage.text and passage.locator == citation.locator
                    for passage in document.passages
                )


@settings(max_examples=25, deadline=None)
@given(document=documents)
def test_the_same_document_is_judged_alike(document: Document) -> None:
    for make in JUDGES.values():
        assert make().judge(the_pack(), document) == make().judge(the_pack(), document)


@settings(max_examples=40, deadline=None)
@given(document=documents)
def test_whoever_is_asked_moves_an_outcome_by_one_step_at_most(document: Document) -> None:
    steps = [Outcome.MISSING, Outcome.PARTIAL, Outcome.SATISFIED]
    rules = judge().judge(the_pack(), document)
    asked = judge(Reckless()).judge(the_pack(), document)
    for before, after in zip(rules.verdicts, asked.verdicts, strict=True):
        if {before.outcome, after.outcome} <= set(steps):
            assert abs(steps.index(before.outcome) - steps.index(after.outcome)) <= 1
    mute = judge(Mute()).judge(the_pack(), document)
    assert [one.outcome for one in mute.verdicts] == [one.outcome for one in rules.verdicts]
    assert [one.citations for one in mute.verdicts] == [one.citations for one in rules.verdicts]


def test_an_empty_document_is_missing_everything(a_judge: Judge) -> None:
    found = a_judge.judge(the_pack(), Document(name="empty.txt", media_type="text/plain", passages=()))
    assert {one.outcome for one in found.verdicts} == {Outcome.MISSING}


def test_a_judge_says_its_version(a_judge: Judge) -> None:
    assert a_judge.version


@pytest.mark.timeout(30)
@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_passage_costs_no_more_than_its_length(piece: str) -> None:
    """By the rules and in what is asked beside them: who asks judges by the rules first."""
    text = (piece * 8_000)[:8_000]
    passage = Passage(text=text, kind=PassageKind.PARAGRAPH, locator=Locator(paragraph=1))
    row = Passage(text=text, kind=PassageKind.TABLE_ROW, locator=Locator(), cells=(("Risk", text), ("Action", text)))
    code = Passage(text=text, kind=PassageKind.CODE, locator=Locator())
    heading = Passage(text=text, kind=PassageKind.HEADING, locator=Locator())
    asking = judge(Reckless())
    asking.judge(the_pack(), Document(name="x", media_type="x", passages=(heading, passage, row, code)))
