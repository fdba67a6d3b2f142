"""The JSON API over a real server: who may ask what, what is answered, and one form for every error."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from io import StringIO
from pathlib import Path

import httpx
import pytest

from scanner.app import App
from scanner.model.api_token import TokenScope
from scanner.model.candidate import Candidate, SignalHit
from scanner.model.connection import ScanState, product_id_of
from scanner.model.deed import Act
from scanner.model.job import JobKind, JobState
from scanner.model.person import Role
from scanner.model.release import ReleaseState
from scanner.pipeline.tokens import Tokens
from scanner.report.as_json import AsJson
from scanner.settings import load
from scanner.web.api import PLACE
from scanner.web.api.problems import MEDIA_TYPE, Trouble
from tests.api_builders import (
    ANNA,
    BEN,
    CLAUSE,
    CONNECTION,
    CONSTRAINT,
    NOW,
    PRODUCT,
    STRANGER,
    a_guide,
    count_of,
    fill,
    filled,
    program,
    secret_of,
    share,
)
from tests.report_builders import a_second_report
from tests.site_builders import an_app, browser, cookies, served

BASE = "http://127.0.0.1:8765"
HERE = f"/products/{PRODUCT}"
READS = (
    "/me",
    "/clauses",
    "/products",
    HERE,
    f"{HERE}/report",
    f"{HERE}/reports",
    f"{HERE}/reports/r-1",
    f"{HERE}/constraints/{CONSTRAINT}",
    f"{HERE}/constraints/{CONSTRAINT}/documents",
    f"{HERE}/candidates",
    f"{HERE}/releases",
    f"{HERE}/releases/feed",
    f"{HERE}/waivers",
    f"{HERE}/jobs",
    f"{HERE}/constraints/{CONSTRAINT}/history",
    f"{HERE}/suggestions",
    f"{HERE}/objections",
    f"{HERE}/alerts",
    f"{HERE}/recipients",
    f"{HERE}/mails",
    f"{HERE}/mails/preview",
    f"{HERE}/hooks",
    f"{HERE}/progress",
)
LISTS = (
    *(f"{HERE}/{name}" for name in ("releases", "jobs", "reports", "waivers", "suggestions", "objections", "mails")),
    *(f"{HERE}/{name}" for name in ("deeds", "people", "hooks", f"constraints/{CONSTRAINT}/history")),
    "/products",
)
DECISION: dict[str, object] = {
    "constraint": CONSTRAINT,
    "reason": "It comes with 4.4.",
    "approver": "Mara Voss",
    "until": "2026-12-31",
}
WRITES: tuple[tuple[str, str, dict[str, object] | None], ...] = (
    ("POST", f"{HERE}/releases", {"version": "4.4.0"}),
    ("POST", f"{HERE}/releases/confirm", {"version": "4.3.0"}),
    ("POST", f"{HERE}/releases/refuse", {"version": "4.3.0"}),
    ("PUT", f"{HERE}/releases/feed", {"address": "https://github.com/maker/pulseview"}),
    ("DELETE", f"{HERE}/releases/feed", None),
    ("POST", f"{HERE}/waivers", DECISION),
    ("DELETE", f"{HERE}/waivers/1", None),
    ("POST", f"{HERE}/syncs", None),
    ("POST", f"{HERE}/jobs/1/retry", None),
    ("POST", f"{HERE}/suggestions/accept", {"file": "found-0"}),
    ("POST", f"{HERE}/suggestions/ignore", {"file": "found-0"}),
    ("POST", f"{HERE}/suggestions/undo", {"file": "found-2"}),
    ("POST", f"{HERE}/objections", {"constraint": CONSTRAINT, "claimed": "satisfied", "reason": "It stands there."}),
    ("DELETE", f"{HERE}/objections/1", None),
    ("PUT", f"{HERE}/alerts", {"quotes": True}),
    ("POST", f"{HERE}/recipients", {"address": ANNA.email, "rhythm": "weekly"}),
    ("POST", f"{HERE}/recipients/remove", {"address": ANNA.email}),
    ("POST", f"{HERE}/recipients/resume", {"address": ANNA.email}),
    ("DELETE", f"{HERE}/hooks/h-1", None),
    ("POST", f"{HERE}/another", {"name": "Gateway"}),
    ("PUT", f"{HERE}/name", {"name": "PulseView 5"}),
    ("PUT", f"{HERE}/naming", {"also_called": ["PV-200"], "naming": []}),
    ("PUT", f"{HERE}/folders", {"folders": []}),
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with an_app(tmp_path_factory.mktemp("home"), base_url=BASE, token_per_minute=0) as made:
        yield made


@pytest.fixture(autouse=True)
def product(app: App) -> Iterator[None]:
    """Give Anna her product anew."""
    with filled(app):
        yield


def is_problem(answer: httpx.Response, trouble: Trouble) -> bool:
    """Tell whether an answer is a problem of this kind, whole and nothing else."""
    body = answer.json()
    assert answer.headers["content-type"] == MEDIA_TYPE, answer.text
    assert {"type", "title", "status", "detail", "instance"} <= body.keys() <= {*body.keys(), "errors"}
    assert body["type"] == f"{BASE}/api#{trouble.slug}", body
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", body["instance"])
    return bool(answer.status_code == body["status"] == trouble.status and body["title"] == trouble.title)


def test_nothing_is_told_without_a_token_in_force(app: App, site: str) -> None:
    ended = app.people.tokens.make(ANNA, name="Old", scope=TokenScope.WRITE, days=30)
    assert app.people.tokens.end(ANNA, ended.token.id)
    assert not app.people.tokens.end(ANNA, ended.token.id)
    wrong = ("", "cw_" + "0" * 64, ended.secret, secret_of(app).upper(), "x", secret_of(app, STRANGER))
    for secret in wrong:
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        answer = httpx.get(f"{site}{PLACE}{HERE}/report", headers=headers, trust_env=False)
        assert is_problem(answer, Trouble.NO_TOKEN)
        assert answer.headers["www-authenticate"] == 'Bearer realm="Crosswalk"'
    with browser(site, cookies(app, "anna")) as anna:  # her cookie is no token
        assert is_problem(anna.get(f"{PLACE}{HERE}"), Trouble.NO_TOKEN)
        assert is_problem(anna.get(f"{PLACE}{HERE}?access_token={secret_of(app)}"), Trouble.NO_TOKEN)
    basic = {"Authorization": f"Basic {secret_of(app)}"}
    assert is_problem(httpx.get(f"{site}{PLACE}{HERE}", headers=basic, trust_env=False), Trouble.NO_TOKEN)
    kept = b"".join(file.read_bytes() for file in Path(app.settings.home).rglob("*") if file.is_file())
    assert not re.search(rb"cw_[0-9a-f]{64}", kept)


def test_a_token_ends_by_itself_and_with_its_persons_access(app: App, site: str) -> None:
    share(app, Role.VIEWER)
    made = app.people.tokens.make(BEN, name="Bens", scope=TokenScope.READ, days=30)
    with program(site, made.secret) as bens:
        assert bens.get(HERE).json()["role"] == "viewer"
        with app.store.transaction() as unit:
            (member,) = unit.people.of_product(PRODUCT)
            unit.people.remove(PRODUCT, member.id)
        assert is_problem(bens.get(HERE), Trouble.NO_TOKEN)
    assert app.people.tokens.of_person(ANNA) == ()
    secret_of(app)
    with app.store.transaction() as unit:
        unit.connections.purge(CONNECTION)
        assert unit.api_tokens.of_person(ANNA.subject) == ()


def test_an_expired_token_is_none(app: App) -> None:
    secret = secret_of(app)
    for late, opens in ((timedelta(days=90, seconds=-1), True), (timedelta(days=90), False)):
        tokens = Tokens(store=app.store, now=partial(NOW.__add__, late))
        assert (tokens.of(secret) is not None) is opens


def test_a_stranger_is_answered_as_if_the_product_were_not_there(app: App, site: str) -> None:
    with app.store.transaction() as unit:
        unit.connections.connect(connection_id="c-stranger", subject=STRANGER.subject, email=STRANGER.email, now=NOW)
    app.connected(connection_id="c-stranger", subject=STRANGER.subject, email=STRANGER.email)
    with program(site, secret_of(app, STRANGER)) as stranger:
        for place in READS[3:]:
            theirs, nobodys = stranger.get(place), stranger.get(place.replace(PRODUCT, "p0"))
            assert is_problem(theirs, Trouble.NOT_FOUND)
            bodies = [{**one.json(), "instance": ""} for one in (theirs, nobodys)]
            assert bodies[0] == bodies[1]
        for method, place, body in WRITES:
            assert is_problem(stranger.request(method, place, json=body), Trouble.NOT_FOUND)
        (own,) = stranger.get("/products").json()["items"]
        assert own["drive"]["account"] == STRANGER.email
    with app.store.reading() as unit:
        assert {one.version for one in unit.products.releases(PRODUCT)} == {"4.1.0", "4.2.0", "4.3.0"}


def test_ids_of_anothers_things_lead_nowhere_below_ones_own_product(app: App, site: str) -> None:
    """Also on the pages, where what is not there is passed over in silence."""
    with app.store.transaction() as unit:
        unit.connections.connect(connection_id="c-stranger", subject=STRANGER.subject, email=STRANGER.email, now=NOW)
    app.connected(connection_id="c-stranger", subject=STRANGER.subject, email=STRANGER.email)
    own = f"/products/{product_id_of('c-stranger')}"
    theirs = [(method, place, body) for method, place, body in WRITES if method == "DELETE" and place[-1] == "1"]
    theirs += [("POST", f"{HERE}/suggestions/accept", {"file": "found-0"})]
    before = said(app)
    with program(site, secret_of(app, STRANGER)) as stranger:
        for method, place, body in theirs:
            answer = stranger.request(method, place.replace(HERE, own), json=body)
            assert is_problem(answer, Trouble.NOT_FOUND), place
        assert is_problem(stranger.get(f"{own}/reports/r-1"), Trouble.NOT_FOUND)
    with browser(site, cookies(app, "stranger")) as stranger:
        stranger.headers["origin"] = site
        for place, form in (
            (f"{own}/constraints/residual-risks/decide/end", {"decision": "1"}),
            (f"{own}/constraints/{CONSTRAINT}/object/withdraw", {"objection": "1"}),
            (f"{own}/releases/hooks/end", {"hook": "h-1"}),
        ):
            assert stranger.post(place, data=form).status_code == 303, place
    assert said(app) == before


def said(app: App) -> object:
    """What people said of Anna's product."""
    with app.store.reading() as unit:
        return (
            unit.waivers.of_product(PRODUCT),
            unit.objections.of_product(PRODUCT),
            unit.hooks.of_product(PRODUCT),
            unit.suggestions.some(CONNECTION, CLAUSE, extent="", states=[], after="", limit=10),
            unit.deeds.of_product(CONNECTION, PRODUCT),
        )


@pytest.mark.parametrize(
    ("role", "scope", "sentence"),
    [
        (Role.MEMBER, TokenScope.READ, "The token only reads: make one with write scope."),
        (Role.VIEWER, TokenScope.READ, "The token only reads: make one with write scope."),
        (Role.VIEWER, TokenScope.WRITE, "Its person sees this product as a viewer; members and the owner act."),
    ],
)
def test_the_narrower_of_role_and_scope_counts(
    app: App, site: str, role: Role, scope: TokenScope, sentence: str
) -> None:
    share(app, role)
    with program(site, secret_of(app, BEN, scope)) as ben:
        assert all(ben.get(place).status_code == 200 for place in READS)
        for method, place, body in WRITES:
            answer = ben.request(method, place, json=body)
            assert is_problem(answer, Trouble.NOT_ALLOWED)
            assert answer.json()["detail"] == sentence
    assert [job.kind for job in app.queue.list()].count(JobKind.REVIEW) == 1  # of the decision that `fill` makes


def test_the_report_is_the_one_that_the_command_prints(app: App, site: str) -> None:
    printed = StringIO()
    AsJson().write_report(a_second_report(), pack=app.packs[0], out=printed)
    with program(site, secret_of(app, scope=TokenScope.READ)) as asks:
        newest = asks.get(f"{HERE}/report")
        assert newest.json() == json.loads(printed.getvalue())
        assert asks.get(f"{HERE}/reports/{a_second_report().id}").json() == newest.json()
        heads = asks.get(f"{HERE}/reports").json()["items"]
        assert [one["id"] for one in heads] == [a_second_report().id, "r-1"]
        assert heads[0].items() <= newest.json().items()
        one = asks.get(f"{HERE}/constraints/{CONSTRAINT}").json()
        assert one["report"] == newest.json()["id"]
        assert one["standing"] in newest.json()["standings"]
        assert one["constraint"] in asks.get("/clauses").json()["items"][0]["constraints"]


def test_each_document_says_what_it_gives_on_a_constraint(app: App, site: str) -> None:
    with program(site, secret_of(app)) as asks:
        place = f"{HERE}/constraints/{CONSTRAINT}/documents"
        found = asks.get(place, params={"outcome": "partial"}).json()
        assert [one["file"]["id"] for one in found["items"]] == [f"file-{n:03}" for n in range(3, 15, 6)]
        assert found["items"][0]["citations"] == [
            {"quote": "A sentence about roles.", "facet": "roles", "locator": {"page": 4, "heading": ["Accounts"]}}
        ]
        assert len(asks.get(place).json()["items"]) == 5
        unread = asks.get(f"{HERE}/candidates", params={"state": "undetermined", "limit": 1}).json()["items"]
        assert (unread[0]["because"], unread[0]["facts"]) == ("it is encrypted", None)
        assert unread[0]["flagged"] == [{"signal": "file-name", "field": "name", "text": "Security Guide"}]


def test_a_list_is_walked_without_a_gap_or_a_repetition_while_entries_come(app: App, site: str) -> None:
    """An entry that comes behind the cursor is met, and one before it moves nothing."""
    with program(site, secret_of(app)) as asks:
        met: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = asks.get(f"{HERE}/candidates", params={"limit": 4, **({"cursor": cursor} if cursor else {})}).json()
            met += [one["file"]["id"] for one in page["items"]]
            cursor = page["next"]
            if len(met) == 8:
                flag(app, "file-000a", "file-014a")
    assert met == [*(f"file-{n:03}" for n in range(15)), "file-014a"]
    share(app, Role.MEMBER)
    with program(site, secret_of(app)) as asks:
        for place in LISTS:
            whole, cursor, parts = asks.get(place).json(), "", list[object]()
            assert whole["items"], place
            while cursor is not None:
                page = asks.get(place, params={"limit": 1, "cursor": cursor}).json()
                parts += page["items"]
                cursor = page["next"]
            assert parts == whole["items"]


def flag(app: App, *names: str) -> None:
    """Let files come that are candidates."""
    with app.store.transaction() as unit:
        for name in names:
            file = a_guide(1, id=name)
            unit.files.saw(CONNECTION, [file], sync_id="s1")
            hit = SignalHit(signal="file-name", field="name", text="Security Guide")
            unit.candidates.flag(CONNECTION, Candidate(file=file, clause=CLAUSE, hits=(hit,)), revision="r1")


def test_a_cursor_is_good_for_its_own_list_only(app: App, site: str) -> None:
    with program(site, secret_of(app)) as asks:
        known = asks.get(f"{HERE}/candidates", params={"limit": 1}).json()["next"]
        assert asks.get(f"{HERE}/candidates", params={"cursor": known}).status_code == 200
        for cursor in (known[:-3], known + "A", "x", "é", "%00", "W10", "bnVsbA", "WyJjYW5kaWRhdGVzIiwgMV0"):
            for place in (f"{HERE}/candidates", f"{HERE}/jobs", f"{HERE}/reports"):
                answer = asks.get(place, params={"cursor": cursor})
                assert is_problem(answer, Trouble.INVALID), cursor
                assert answer.json()["errors"] == [{"detail": "It is no `next` of this list.", "parameter": "cursor"}]
        assert is_problem(asks.get(f"{HERE}/jobs", params={"cursor": known}), Trouble.INVALID)


def test_releases_are_told_confirmed_and_refused(app: App, site: str) -> None:
    with program(site, secret_of(app)) as build:
        told = build.post(f"{HERE}/releases", json={"version": "4.4.0", "released_on": "2026-05-15"})
        assert told.status_code == 201
        assert told.json() == {
            "version": "4.4.0",
            "released_on": "2026-05-15",
            "source": "added over the API",
            "origin": "by hand",
            "state": "confirmed",
        }
        assert build.post(f"{HERE}/releases", json={"version": "4.4.0"}).status_code == 200
        assert build.post(f"{HERE}/releases/confirm", json={"version": "4.3.0"}).json()["state"] == "confirmed"
        assert is_problem(build.post(f"{HERE}/releases/confirm", json={"version": "4.3.0"}), Trouble.CONFLICT)
        assert build.post(f"{HERE}/releases/refuse", json={"version": "4.4.0"}).json()["state"] == "refused"
        assert is_problem(build.post(f"{HERE}/releases/refuse", json={"version": "4.4.0"}), Trouble.CONFLICT)
        assert is_problem(build.post(f"{HERE}/releases/refuse", json={"version": "9.9"}), Trouble.NOT_FOUND)
        listed = build.get(f"{HERE}/releases").json()["items"]
    assert [one["version"] for one in listed] == ["4.4.0", "4.3.0", "4.2.0", "4.1.0"]
    with app.store.reading() as unit:
        states = {one.version: one.state for one in unit.products.releases(PRODUCT)}
        deeds = unit.deeds.of_product(CONNECTION, PRODUCT)
    assert states["4.4.0"] is ReleaseState.REFUSED
    assert (ANNA.email, Act.RELEASE_TOLD, "4.4.0") in {(one.by, one.act, one.about) for one in deeds}
    assert (ANNA.email, Act.TOKEN_MADE, "Nightly build (write)") in {(one.by, one.act, one.about) for one in deeds}


def test_decisions_are_made_and_ended_and_syncs_asked_for(app: App, site: str) -> None:
    with program(site, secret_of(app)) as asks:
        made = asks.post(f"{HERE}/waivers", json=DECISION)
        assert made.status_code == 201
        assert (made.json()["kind"], made.json()["in_force"], made.json()["until"]) == ("waived", True, "2026-12-31")
        holding = asks.get(f"{HERE}/waivers", params={"in_force": True}).json()["items"]
        assert [one["constraint"] for one in holding] == [CONSTRAINT, "residual-risks"]
        ended = asks.delete(f"{HERE}/waivers/{made.json()['id']}")
        assert (ended.status_code, ended.content) == (204, b"")
        assert is_problem(asks.delete(f"{HERE}/waivers/{made.json()['id']}"), Trouble.NOT_FOUND)
        assert len(asks.get(f"{HERE}/waivers", params={"in_force": True}).json()["items"]) == 1
        past = asks.post(f"{HERE}/waivers", json={**DECISION, "until": "2026-01-01"})
        assert is_problem(past, Trouble.INVALID)
        assert past.json()["errors"] == [{"detail": "Name a day to come: 2026-01-01 is past.", "pointer": "#"}]
        assert is_problem(asks.post(f"{HERE}/waivers", json={**DECISION, "constraint": "x"}), Trouble.NOT_FOUND)
        assert (asks.post(f"{HERE}/syncs").status_code, asks.post(f"{HERE}/syncs").json()) == (202, {"new": False})
        app.queue.cancel(CONNECTION)
        assert asks.post(f"{HERE}/syncs").json() == {"new": True}
        with app.store.transaction() as unit:
            unit.connections.ending(CONNECTION)
    assert app.queue.list(states=[JobState.QUEUED])[0].kind is JobKind.SYNC


def test_every_error_is_a_problem_and_repeats_nothing_of_what_was_sent(app: App, site: str) -> None:
    secret = secret_of(app)
    with program(site, secret) as asks:
        place = f"{HERE}/waivers"
        answers = [
            (asks.get("/nowhere"), Trouble.NOT_FOUND),
            (asks.get(f"{HERE}%00"), Trouble.INVALID),
            (asks.get(f"{HERE}/candidates", params={"stat": "undetermined"}), Trouble.INVALID),
            (asks.get("/me", params={secret: "1"}), Trouble.INVALID),
            (asks.post(f"{HERE}/syncs", params={"limit": 1}), Trouble.INVALID),
            (asks.get(f"{HERE}%0A/jobs"), Trouble.INVALID),
            (asks.post(f"{HERE}/releases", json={"version": "5", "released_on": 0}), Trouble.INVALID),
            (asks.post(f"{HERE}/releases", json={"version": "5", "released_on": "0"}), Trouble.INVALID),
            (asks.put("/me"), Trouble.NO_SUCH_METHOD),
            (asks.request("BREW", "/me"), Trouble.NO_SUCH_METHOD),
            (asks.get("/me", headers={"Accept": "text/html, application/json;q=0"}), Trouble.NOT_ACCEPTABLE),
            (asks.post(place, content=b"a=1", headers={"Content-Type": "text/plain"}), Trouble.NOT_JSON),
            (asks.post(place, content=b"{", headers={"Content-Type": "application/json"}), Trouble.INVALID),
            (asks.post(place, content=b"[" * 90_000, headers={"Content-Type": "application/json"}), Trouble.MALFORMED),
            (asks.post(place, content=b"\xff", headers={"Content-Type": "application/json"}), Trouble.MALFORMED),
            (asks.post(place, json=DECISION | {"reason": "x" * 200_000}), Trouble.TOO_LARGE),
            (
                asks.post(place, content=iter([b"x" * 60_000] * 3), headers={"Content-Type": "application/json"}),
                Trouble.TOO_LARGE,
            ),
            (asks.post(place, json=DECISION | {"reason": "a\x00b"}), Trouble.INVALID),
            (asks.post(place, json=DECISION | {"until": secret, secret: 1}), Trouble.INVALID),
            (asks.get(f"{HERE}/jobs", params={"limit": secret}), Trouble.INVALID),
            (asks.get(f"{HERE}/jobs", params={"state": secret}), Trouble.INVALID),
            (asks.get(f"/products/{secret}"), Trouble.NOT_FOUND),
            (asks.get(f"{HERE}/report", params={"clause": secret}), Trouble.NOT_FOUND),
        ]
        for answer, trouble in answers:
            assert is_problem(answer, trouble), (trouble, answer.text)
            assert secret not in answer.text
            assert answer.headers["x-content-type-options"] == "nosniff"
        assert asks.put("/me").headers["allow"] == "GET, HEAD"
        assert asks.options(f"{HERE}/releases").headers["allow"] == "GET, HEAD, POST"
        faults = asks.post(place, json={"until": "soon", "more": 1, "kind": "x"}).json()["errors"]
    pointers = {(one["pointer"], one["detail"]) for one in faults}
    assert ("#/reason", "Field required") in pointers
    assert ("#", "Extra inputs are not permitted") in pointers
    assert {one for one, _ in pointers} == {"#", "#/constraint", "#/reason", "#/approver", "#/until", "#/kind"}


def test_what_breaks_says_so_without_saying_how_and_the_log_finds_it(
    app: App, site: str, caplog: pytest.LogCaptureFixture
) -> None:
    with program(site, secret_of(app)) as asks:
        held, app.packs = app.packs, (None,)  # type: ignore[assignment]  # so that it breaks
        try:
            answer = asks.get(f"{HERE}/report")
        finally:
            app.packs = held
    assert is_problem(answer, Trouble.BROKEN)
    assert answer.json()["detail"] == Trouble.BROKEN.remedy
    assert answer.json()["instance"] in {getattr(one, "instance", "") for one in caplog.records}
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_database_that_is_away_is_said_and_when_to_come_again(tmp_path: Path) -> None:
    app = App(load(home=tmp_path, base_url=BASE), now=lambda: NOW)
    try:
        fill(app, candidates=1)
        secret = secret_of(app)
        with served(app) as site, program(site, secret) as asks:
            assert asks.get("/me").status_code == 200
            app.database.dispose()
            (tmp_path / "crosswalk.db").rename(tmp_path / "away.db")
            (tmp_path / "crosswalk.db").mkdir()
            answer = asks.get("/me")
            assert is_problem(answer, Trouble.AWAY)
            assert answer.headers["retry-after"] == "10"
    finally:
        app.close()


def test_a_token_asks_so_often_and_no_oftener(tmp_path: Path) -> None:
    app = App(load(home=tmp_path, base_url=BASE, token_per_minute=2, address_per_minute=6), now=lambda: NOW)
    try:
        fill(app, candidates=1)
        with served(app) as site, program(site, secret_of(app)) as asks:
            first, _, third = (asks.get("/me") for _ in range(3))
            assert first.headers["ratelimit-policy"] == '"default";q=2;w=60'
            assert first.headers["ratelimit"] == '"default";r=1;t=30'
            assert is_problem(third, Trouble.TOO_OFTEN)
            assert third.headers["retry-after"] == "30"
            with program(site, secret_of(app)) as another:
                assert [another.get("/me").status_code for _ in range(2)] == [200, 200]
            with program(site, "x") as nobody:
                assert is_problem(nobody.get("/me"), Trouble.NO_TOKEN)
                assert is_problem(nobody.get("/me"), Trouble.TOO_OFTEN)  # the address's own allowance is used up
    finally:
        app.close()


def test_what_has_not_changed_is_not_sent_again(app: App, site: str) -> None:
    with program(site, secret_of(app)) as asks:
        first = asks.get(f"{HERE}/report")
        assert first.headers["cache-control"] == "private, no-cache"
        again = asks.get(f"{HERE}/report", headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
        assert asks.get(f"{HERE}/report", headers={"If-None-Match": '"other"'}).content == first.content
        head = asks.head(f"{HERE}/report")
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", first.headers["etag"])
        assert count_of(app, ScanState.TO_SCAN) == 5


def test_the_page_of_tokens_shows_a_secret_once_and_ends_it(app: App, site: str) -> None:
    with browser(site, cookies(app, "anna")) as anna:
        anna.headers["origin"] = site
        wanted = {"name": "Nightly <build>", "scope": "read", "days": "90"}
        shown = anna.post("/tokens", data=wanted)
        (secret,) = re.findall(r"cw_[0-9a-f]{64}", shown.text)
        page = anna.get("/tokens").text
        assert secret not in page
        assert "Nightly &lt;build&gt;" in page
        assert "never used" in page
        with program(site, secret) as asks:
            assert asks.get("/me").json() == {
                "person": ANNA.email,
                "token": "Nightly <build>",
                "scope": "read",
                "expires_at": "2026-08-13T09:00:00+00:00",
            }
            assert "last used 15 May 2026" in anna.get("/tokens").text
            (token,) = re.findall(r'name="token" value="([^"]+)"', anna.get("/tokens").text)
            assert anna.post("/tokens/end", data={"token": token}).status_code == 303
            assert is_problem(asks.get("/me"), Trouble.NO_TOKEN)
        for wrong in ({**wanted, "days": "9999"}, {**wanted, "scope": "all"}, {**wanted, "name": " "}, {}):
            assert anna.post("/tokens", data=wrong).status_code == 400
        assert anna.post("/tokens", data=wanted, headers={"origin": "https://evil.example"}).status_code == 403
    with browser(site) as nobody:
        assert nobody.get("/tokens").headers["location"] == "/sign-in?to=%2Ftokens"


def test_anybody_can_read_how_programs_ask(app: App, site: str) -> None:
    page = httpx.get(f"{site}/api", trust_env=False).text
    for trouble in Trouble:
        assert f'id="{trouble.slug}"' in page
    document = httpx.get(f"{site}{PLACE}/openapi.json", trust_env=False)
    assert document.headers["content-type"] == "application/json"
    described = document.json()
    assert described["openapi"].startswith("3.1")
    assert described["servers"] == [{"url": f"{BASE}{PLACE}"}]
    assert described["security"] == [{"token": []}]
    assert "/hooks/{hook_id}" in described["paths"]
    named = set(re.findall(rf"{BASE}{PLACE}(/[\w/]+)", page))
    assert {one.replace("PRODUCT", "{product_id}") for one in named} <= set(described["paths"])
    for path, item in described["paths"].items():
        for method, operation in item.items():
            if method in {"get", "put", "post", "delete"} and not path.startswith("/hooks"):
                assert {"401", "406", "422", "429", "500", "503"} <= set(operation["responses"]), path
                assert operation.get("summary"), path
                assert operation.get("description"), path
    assert "https://" not in re.sub(r"https://(docs|github)\S+", "", page.partition("<main")[2])
    assert app.packs
