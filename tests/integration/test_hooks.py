"""Programs and people tell of releases over loopback: webhooks and the page."""

import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from scanner.app import App
from scanner.model.connection import product_id_of
from scanner.model.hook import HookKind
from scanner.model.release import ReleaseOrigin, ReleaseState
from scanner.pipeline.deliveries import MAX_BYTES, sign
from scanner.pipeline.hooks import Made
from tests.site_builders import NOW, browser, connect, cookies, place

ANNA = product_id_of("c-anna")
RELEASES = f"{place('anna')}/releases"
RELEASED = {
    "action": "published",
    "repository": {"full_name": "maker/pulseview"},
    "release": {"tag_name": "v4.3.0", "draft": False, "prerelease": False, "published_at": "2026-05-14T10:00:00Z"},
}


@pytest.fixture(scope="module", autouse=True)
def anna(app: App) -> None:
    connect(app, "anna")


@pytest.fixture(autouse=True)
def nothing_known(app: App) -> Iterator[None]:
    yield
    with app.store.transaction() as unit:
        unit.connections.purge("c-anna")
    connect(app, "anna")


def states(app: App) -> dict[str, ReleaseState]:
    with app.store.reading() as unit:
        return {one.version: one.state for one in unit.products.releases(ANNA)}


def github(site: str, made: Made, body: object, *, event: str = "release", key: str = "") -> httpx.Response:
    written = json.dumps(body).encode()
    headers = {"X-GitHub-Event": event, "X-Hub-Signature-256": sign((key or made.secret).encode(), written)}
    return httpx.post(f"{site}/hooks/{made.hook.id}", content=written, headers=headers, trust_env=False)


def test_a_release_on_github_waits_for_a_yes_and_the_next_is_taken(app: App, site: str) -> None:
    made = app.hooks.make(ANNA, HookKind.GITHUB)
    answer = github(site, made, RELEASED)
    assert (answer.status_code, answer.json()) == (201, {"said": "4.3.0 is waiting.", "state": "waiting"})
    assert app.queue.list() == ()
    with app.store.reading() as unit:
        (release,) = unit.products.releases(ANNA)
        ((hook), *_) = unit.hooks.of_product(ANNA)
    assert release.line == f"4.3.0 of 14 May 2026 (GitHub: maker/pulseview (hook {made.hook.id[:6]}…))"
    assert (release.origin, release.via, hook.heard_at) == (ReleaseOrigin.GITHUB, made.hook.id, NOW)
    assert app.releases.confirm(ANNA, "4.3.0")
    tag = {"ref": "v4.4.0", "ref_type": "tag", "repository": {"full_name": "maker/pulseview"}}
    assert github(site, made, tag, event="create").json()["state"] == "confirmed"
    assert states(app) == {"4.3.0": ReleaseState.CONFIRMED, "4.4.0": ReleaseState.CONFIRMED}


def test_a_replay_changes_nothing_also_after_a_no(app: App, site: str) -> None:
    made = app.hooks.make(ANNA, HookKind.GITHUB)
    github(site, made, RELEASED)
    again = github(site, made, RELEASED)
    assert (again.status_code, again.json()["said"]) == (200, "4.3.0 is known or was refused.")
    assert app.releases.refuse(ANNA, "4.3.0")
    assert github(site, made, RELEASED).status_code == 200
    assert states(app) == {"4.3.0": ReleaseState.REFUSED}


def test_what_does_not_prove_itself_is_refused_and_nothing_is_kept(app: App, site: str) -> None:
    made = app.hooks.make(ANNA, HookKind.GITHUB)
    assert github(site, made, RELEASED, key="guessed").status_code == 401
    assert httpx.post(f"{site}/hooks/{made.hook.id}", content=b"{}", trust_env=False).status_code == 401
    assert httpx.post(f"{site}/hooks/unknown", content=b"{}", trust_env=False).status_code == 404
    assert httpx.get(f"{site}/hooks/{made.hook.id}", trust_env=False).status_code == 405
    app.hooks.end(ANNA, made.hook.id)
    assert github(site, made, RELEASED).status_code == 404
    assert states(app) == {}


def test_a_pre_release_is_heard_and_not_taken(app: App, site: str) -> None:
    made = app.hooks.make(ANNA, HookKind.GITHUB)
    answer = github(site, made, {"zen": "Speak like a human."}, event="ping")
    assert (answer.status_code, answer.json()["said"]) == (
        202,
        "Heard, but only the events `release` and `create` tell of releases.",
    )


def test_another_program_signs_a_time_with_its_body(app: App, site: str) -> None:
    made = app.hooks.make(ANNA, HookKind.WEBHOOK)
    body, stamp = b'{"version": "4.3.0", "released_on": "2026-05-14"}', str(int(NOW.timestamp()))
    signed = {"X-Crosswalk-Signature": sign(made.secret.encode(), stamp.encode() + b"." + body)}
    place = f"{site}/hooks/{made.hook.id}"
    late = {**signed, "X-Crosswalk-Timestamp": str(int(NOW.timestamp()) - 900)}
    assert httpx.post(place, content=body, headers=late, trust_env=False).status_code == 401
    fresh = {**signed, "X-Crosswalk-Timestamp": stamp}
    assert httpx.post(place, content=body, headers=fresh, trust_env=False).status_code == 201
    assert states(app) == {"4.3.0": ReleaseState.WAITING}


def test_a_body_that_is_too_long_is_cut_off(app: App, site: str) -> None:
    made = app.hooks.make(ANNA, HookKind.GITHUB)
    wire = http.client.HTTPConnection(site.removeprefix("http://"), timeout=10)
    wire.putrequest("POST", f"/hooks/{made.hook.id}")
    wire.putheader("Content-Length", str(50 * MAX_BYTES))
    wire.endheaders(b"x" * (MAX_BYTES + 1))
    began = time.monotonic()
    assert wire.getresponse().status == 413
    assert time.monotonic() - began < 5  # without waiting for the other 49 MB
    wire.close()


def test_secrets_are_kept_sealed_and_survive_a_new_vault_key(app: App, site: str) -> None:
    hooks = [app.hooks.make(ANNA, kind) for kind in HookKind]
    kept = b"".join(file.read_bytes() for file in Path(app.settings.home).rglob("*") if file.is_file())
    assert not any(made.secret.encode() in kept or made.secret in repr(made) for made in hooks)
    app.connector.rotate()
    app.hooks.reseal()
    app.connector.prune()
    assert github(site, hooks[0], RELEASED).status_code == 201


def test_a_person_adds_confirms_and_refuses_on_the_page(app: App, site: str) -> None:
    made = app.hooks.make(ANNA, HookKind.GITHUB)
    github(site, made, RELEASED)
    ours = {"Origin": site, "Sec-Fetch-Site": "same-origin"}
    with browser(site, cookies(app, "anna")) as anna:
        assert "Is this a release of yours: 4.3.0 of 14 May 2026 (GitHub: maker/pulseview" in anna.get(RELEASES).text
        assert anna.post(f"{RELEASES}/confirm", data={"version": "4.3.0"}, headers=ours).status_code == 303
        added = anna.post(RELEASES, data={"version": "4.4.0", "day": "2026-05-15"}, headers=ours)
        assert added.status_code == 303
        assert anna.post(RELEASES, data={"version": "4.5", "day": "soon"}, headers=ours).status_code == 400
        assert anna.post(RELEASES, data={"version": " "}, headers=ours).status_code == 400
        anna.post(f"{RELEASES}/refuse", data={"version": "4.4.0"}, headers=ours)
        assert states(app) == {"4.3.0": ReleaseState.CONFIRMED, "4.4.0": ReleaseState.REFUSED}
        secret = anna.post(f"{RELEASES}/hooks", data={"kind": "webhook"}, headers=ours).text
        assert "It is shown only now." in secret
        assert "It is shown only now." not in anna.get(RELEASES).text
        assert anna.post(f"{RELEASES}/hooks", data={"kind": "pigeon"}, headers=ours).status_code == 400
        anna.post(f"{RELEASES}/hooks/end", data={"hook": made.hook.id}, headers=ours)
        assert made.hook.id not in anna.get(RELEASES).text
        assert anna.post(f"{RELEASES}/confirm", data={"version": "4.3.0"}).status_code == 403  # from another site
    with browser(site) as nobody:
        answer = nobody.post(RELEASES, data={"version": "9.9"}, headers=ours)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?to={quote(place('anna'), safe='')}")
    assert "9.9" not in states(app)
