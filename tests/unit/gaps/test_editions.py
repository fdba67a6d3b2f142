"""Of the editions and copies of one document only the newest counts; whatever is in doubt stays."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.gaps.assess import assess
from scanner.gaps.editions import overtaken
from scanner.model.document import DocumentKind, DocumentStatus
from scanner.model.gap import Evidence
from scanner.model.verdict import Outcome
from tests.builders import a_document, a_pack, a_verdict


def edition(name: str, version: str, **facts: Any) -> Evidence:
    return a_document(name, **{"document_id": "PV-SEC-001", "document_version": version, **facts})


def aside(*evidence: Evidence) -> dict[str, str]:
    """Return which documents give nothing, by name, with the reason."""
    names = {one.file.id: one.file.name for one in evidence}
    return {names[one.file]: one.because for one in overtaken(evidence)}


@pytest.mark.parametrize(("old", "new"), [("1.9", "1.10"), ("2", "3.0"), ("B", "C"), ("a", "B")])
def test_an_older_edition_gives_way_and_says_to_which(old: str, new: str) -> None:
    found = aside(edition("Guide.docx", new), edition("Guide (2019).docx", old))
    assert found == {"Guide (2019).docx": f"Guide.docx is a newer edition of it, {new}"}


def test_without_an_id_the_title_tells_on_a_product_that_it_names() -> None:
    named = {"document_id": "", "title": "PulseView  Security Guide 4.2", "product": "PulseView"}
    found = aside(
        edition("a.docx", "1.0", **named), edition("b.docx", "2.0", **named | {"title": "PulseView security guide 4.3"})
    )
    assert found == {"a.docx": "b.docx is a newer edition of it, 2.0"}
    assert aside(*(edition(f"{one}.docx", one, **named | {"product": ""}) for one in ("1.0", "2.0"))) == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"document_version": ""}, {}),  # it does not say which edition it is
        ({"document_version": "final"}, {}),
        ({"document_version": "R2024b"}, {"document_version": "5.0"}),  # nobody knows which is older
        ({"document_id": "PV-SEC-002"}, {}),
        ({"title": "Security Guide"}, {"title": "Risk Report"}),  # the id of a template, on all that is written on it
        ({"kind": DocumentKind.FORM}, {}),
        ({"product": "CareMonitor"}, {"product": "PulseView"}),
        ({"kind": DocumentKind.RELEASE_NOTES}, {"kind": DocumentKind.RELEASE_NOTES}),  # each release has its own
        ({}, {"status": DocumentStatus.DRAFT}),  # what is not out takes no other's place
        ({}, {"kind": DocumentKind.OPERATOR_GUIDE, "document_version": "1.0"}),  # the same edition, another text
    ],
)
def test_what_is_in_doubt_stays(one: dict[str, Any], other: dict[str, Any]) -> None:
    first = {"document_version": "1.0", **one}
    second = {"document_version": "2.0", **other}
    assert (
        aside(
            edition("one.docx", first.pop("document_version"), **first),
            edition("two.docx", second.pop("document_version"), **second),
        )
        == {}
    )


def test_of_copies_the_first_by_path_counts() -> None:
    copies = [edition(name, "2.0", sameness="d1", path=f"My Drive / {name}") for name in ("b.pdf", "a.pdf", "c.pdf")]
    assert aside(*copies) == {"b.pdf": "it is a copy of a.pdf", "c.pdf": "it is a copy of a.pdf"}
    assert aside(copies[0], edition("d.pdf", "2.0", sameness="d1", versions=("4.3",))) == {}  # it speaks of a release


def test_an_older_edition_gives_nothing_to_a_standing() -> None:
    met = a_verdict(met=("roles", "life-cycle", "credentials"))
    old = a_document("Guide 1.docx", met, document_id="PV-SEC-001", document_version="1")
    new = a_document("Guide 2.docx", document_id="PV-SEC-001", document_version="2")
    for evidence, outcome in (([old], Outcome.SATISFIED), ([old, new], Outcome.MISSING)):
        (found,) = assess(a_pack(), evidence=evidence, unchecked=(), release=None)
        assert found.outcome is outcome


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "1", "1.0", "2", "B", "b", "C", "R2024b", "final"]),
            st.sampled_from(["", "same"]),
            st.sampled_from(["My Drive", "My Drive / Copies"]),
        ),
        min_size=1,
        max_size=7,
    )
)
def test_one_edition_always_stays(drawn: list[tuple[str, str, str]]) -> None:
    """However versions and copies are mixed, no circle of editions takes each other's place."""
    evidence = [
        edition(f"{number}.docx", version, sameness=same, path=path)
        for number, (version, same, path) in enumerate(drawn)
    ]
    assert len(overtaken(evidence)) < len(evidence)
