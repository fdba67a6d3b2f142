"""The pages of several products: an owner makes one of a folder, and who sees one product sees nothing of another."""

from collections.abc import Iterator

import httpx
import pytest
from typer.testing import CliRunner

from connector import Folder, SourceFile
from scanner.app import App
from scanner.cli.main import app as command
from scanner.model.candidate import Candidate, SignalHit
from scanner.model.connection import product_id_of
from scanner.model.deed import Act
from scanner.model.job import Priority
from scanner.model.person import Person, Role
from scanner.pipeline.orders import scan_job
from tests.api_builders import program, secret_of
from tests.builders import a_file, a_member
from tests.site_builders import CLAUSE, NOW, browser, connect, cookies, place, signed_in

ORIGIN = {"Sec-Fetch-Site": "same-origin"}
BEN = Person(subject="subject-ben", email="ben@maker.example")


def in_folder(folder: str, name: str) -> SourceFile:
    return a_file(name, id=f"in-{folder}", path="My Drive", modified_at=None, link="", folder=folder)


@pytest.fixture
def owner(app: App, site: str) -> Iterator[httpx.Client]:
    ident = connect(app, "anna")
    file, others = in_folder("gateway", "Gateway Guide.pdf"), in_folder("root", "Monitor <b>Guide</b>.pdf")
    folders = (Folder(id="root", name="My Drive"), Folder(id="gateway", name="Gateway <i>", parent="root"))
    with app.store.transaction() as unit:
        unit.folders.saw(ident, folders, sync_id="s1")
        unit.files.saw(ident, (file, others), sync_id="s1")
        for one in (file, others):
            hit = SignalHit(signal="file-name", field="name", text="Guide")
            unit.candidates.flag(ident, Candidate(file=one, clause=CLAUSE, hits=(hit,)), revision="r1")
    with browser(site, cookies(app, "anna")) as client:
        yield client
    with app.store.transaction() as unit:  # the next one begins anew
        unit.connections.purge(ident)


def another(owner: httpx.Client) -> str:
    """Make a product of the folder and return its place."""
    form = {"name": "Gateway", "pick": "gateway"}
    answer = owner.post(f"{place('anna')}/product/another", data=form, headers=ORIGIN)
    assert answer.status_code == httpx.codes.SEE_OTHER
    return answer.headers["location"].removesuffix("/product")


def test_a_product_is_made_of_a_folder_that_is_looked_for_and_shows_its_documents_only(owner: httpx.Client) -> None:
    chooser = owner.get(f"{place('anna')}/product/another").text
    assert "My Drive" in chooser
    assert "Gateway &lt;i&gt;" in owner.get(f"{place('anna')}/product/another?in=root&name=G").text
    found = owner.get(f"{place('anna')}/product/another", params={"q": "https://drive.google.com/x/folders/gateway"})
    assert 'value="gateway"' in found.text
    made = another(owner)
    page = owner.get(f"{made}/documents").text
    assert "Gateway Guide.pdf" in page
    assert "Monitor" not in page
    assert "Monitor &lt;b&gt;Guide&lt;/b&gt;.pdf" in owner.get(f"{place('anna')}/documents").text


def test_what_lies_in_no_products_folders_is_told_to_the_owner(owner: httpx.Client) -> None:
    another(owner)
    mine = f"{place('anna')}/product"
    assert "in no product" not in owner.get(mine).text + owner.get(f"{place('anna')}/documents").text
    assert owner.post(f"{mine}/belongs", data={"pick": "gateway"}, headers=ORIGIN).status_code == httpx.codes.SEE_OTHER
    page = owner.get(mine).text
    assert "1 candidate of this Drive in no product" in page
    assert "Monitor &lt;b&gt;Guide&lt;/b&gt;.pdf" in page
    told = owner.get(f"{place('anna')}/documents").text
    assert "1 further candidate of this Drive lies in no product’s folders" in told


def test_who_sees_one_product_learns_nothing_of_the_other(app: App, site: str, owner: httpx.Client) -> None:
    made = another(owner)
    with app.store.transaction() as unit:
        product = made.rpartition("/")[2]
        unit.people.add(a_member(product=product, subject=BEN.subject, role=Role.MEMBER, accepted_at=NOW))
    app.queue.enqueue(
        [scan_job("c-anna", f"in-{one}", CLAUSE, "r1", priority=Priority.NIGHT) for one in ("gateway", "root")]
    )
    assert "Monitor" in owner.get(f"{made}/activity").text  # who owns both sees what is done for both
    with browser(site, signed_in(app, BEN, now=NOW)) as ben:
        assert "Gateway Guide.pdf" in ben.get(f"{made}/activity").text
        assert ben.get(place("anna")).status_code == httpx.codes.NOT_FOUND
        for page in ("", "/documents", "/activity", "/product", "/releases"):
            shown = ben.get(f"{made}{page}")
            assert shown.status_code == httpx.codes.OK
            assert "Monitor" not in shown.text
            assert "PulseView" not in shown.text
        assert ben.get(f"{made}/product/belongs").status_code == httpx.codes.FORBIDDEN
    app.queue.forget("c-anna")


def test_a_product_is_removed_once_what_goes_with_it_was_said(app: App, owner: httpx.Client) -> None:
    made = another(owner)
    assert "1 recipient" in owner.get(f"{made}/product").text
    unsure = owner.post(f"{made}/product/remove", headers=ORIGIN)
    assert unsure.status_code == httpx.codes.BAD_REQUEST
    assert owner.post(f"{made}/product/remove", data={"sure": "yes"}, headers=ORIGIN).headers["location"] == "/products"
    assert owner.get(made).status_code == httpx.codes.NOT_FOUND
    with app.store.reading() as unit:
        assert [one.id for one in unit.products.of_connection("c-anna")] == [product_id_of("c-anna")]


def test_that_a_product_was_removed_stands_in_the_trail_of_those_that_stay_for_their_owner_alone(
    app: App, site: str, owner: httpx.Client
) -> None:
    made, told = another(owner), "removed the product Gateway"
    owner.post(f"{made}/product/remove", data={"sure": "yes"}, headers=ORIGIN)
    assert told in " ".join(owner.get(f"{place('anna')}/activity").text.split())
    with app.store.transaction() as unit:
        mine = product_id_of("c-anna")
        unit.people.add(a_member(product=mine, subject=BEN.subject, role=Role.MEMBER, accepted_at=NOW))
    anna = Person(subject="subject-anna", email="anna@maker.example")
    with browser(site, signed_in(app, BEN, now=NOW)) as ben:
        page = ben.get(f"{place('anna')}/activity").text
    assert "Who did what" in page
    assert "removed the product" not in page
    for person, acts in ((anna, [Act.PRODUCT_REMOVED]), (BEN, [])):
        with program(site, secret_of(app, person)) as asks:
            deeds = asks.get(f"/products/{mine}/deeds").json()["items"]
        assert [one["act"] for one in deeds if one["about"] == "Gateway"] == acts


def test_names_and_naming_are_kept_line_by_line_and_a_pattern_for_everything_is_refused(owner: httpx.Client) -> None:
    mine = f"{place('anna')}/product"
    form = {"also_called": "PV-200\r\nPulse View\r\n", "patterns": "DHF-*-SEC*"}
    assert owner.post(f"{mine}/naming", data=form, headers=ORIGIN).status_code == httpx.codes.SEE_OTHER
    page = owner.get(mine).text
    assert "PV-200&#10;Pulse View&#10;</textarea>" in page
    assert "DHF-*-SEC*" in page
    refused = owner.post(f"{mine}/naming", data={"patterns": "*"}, headers=ORIGIN)
    assert refused.status_code == httpx.codes.BAD_REQUEST
    assert "nearly every file" in refused.text


def test_the_same_is_done_by_commands(app: App, owner: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert owner.get("/products").status_code == httpx.codes.OK
    monkeypatch.setenv("CROSSWALK_HOME", str(app.settings.home))
    run = CliRunner()
    for line in (
        ("add", "Gateway", "--in", "Gateway <i>"),
        ("change", "Gateway", "--also", "PG-200", "--file", "DHF-*"),
    ):
        answer = run.invoke(command, ["products", *line])
        assert answer.exit_code == 0, answer.output
    with app.store.reading() as unit:
        made = next(one for one in unit.products.of_connection("c-anna") if one.name == "Gateway")
    assert (dict(made.folders), made.also_called, made.naming) == ({"gateway": "Gateway <i>"}, ("PG-200",), ("DHF-*",))
    assert run.invoke(command, ["products", "change", "Gateway", "--in", "nowhere"]).exit_code == 1
    assert run.invoke(command, ["products", "remove", "Gateway", "--yes"]).exit_code == 0
    with app.store.reading() as unit:
        assert len(unit.products.of_connection("c-anna")) == 1
