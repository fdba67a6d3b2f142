"""What every judgement is held to: quotes stay a small part of their document, and what was not read is not missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.checks.bounds import allowance, judged, quoted_within
from scanner.model.clause import ClausePack
from scanner.model.document import Document, DocumentFacts, DocumentKind, Locator, Passage, PassageKind
from scanner.model.verdict import MAX_QUOTE_CHARS, PROVEN, Citation, Judgement, Outcome, Verdict
from tests.builders import a_pack

READ_IN_PART = "the rest of it was not read: it is longer than 8,000,000 characters"


class Settled:
    """A judge that has made up its mind."""

    version = "settled-1"

    def __init__(self, *verdicts: Verdict) -> None:
        self._verdicts = verdicts

    def judge(self, pack: ClausePack, document: Document) -> Judgement:  # noqa: ARG002 -- the seam's shape
        return Judgement(facts=DocumentFacts(kind=DocumentKind.OPERATOR_GUIDE), verdicts=self._verdicts)


def a_text(chars: int = 10_000, *, notes: tuple[str, ...] = (), mislabelled: str = "") -> Document:
    passage = Passage(text="x" * chars, kind=PassageKind.PARAGRAPH, locator=Locator(paragraph=1))
    return Document(
        name="guide.txt", media_type="text/plain", passages=(passage,), notes=notes, mislabelled=mislabelled
    )


def a_verdict(name: str, outcome: Outcome, *quotes: tuple[str, str]) -> Verdict:
    citations = tuple(Citation(quote=quote, locator=Locator(page=1), facet=facet) for facet, quote in quotes)
    return Verdict(constraint=name, outcome=outcome, reason="Because of it.", citations=citations)


def kept(verdicts: tuple[Verdict, ...]) -> list[list[str]]:
    return [[citation.quote for citation in verdict.citations] for verdict in verdicts]


@pytest.mark.parametrize(("chars", "most"), [(100, 25), (4_000, 1_000), (10_000, 2_000), (60_000, 6_000)])
def test_of_a_short_document_a_quarter_is_quoted_and_of_a_long_one_a_tenth(chars: int, most: int) -> None:
    assert allowance(chars) == most


def test_the_best_quotes_stay_and_the_facets_come_before_second_quotes() -> None:
    verdicts = (
        a_verdict("one", Outcome.SATISFIED, ("a", "A" * 20), ("b", "C" * 20), ("a", "B" * 20)),
        a_verdict("two", Outcome.PARTIAL, ("a", "D" * 20), ("b", "E" * 20)),
        a_verdict("none", Outcome.MISSING),
    )
    assert kept(quoted_within(200, verdicts)) == kept(verdicts)
    assert kept(quoted_within(80, verdicts)) == [["A" * 20, "C" * 20], ["D" * 20, "E" * 20], []]
    assert kept(quoted_within(40, verdicts)) == [["A" * 20], ["D" * 20], []]


def test_a_proof_is_cut_at_a_word_where_even_proofs_alone_are_too_long() -> None:
    long = a_verdict("long", Outcome.PARTIAL, ("a", "Change the default password before first use"))
    short = a_verdict("short", Outcome.PARTIAL, ("a", "Close port 23"))
    assert kept(quoted_within(39, (long, short))) == [["Change the default"], ["Close port 23"]]


def test_a_quote_that_is_kept_already_costs_nothing() -> None:
    same = [a_verdict(name, Outcome.PARTIAL, ("a", "Q" * 30), ("b", "Q" * 10)) for name in ("one", "two", "three")]
    assert kept(quoted_within(30, tuple(same))) == [["Q" * 30, "Q" * 10]] * 3


QUOTES = st.lists(
    st.tuples(st.sampled_from("abc"), st.text("words of it ", min_size=1, max_size=MAX_QUOTE_CHARS).filter(str.strip)),
    min_size=1,
    max_size=6,
)


@given(budget=st.integers(0, 2_000), found=st.lists(QUOTES, max_size=10))
def test_quotes_never_cost_more_than_allowed_and_every_proof_stays(
    budget: int, found: list[list[tuple[str, str]]]
) -> None:
    verdicts = tuple(a_verdict(str(place), Outcome.PARTIAL, *quotes) for place, quotes in enumerate(found))
    bounded = quoted_within(budget, verdicts)
    quotes = {citation.quote for verdict in bounded for citation in verdict.citations}
    longest = [one for one in quotes if not any(one in other for other in quotes - {one})]
    assert sum(map(len, longest)) <= max(budget, len(verdicts))
    for before, after in zip(verdicts, bounded, strict=True):
        assert after.outcome in PROVEN
        assert before.citations[0].quote.lstrip().startswith(after.citations[0].quote.strip())
        assert after.citations[0].facet == before.citations[0].facet


def test_what_is_missing_in_a_document_read_in_part_is_undetermined_and_what_was_found_stands() -> None:
    found = a_verdict("found", Outcome.SATISFIED, ("a", "Close port 23."))
    absent = a_verdict("absent", Outcome.MISSING)
    judgement = judged(Settled(found, absent), a_pack(), a_text(notes=(READ_IN_PART,)))
    assert [one.outcome for one in judgement.verdicts] == [Outcome.SATISFIED, Outcome.UNDETERMINED]
    assert judgement.unread == READ_IN_PART
    assert judgement.verdicts[1].reason == (
        f"Could not check: nothing was found in what was read, but it was read only in part, because {READ_IN_PART}."
    )


def test_a_document_read_whole_is_judged_as_it_is_even_under_a_wrong_name() -> None:
    absent = a_verdict("absent", Outcome.MISSING)
    judgement = judged(Settled(absent), a_pack(), a_text(mislabelled="named .pdf, but it is a plain text"))
    assert judgement.verdicts == (absent,)
    assert (judgement.unread, judgement.facts.mislabelled) == ("", "named .pdf, but it is a plain text")


def test_of_many_notes_the_first_are_said_and_the_rest_counted() -> None:
    notes = tuple(f"page {number} is damaged and was not read" for number in range(1, 6))
    assert a_text(notes=notes).unread == "; ".join((*notes[:3], "and 2 more"))
