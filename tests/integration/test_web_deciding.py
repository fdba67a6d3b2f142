"""What a person does on the pages of constraints and documents, over a whole Crosswalk after a night."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import httpx
import pytest

from scanner.model.connection import ScanState
from scanner.model.deed import Act
from scanner.model.job import JobKind
from scanner.model.person import Person, Role
from scanner.model.waiver import WaiverKind
from scanner.web.scope import place_of
from tests.builders import a_member
from tests.pipeline_builders import Bench, a_rested_bench
from tests.site_builders import browser, served, signed_in

CLAUSE = "iec-81001-5-1/5.8.2"
OWNER = Person(subject="s", email="owner@example.org")
BEN = Person(subject="subject-ben", email="ben@maker.example")
HOSTILE = "<img onerror=alert(1) src=x> Security Guide.md"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with a_rested_bench(tmp_path_factory.mktemp("web") / "home") as made:
        yield made


@pytest.fixture(scope="module")
def site(bench: Bench) -> Iterator[str]:
    with served(bench.app) as address:
        yield address


@pytest.fixture
def owner(bench: Bench, site: str) -> Iterator[httpx.Client]:
    """The one who connected the Drive, signed in by the clock of now."""
    with browser(site, signed_in(bench.app, OWNER, now=bench.clock())) as client:
        client.headers["origin"] = site
        yield client


def product(bench: Bench) -> str:
    with bench.app.store.reading() as unit:
        (one,) = unit.products.of_connection("mine")
    return one.id


def words(page: httpx.Response) -> str:
    """The page as it is read."""
    assert page.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def test_a_person_waives_a_gap_with_its_end_and_ends_it_herself(bench: Bench, owner: httpx.Client) -> None:
    place = f"{place_of(product(bench))}/constraints/residual-risks"
    said = words(owner.get(place))
    assert "There is none in force." in said
    assert "It does not apply to this product" not in said  # it applies to every product of the clause
    until = (bench.clock().date() + timedelta(days=60)).isoformat()
    form = {"kind": "waived", "reason": 'The report comes with "4.4" <b>', "approver": "Mara Voss", "until": until}
    answer = owner.post(f"{place}/decide", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, place)
    assert bench.app.queue.live("mine", JobKind.REVIEW) == 1
    page = owner.get(place)
    assert "The review that takes it up was asked for." in words(page)
    assert 'Waived by Mara Voss until 1 May 2026: The report comes with "4.4" <b>' in words(page)
    assert "Entered by owner@example.org on 2 March 2026." in words(page)
    assert "<b>" not in page.text.split("The report comes with")[1][:40]
    (decision,) = re.findall(r'name="decision" value="(\d+)"', page.text)
    assert owner.post(f"{place}/decide/end", data={"decision": decision}).status_code == 303
    assert "1 former decision" in words(owner.get(place))
    with bench.app.store.reading() as unit:
        (waiver,) = unit.waivers.of_product(product(bench), CLAUSE)
        acts = [one.act for one in unit.deeds.of_product("mine", product(bench))][:2]
    assert (waiver.kind, waiver.by, waiver.ended_at) == (WaiverKind.WAIVED, OWNER.email, bench.clock())
    assert acts == [Act.WAIVER_ENDED, Act.WAIVED]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"reason": " "}, "Say why."),
        ({"approver": " "}, "Say who answers for it."),
        ({"until": "2026-01-01"}, "2026-01-01 is past"),
        ({"until": "2199-01-01"}, "is the last day that can be named"),
        ({"until": "soon"}, "Missing or not understood: until."),
        ({"kind": "satisfied"}, "Missing or not understood: kind."),
        ({"kind": "not applicable"}, "its gap can only be waived"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_in_words(
    bench: Bench, owner: httpx.Client, changes: dict[str, str], refusal: str
) -> None:
    place = f"{place_of(product(bench))}/constraints/residual-risks/decide"
    form = {"kind": "waived", "reason": "r", "approver": "a", "until": "2026-06-01"} | changes
    answer = owner.post(place, data=form)
    assert answer.status_code == 400
    assert refusal in unescape(answer.text)


def test_a_person_calls_a_verdict_wrong_and_the_verdict_stays(bench: Bench, owner: httpx.Client) -> None:
    place = f"{place_of(product(bench))}/constraints/account-management"
    before = words(owner.get(place))
    assert re.search(r"Read on 2 March 2026, revision \S", before)
    assert "Nobody has called a verdict on this constraint wrong." in before
    for file in ("guide", ""):
        form = {"file": file, "claimed": "missing", "reason": "It is about another log-in."}
        assert owner.post(f"{place}/object", data=form).headers["location"] == place
    page = owner.get(place)
    said = "owner@example.org thinks that it is missing, not satisfied: It is about another log-in."
    assert words(page).count(said) == 4  # beside each verdict, and in the list
    assert "✓ satisfied Monitor Security Guide.md" in words(page)
    (_, first) = re.findall(r'name="objection" value="(\d+)"', page.text)
    assert owner.post(f"{place}/object/withdraw", data={"objection": first}).status_code == 303
    assert f"{said} 2 March 2026, withdrawn on 2 March 2026" in words(owner.get(place))
    refused = owner.post(f"{place}/object", data={"file": "guide", "claimed": "satisfied", "reason": "x"})
    assert (refused.status_code, "The outcome is satisfied already" in refused.text) == (400, True)


def test_how_a_constraint_stood_is_told_from_the_beginning(bench: Bench, owner: httpx.Client) -> None:
    page = words(owner.get(f"{place_of(product(bench))}/constraints/secure-operation"))
    assert "How it stood over time 2 March 2026:" in page


def test_who_may_only_look_and_who_sees_nothing_change_nothing(bench: Bench, site: str) -> None:
    place = place_of(product(bench))
    with bench.app.store.transaction() as unit:
        unit.people.add(
            a_member(product=product(bench), role=Role.VIEWER, subject=BEN.subject, accepted_at=bench.clock())
        )
    posts = (
        (
            "constraints/residual-risks/decide",
            {"kind": "waived", "reason": "r", "approver": "a", "until": "2026-06-01"},
        ),
        ("constraints/residual-risks/decide/end", {"decision": "1"}),
        ("constraints/account-management/object", {"claimed": "missing", "reason": "r", "file": "guide"}),
        ("constraints/account-management/object/withdraw", {"objection": "1"}),
        ("documents/suggestions/accept", {"file": "noise-1"}),
        ("documents/suggestions/ignore", {"file": "noise-1"}),
        ("documents/suggestions/undo", {"file": "noise-1"}),
        ("product/name", {"name": "Another"}),
        ("product/folders", {"everything": "yes"}),
    )
    stranger = Person(subject="subject-stranger", email="stranger@maker.example")
    for person, status in ((BEN, 403), (stranger, 404), (None, 303)):
        held = signed_in(bench.app, person, now=bench.clock()) if person else None
        with browser(site, held) as client:
            client.headers["origin"] = site
            for where, form in posts:
                assert client.post(f"{place}/{where}", data=form).status_code == status, (where, status)
            if person is BEN:
                assert f'action="{place}/constraints' not in client.get(f"{place}/constraints/residual-risks").text


@pytest.fixture
def notes(bench: Bench) -> None:
    """Two files that no name gives away, and a look at the whole that finds them."""
    bench.memory.put("notes", b"The residual risk of the export is accepted.", name="Monday.txt")
    bench.memory.put("party", b"No residual risk at the party.", name="<i>Party</i>.txt")
    bench.clock.later(timedelta(days=8))
    bench.night()


@pytest.mark.usefixtures("notes")
def test_a_suggestion_is_accepted_read_and_taken_back(bench: Bench, owner: httpx.Client) -> None:
    place = f"{place_of(product(bench))}/documents"
    page = words(owner.get(place))
    assert "1 candidate" in page
    assert "Monday.txt In memory Speaks of “residual risk”." in page
    assert owner.post(f"{place}/suggestions/ignore", data={"file": "party"}).status_code == 303
    assert owner.post(f"{place}/suggestions/accept", data={"file": "notes"}).status_code == 303
    assert "Reading documents: 1 of 2." in words(owner.get(place))
    bench.work()
    page = words(owner.get(place))
    assert "2 candidates" in page
    assert "Flagged by owner@example.org, who accepted it" in page
    assert "1 ignored suggestion <i>Party</i>.txt" in page
    assert bench.states()[ScanState.SCANNED] == 2
    assert owner.post(f"{place}/suggestions/undo", data={"file": "notes"}).status_code == 303
    assert owner.post(f"{place}/suggestions/accept", data={"file": "nothing"}).status_code == 404
    assert "1 candidate" in words(owner.get(place))


def test_candidates_are_found_by_state_and_words_a_part_at_a_time(bench: Bench, owner: httpx.Client) -> None:
    place = f"{place_of(product(bench))}/documents"
    for number in range(60):
        bench.memory.put(f"m-{number:02}", b"", name=f"User Manual 100%_{number:02}.bin", path="In memory / Old_%")
    bench.memory.put("hostile", b"", name=HOSTILE)
    bench.memory.block("hostile", "its owner has switched off downloading")
    bench.handlers().sync("mine")
    answer = owner.get(place)
    assert len(answer.content) < 60_000
    assert "62 candidates" in words(answer)
    assert "Part 1 of 2" in words(answer)
    assert "Part 2 of 2" in words(owner.get(place, params={"page": 2}))
    assert "This part is empty" in words(owner.get(place, params={"page": 9}))
    for asked, found in (
        ({"q": "manual 100%_5"}, "10 candidates, what"),
        ({"q": "old_%"}, "60 candidates, 1 to 50"),
        ({"q": "monitor", "state": "scanned"}, "1 candidate, what"),
        ({"q": "nothing like it"}, "No candidate is like that."),
        ({"state": "rubbish"}, "62 candidates, 1 to 50"),
        ({"state": "undetermined"}, "No candidate is like that."),
    ):
        assert found in words(owner.get(place, params=asked)), asked
    hostile = owner.get(place, params={"q": "<img onerror"})
    assert HOSTILE in words(hostile)
    assert "<img onerror" not in hostile.text
    assert owner.get(place, params={"page": 0}).status_code == 400
    for number in range(60):
        bench.memory.take(f"m-{number:02}")
    bench.handlers().sync("mine")
    bench.work()
    said = words(owner.get(place))
    assert "2 candidates, 1 could not be checked" in said
    assert "Could not check, because its owner has switched off downloading" in said
    for where in ("", "/documents", "/constraints/residual-risks", "/activity", "/releases", "/alerts", "/product"):
        shown = owner.get(f"{place_of(product(bench))}{where}").text
        assert "<img onerror" not in shown
        if where in {"", "/documents", "/constraints/residual-risks"}:
            assert "&lt;img onerror=alert(1) src=x&gt;" in shown


def test_the_product_is_named_and_its_folders_are_wished_for(bench: Bench, owner: httpx.Client) -> None:
    place = f"{place_of(product(bench))}/product"
    assert "Everything that owner@example.org sees." in words(owner.get(place))
    assert owner.post(f"{place}/name", data={"name": "Monitor <b>"}).status_code == 303
    assert owner.post(f"{place}/name", data={"name": " "}).status_code == 400
    page = owner.get(place)
    assert "Monitor <b>" in words(page)
    assert "<b>" not in re.sub(r"<h1>.*?</h1>", "", page.text).split("Its name")[0].split("Product</a>")[-1]
    for form, refusal in (
        ({}, "Give the addresses of folders"),
        ({"addresses": "a", "everything": "yes"}, "Give the addresses of folders"),
        ({"addresses": "\n".join("abcdefghijklmnopqrstu")}, "20 folders and shared drives are the most"),
    ):
        answer = owner.post(f"{place}/folders", data=form)
        assert (answer.status_code, refusal in answer.text) == (400, True)
    assert owner.post(f"{place}/folders", data={"addresses": " x \n\n y "}).status_code == 303
    assert bench.app.queue.live("mine", JobKind.SYNC) == 1
    assert "A change to 2 folders waits for the next look" in words(owner.get(place))
    with bench.app.store.transaction() as unit:
        assert unit.choices.get("mine").wanted == ("x", "y")
        unit.choices.refused("mine", "“<i>” is no folder")
        acts = [(one.act, one.about) for one in unit.deeds.of_product("mine", product(bench))][:2]
    assert acts == [(Act.FOLDERS_CHANGED, "2 folders"), (Act.PRODUCT_CHANGED, "Monitor <b>")]
    assert "The last change was not taken: “<i>” is no folder" in words(owner.get(place))
    bench.app.queue.forget("mine")
