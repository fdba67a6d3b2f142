"""What every judgement is held to, whoever judged: what was not read is not missing, and quotes stay a small part."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from types import MappingProxyType

from scanner.checks.base import Judge
from scanner.model.clause import ClausePack
from scanner.model.document import Document, Said
from scanner.model.verdict import Citation, Judgement, Outcome, Verdict

LONG, SHORT = 10, 4  # all quotes together are at most a tenth of a long document, a quarter of a short one
OF_ITSELF = 4  # of the quotes, at most a quarter may be what a document says of itself
ENOUGH = 2_000  # characters: more than that is quoted of a long document only


def judged(judge: Judge, pack: ClausePack, document: Document) -> Judgement:
    """Judge a document, and hold what is found to the bounds; the one way from a document to its judgement."""
    found = judge.judge(pack, document)
    chars = sum(len(passage.text) for passage in document.passages)
    said = said_within(allowance(chars) // OF_ITSELF, found.facts.said)
    verdicts = quoted_within(allowance(chars) - sum(len(one.quote) for one in said), found.verdicts)
    if document.unread:
        verdicts = tuple(_as_far_as_read(one, document.unread) for one in verdicts)
    facts = replace(found.facts, mislabelled=document.mislabelled, said=said)
    return replace(found, facts=facts, verdicts=verdicts, unread=document.unread)


def allowance(chars: int) -> int:
    """Return how many characters of a document of so many may be kept as quotes."""
    return max(chars // LONG, min(ENOUGH, chars // SHORT))


def said_within(budget: int, said: Sequence[Said]) -> tuple[Said, ...]:
    """Return as much of what a document says of itself as the budget allows, each of a kind before second ones."""
    firsts = {one.of: one for one in reversed(said)}
    kept: list[Said] = []
    for one in (*firsts.values(), *(one for one in said if firsts[one.of] is not one)):
        if len(one.quote) <= budget:
            kept.append(one)
            budget -= len(one.quote)
    return tuple(one for one in said if one in kept)


def quoted_within(budget: int, verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Return the verdicts with no more quotes than the budget allows, the best of each kept first.

    A verdict that needs a proof keeps one, cut at a word where even that is too long. A quote that is kept already, or
    stands within one that is, costs nothing.
    """
    budget = max(budget, len(verdicts))  # a character each: nothing is proved by nothing
    proofs = _proofs(budget, verdicts)
    kept = {one.quote for one in proofs.values()}
    left = budget - sum(map(len, kept))
    chosen = {place: [proof] for place, proof in proofs.items()}
    for place, citation in _by_worth(verdicts):
        if place not in chosen or citation == verdicts[place].citations[0]:
            continue
        cost = 0 if any(citation.quote in quote for quote in kept) else len(citation.quote)
        if cost <= left:
            chosen[place].append(citation)
            kept.add(citation.quote)
            left -= cost
    return tuple(
        replace(verdict, citations=tuple(chosen[place])) if place in chosen else verdict
        for place, verdict in enumerate(verdicts)
    )


def _proofs(budget: int, verdicts: Sequence[Verdict]) -> Mapping[int, Citation]:
    """Return the best citation of each verdict that has one; the longest are cut where all together are too long."""
    best = {place: verdict.citations[0] for place, verdict in enumerate(verdicts) if verdict.citations}
    shortest_first = sorted({one.quote for one in best.values()}, key=lambda quote: (len(quote), quote))
    cut: dict[str, str] = {}
    for done, quote in enumerate(shortest_first):
        cut[quote] = _cut(quote, budget // (len(shortest_first) - done))
        budget -= len(cut[quote])
    return MappingProxyType({place: replace(one, quote=cut[one.quote]) for place, one in best.items()})


def _cut(quote: str, most: int) -> str:
    if len(quote) <= most:
        return quote
    quote = quote.strip()
    short = quote[:most]
    if not quote[most : most + 1].isspace():
        short = short.rpartition(" ")[0] or short
    return short.strip()


def _by_worth(verdicts: Sequence[Verdict]) -> Iterator[tuple[int, Citation]]:
    """Yield (verdict's place, citation): the first of every facet before second ones, the verdicts in turn."""
    firsts, others = [], []
    for place, verdict in enumerate(verdicts):
        facets = {citation.facet: citation for citation in reversed(verdict.citations)}
        firsts.append([(place, one) for one in verdict.citations if facets[one.facet] is one])
        others.append([(place, one) for one in verdict.citations if facets[one.facet] is not one])
    for group in (firsts, others):
        for turn in zip_longest(*group):
            yield from (one for one in turn if one is not None)


def _as_far_as_read(verdict: Verdict, unread: str) -> Verdict:
    """Say *could not check* of what was not found, since it may stand in what was not read."""
    if verdict.outcome is not Outcome.MISSING:
        return verdict
    reason = f"Could not check: nothing was found in what was read, but it was read only in part, because {unread}."
    return replace(verdict, outcome=Outcome.UNDETERMINED, reason=reason)
