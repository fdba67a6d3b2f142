"""Who sees a product, as what, and until when; asked at each request, over a real server."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from scanner.app import App
from scanner.model.connection import product_id_of
from scanner.model.deed import Act, Deed
from scanner.model.person import Member, Person, Role
from scanner.web.scope import scope_of, seen_by
from tests.builders import a_member, a_release
from tests.site_builders import NOW, browser, connect, cookies, place

PRODUCT = product_id_of("c-anna")
BEN = Person(subject="subject-ben", email="ben@maker.example")


@pytest.fixture(autouse=True)
def anna(app: App) -> Iterator[None]:
    """Give Anna a product that is shared with nobody."""
    connect(app, "anna")
    yield
    for name in ("anna", "ben"):
        app.queue.forget(f"c-{name}")
    with app.store.transaction() as unit:
        for name in ("anna", "ben"):
            unit.connections.purge(f"c-{name}")


def shared(app: App, role: Role, **changes: object) -> Member:
    """Share Anna's product with Ben."""
    member = a_member(product=PRODUCT, role=role, subject=BEN.subject, accepted_at=NOW, **changes)
    with app.store.transaction() as unit:
        unit.people.add(member)
    return member


def as_ben(app: App, site: str) -> httpx.Client:
    client = browser(site, cookies(app, "ben"))
    client.headers["origin"] = site
    return client


@pytest.mark.parametrize(("role", "asked"), [(Role.VIEWER, 403), (Role.MEMBER, 303)])
def test_a_viewer_looks_and_a_member_acts(app: App, site: str, role: Role, asked: int) -> None:
    shared(app, role)
    with as_ben(app, site) as ben:
        assert ben.get("/").headers["location"] == place("anna")
        page = ben.get(place("anna")).text
        assert ("Look again now" in page) is (role is Role.MEMBER)
        assert "Disconnect" not in page
        answer = ben.post(f"{place('anna')}/sync")
        assert answer.status_code == asked
    assert app.queue.live("c-anna") == (1 if role is Role.MEMBER else 0)
    if role is Role.VIEWER:
        assert "You can look, and not change anything here" in answer.text
        assert "Ask anna@maker.example, who owns it." in answer.text


def test_what_changes_about_a_person_counts_at_her_next_request(app: App, site: str) -> None:
    member = shared(app, Role.VIEWER)
    with as_ben(app, site) as ben:
        assert ben.post(f"{place('anna')}/sync").status_code == 403
        with app.store.transaction() as unit:
            assert unit.people.change(PRODUCT, member.id, Role.MEMBER) == replace(member, role=Role.MEMBER)
        assert ben.post(f"{place('anna')}/sync").status_code == 303
        with app.store.transaction() as unit:
            assert unit.people.change("another product", member.id, Role.VIEWER) is None
            assert unit.people.remove("another product", member.id) is None
            assert unit.people.remove(PRODUCT, member.id)
        assert ben.get(place("anna")).status_code == 404
        assert ben.get("/").headers["location"] == "/products"
        assert "Nothing is shared with you yet" in ben.get("/products").text


def test_an_invitation_that_nobody_accepted_opens_nothing(app: App) -> None:
    with app.store.transaction() as unit:
        unit.people.add(a_member(product=PRODUCT))
    assert scope_of(app, BEN, PRODUCT) is None
    assert scope_of(app, Person(subject="", email="ben@maker.example"), PRODUCT) is None
    with app.store.transaction() as unit:
        assert unit.people.accept("m-ben", BEN.subject, now=NOW)
        assert not unit.people.accept("m-ben", "subject-thief", now=NOW)
    scope = scope_of(app, BEN, PRODUCT)
    assert scope is not None
    assert (scope.role, scope.connection.id, scope.product.id) == (Role.MEMBER, "c-anna", PRODUCT)


def test_of_several_roles_the_strongest_counts_and_ones_own_products_come_first(app: App) -> None:
    shared(app, Role.VIEWER)
    shared(app, Role.MEMBER, id="m-2")
    shared(app, Role.VIEWER, id="m-3")
    connect(app, "ben")
    seen = seen_by(app, BEN)
    assert [(product.id, one.role) for product, one in seen] == [
        (product_id_of("c-ben"), Role.OWNER),
        (PRODUCT, Role.MEMBER),
    ]


def test_an_ending_connection_is_nobodys(app: App) -> None:
    shared(app, Role.MEMBER)
    anna = Person(subject="subject-anna", email="anna@maker.example")
    assert scope_of(app, anna, PRODUCT)
    with app.store.transaction() as unit:
        unit.connections.ending("c-anna")
    assert scope_of(app, anna, PRODUCT) is None
    assert scope_of(app, BEN, PRODUCT) is None


def test_what_somebody_does_is_kept_with_who_did_it(app: App, site: str) -> None:
    shared(app, Role.MEMBER)
    with as_ben(app, site) as ben:
        ben.post(f"{place('anna')}/sync")
        ben.post(f"{place('anna')}/sync")  # it waits already
        ben.post(f"{place('anna')}/releases", data={"version": "4.3.0"})
        ben.post(f"{place('anna')}/releases", data={"version": "4.3.0"})  # it is known already
        ben.post(f"{place('anna')}/releases/refuse", data={"version": "4.3.0"})
        secret = ben.post(f"{place('anna')}/releases/hooks", data={"kind": "webhook"}).text
        ben.post(f"{place('anna')}/alerts/choose", data={"address": "carla@maker.example", "rhythm": "weekly"})
        ben.post(f"{place('anna')}/alerts/remove", data={"address": "carla@maker.example"})
        ben.post(f"{place('anna')}/alerts/remove", data={"address": "nobody@maker.example"})
    app.limit("c-anna", {"folder": "Folder"})
    with app.store.reading() as unit:
        (hook,) = unit.hooks.of_product(PRODUCT)
        deeds = unit.deeds.of_product("c-anna", PRODUCT)
    assert [(one.by, one.act, one.about) for one in reversed(deeds)] == [
        (BEN.email, Act.SYNC_ASKED, ""),
        (BEN.email, Act.RELEASE_TOLD, "4.3.0"),
        (BEN.email, Act.RELEASE_REFUSED, "4.3.0"),
        (BEN.email, Act.HOOK_MADE, f"webhook ({hook.id[:6]}…)"),
        (BEN.email, Act.ALERT_CHOSEN, "carla@maker.example (weekly)"),
        (BEN.email, Act.ALERT_REMOVED, "carla@maker.example"),
        ("the command line", Act.FOLDERS_CHANGED, "1 folder"),
    ]
    assert "It is shown only now." in secret


def test_who_did_what_is_shown_to_those_who_act_and_forgotten_after_its_time(app: App, site: str) -> None:
    member = shared(app, Role.MEMBER)
    app.releases.tell(PRODUCT, a_release("<b>4.3.0</b>"), by="<img src=x onerror=alert(1)>")
    with as_ben(app, site) as ben:
        page = ben.get(f"{place('anna')}/activity").text
        assert "told of release &lt;b&gt;4.3.0&lt;/b&gt;" in page
        assert "&lt;img src=x onerror=alert(1)&gt;" in page
        with app.store.transaction() as unit:
            unit.people.change(PRODUCT, member.id, Role.VIEWER)
        assert "Who did what" not in ben.get(f"{place('anna')}/activity").text
        with app.store.transaction() as unit:
            old = Deed(by="ben@maker.example", act=Act.WAIVED, about="x", at=NOW - timedelta(days=400, seconds=1))
            unit.deeds.add("c-anna", old)
            unit.sign_ins.begin("long ago", BEN, now=NOW - timedelta(days=2))
        app.sweep()
        with app.store.reading() as unit:
            assert [one.act for one in unit.deeds.of_product("c-anna", PRODUCT)] == [Act.RELEASE_TOLD]
            assert unit.sign_ins.get("long ago") is None
        assert ben.get(place("anna")).status_code == 200  # she is signed in still
