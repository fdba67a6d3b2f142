"""Products over the API: an owner adds one, calls it by names and gives it folders, as on pages and by commands."""

from collections.abc import Iterator

import httpx
import pytest

from connector import Folder
from scanner.app import App
from scanner.model.deed import Act
from scanner.model.job import JobKind
from scanner.model.person import Role
from tests.api_builders import ANNA, BEN, CONNECTION, PRODUCT, filled, program, secret_of, share

HERE = f"/products/{PRODUCT}"
GATEWAY = {"id": "gateway-1", "name": "Gateway"}


@pytest.fixture
def anna(app: App, site: str) -> Iterator[httpx.Client]:
    """Give Anna her product and some folders, and a program that asks in her name."""
    with filled(app), program(site, secret_of(app)) as client:
        with app.store.transaction() as unit:
            folders = (
                Folder(id="root", name="My Drive"),
                *(Folder(id=f"gateway-{number}", name=name, parent="root") for number, name in enumerate("AB", 2)),
                Folder(id="gateway-1", name="Gateway", parent="root"),
                Folder(id="twin-1", name="Twin", parent="root"),
                Folder(id="twin-2", name="Twin", parent="gateway-1"),
            )
            unit.folders.saw(CONNECTION, folders, sync_id="s1")
        yield client


def faults(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 422, answer.text
    found: list[dict[str, str]] = answer.json()["errors"]
    return found


def test_another_product_is_added_of_folders_named_as_a_browser_or_a_person_does(app: App, anna: httpx.Client) -> None:
    address = "https://drive.google.com/drive/folders/gateway-1?usp=sharing"
    made = anna.post(f"{HERE}/another", json={"name": "Gateway", "folders": [address, "Gateway", "A"]})
    assert made.status_code == 201
    body = made.json()
    assert (body["name"], body["role"], body["drive"]["account"]) == ("Gateway", "owner", ANNA.email)
    assert body["folders"] == [{"id": "gateway-2", "name": "A"}, GATEWAY]
    assert anna.get(f"/products/{body['id']}").json() == body
    assert {one["id"] for one in anna.get("/products").json()["items"]} == {PRODUCT, body["id"]}
    with app.store.reading() as unit:
        (told,) = unit.recipients.of_product(body["id"])
        (added,) = (one for one in unit.deeds.of_product(CONNECTION, body["id"]) if one.product)
    assert told.address == ANNA.email
    assert (added.by, added.act, added.about) == (ANNA.email, Act.PRODUCT_ADDED, "Gateway")
    reviews = {job.args["product"] for job in app.queue.list(connection=CONNECTION) if job.kind is JobKind.REVIEW}
    assert reviews == {PRODUCT, body["id"]}


def test_names_naming_and_folders_are_put_whole_and_told_at_once(anna: httpx.Client) -> None:
    assert anna.put(f"{HERE}/name", json={"name": "PulseView 5"}).json()["name"] == "PulseView 5"
    said = anna.put(f"{HERE}/naming", json={"also_called": ["PV-200", "PV-200"], "naming": ["DHF-*-SEC*"]}).json()
    assert (said["also_called"], said["naming"]) == (["PV-200"], ["DHF-*-SEC*"])
    assert anna.put(f"{HERE}/folders", json={"folders": ["gateway-1"]}).json()["folders"] == [GATEWAY]
    assert anna.put(f"{HERE}/folders", json={"folders": []}).json()["folders"] == []
    assert anna.put(f"{HERE}/naming", json={"also_called": [], "naming": []}).json()["also_called"] == []


def test_a_folder_that_no_look_sees_any_more_can_be_kept(app: App, anna: httpx.Client) -> None:
    anna.put(f"{HERE}/folders", json={"folders": ["gateway-1"]})
    with app.store.transaction() as unit:
        unit.folders.lost(CONNECTION, ["gateway-1"])
    kept = anna.put(f"{HERE}/folders", json={"folders": ["gateway-1", "B"]}).json()["folders"]
    assert kept == [{"id": "gateway-3", "name": "B"}, GATEWAY]


def test_what_cannot_be_is_refused_in_words_and_changes_nothing(anna: httpx.Client) -> None:
    anna.put(f"{HERE}/name", json={"name": "PulseView"})
    before = anna.get(HERE).json()
    twin = anna.post(f"{HERE}/another", json={"name": "pulseview"})
    assert faults(twin) == [
        {"detail": "There is a product pulseview already: give this one another name.", "pointer": "#"}
    ]
    several = anna.put(f"{HERE}/folders", json={"folders": ["Twin"]})
    assert faults(several) == [
        {"detail": "There are several folders “Twin”: give the address of one.", "pointer": "#/folders"}
    ]
    for place, body in (
        ("folders", {"folders": ["nowhere"]}),
        ("naming", {"also_called": [], "naming": ["*.pdf"]}),
        ("naming", {"also_called": ["PV-200"]}),
        ("name", {"name": " "}),
        ("name", {"name": "x" * 81}),
        ("name", {"name": "a\nb"}),
    ):
        assert faults(anna.put(f"{HERE}/{place}", json=body)), (place, body)
    assert anna.get(HERE).json() == before
    assert len(anna.get("/products").json()["items"]) == 1
    assert anna.delete(HERE).status_code == 405  # it is removed on its page


def test_a_member_calls_it_by_another_name_and_decides_nothing_else(app: App, site: str, anna: httpx.Client) -> None:
    share(app, Role.MEMBER)
    with program(site, secret_of(app, BEN)) as bens:
        assert bens.put(f"{HERE}/name", json={"name": "PulseView 6"}).json()["role"] == "member"
        for method, place, body in (
            ("POST", "another", {"name": "Bens"}),
            ("PUT", "naming", {"also_called": [], "naming": []}),
            ("PUT", "folders", {"folders": ["gateway-1"]}),
        ):
            assert bens.request(method, f"{HERE}/{place}", json=body).status_code == 403
    assert anna.get(HERE).json()["name"] == "PulseView 6"
