"""Every route of the assembled application, asked for by everybody: what each person gets stands in one table.

A new route without a line here fails the test, and so does one that gives a stranger anything of somebody's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from scanner.app import App
from scanner.model.api_token import TokenScope
from scanner.model.connection import product_id_of
from scanner.model.hook import HookKind
from scanner.model.person import Person, Role
from scanner.web import build
from scanner.web.api import PLACE
from tests.builders import a_member
from tests.report_builders import a_second_report
from tests.site_builders import CLAUSE, NOW, an_app, browser, connect, cookies, flag

PEOPLE = ("owner", "member", "viewer", "stranger", "nobody")
SIGN_IN = "to the sign-in"  # 303, and nothing else is told
PRODUCT = product_id_of("c-owner")

Row = tuple[object, object, object, object, object]  # for each of PEOPLE the status, or SIGN_IN
LOOKS: Row = (200, 200, 200, 404, SIGN_IN)
ACTS: Row = (303, 303, 403, 404, SIGN_IN)
TRIES: Row = (400, 400, 403, 404, SIGN_IN)  # what it is asked for makes no sense, which only those are told who may act
MISSES: Row = (404, 404, 403, 404, SIGN_IN)  # what it names is not there
OWNS: Row = (200, 403, 403, 404, SIGN_IN)
DECIDES: Row = (303, 403, 403, 404, SIGN_IN)
RISKS: Row = (400, 403, 403, 404, SIGN_IN)


def all_of(answer: object) -> Row:
    """Everybody gets the same."""
    return (answer, answer, answer, answer, answer)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A way in: its answers, and the form that is sent along."""

    answers: Row
    form: dict[str, str] | None = None


def line(answers: Row, **form: str) -> Line:
    return Line(answers=answers, form=form or None)


OF_A_PRODUCT = {
    "GET": line(LOOKS),
    "GET /progress": line(LOOKS),
    "GET /documents": line(LOOKS),
    "GET /constraints/{constraint_id}": line(LOOKS),
    "POST /constraints/{constraint_id}/decide": line(
        ACTS, kind="waived", reason="It comes with 4.4.", approver="Mara Voss", until="2026-08-01"
    ),
    "POST /constraints/{constraint_id}/decide/end": line(ACTS, decision="4711"),
    "POST /constraints/{constraint_id}/object": line(TRIES, claimed="missing", reason="No.", file="unknown"),
    "POST /constraints/{constraint_id}/object/withdraw": line(ACTS, objection="4711"),
    "POST /documents/suggestions/accept": line(MISSES, file="unknown"),
    "POST /documents/suggestions/ignore": line(MISSES, file="unknown"),
    "POST /documents/suggestions/undo": line(MISSES, file="unknown"),
    "GET /product": line(LOOKS),
    "POST /product/name": line(ACTS, name="PulseView 5"),
    "POST /product/folders": line(RISKS),
    "GET /product/belongs": line(OWNS),
    "POST /product/belongs": line(RISKS, pick="unknown"),
    "GET /product/another": line(OWNS),
    "POST /product/another": line(RISKS, name="PulseView Gateway", pick="unknown"),
    "POST /product/naming": line(DECIDES, also_called="PV-200", patterns="DHF-*-SEC*"),
    "POST /product/remove": line(RISKS),
    "GET /activity": line(LOOKS),
    "POST /activity/{job_id}/retry": line(ACTS),
    "POST /sync": line(ACTS),
    "GET /releases": line(LOOKS),
    "POST /releases": line(ACTS, version="4.3.0"),
    "POST /releases/confirm": line(ACTS, version="9.9.9"),
    "POST /releases/refuse": line(ACTS, version="9.9.9"),
    "POST /releases/hooks": line((200, 200, 403, 404, SIGN_IN), kind=HookKind.WEBHOOK.value),
    "POST /releases/hooks/end": line(ACTS, hook="unknown"),
    "POST /releases/feed": line(DECIDES, address="https://github.com/maker/pulseview"),
    "POST /releases/feed/remove": line(DECIDES),
    "GET /alerts": line(LOOKS),
    "GET /alerts/message": line(LOOKS),
    "POST /alerts/choose": line(ACTS, address="carla@maker.example", rhythm="weekly"),
    "POST /alerts/remove": line(ACTS, address="carla@maker.example"),
    "POST /alerts/resume": line(ACTS, address="carla@maker.example"),
    "POST /alerts/quotes": line(ACTS, shown="no"),
    "GET /settings": line(OWNS),
    "POST /settings/people": line(DECIDES, address="carla@maker.example", role="viewer"),
    "POST /settings/people/{member_id}/role": line(DECIDES, role="viewer"),
    "POST /settings/people/{member_id}/remove": line(DECIDES),
    "POST /settings/data": line(OWNS),
    "POST /settings/disconnect": line(RISKS, address="not what has to be written"),
}
OF_NOBODY = {
    "GET /": line((303, 303, 303, 303, 200)),  # to what each sees
    "GET /example": line(all_of(200)),
    "GET /example/activity": line(all_of(200)),
    "GET /example/alerts": line(all_of(200)),
    "GET /example/alerts/message": line(all_of(200)),
    "GET /example/documents": line(all_of(200)),
    "GET /example/releases": line(all_of(200)),
    "GET /example/constraints/{constraint_id}": line(all_of(200)),
    "GET /products": line((200, 200, 200, 200, SIGN_IN)),
    "GET /sign-in": line((303, 303, 303, 303, 200)),
    "POST /sign-out": line(all_of(303)),
    "GET /invitations": line((404, 404, 404, 404, SIGN_IN)),  # without the sealed part of its link
    "POST /invitations": line((404, 404, 404, 404, SIGN_IN)),
    "GET /unsubscribe": line(all_of(404)),
    "POST /unsubscribe": line(all_of(404)),
    "GET /connections/connect": line(all_of(400)),  # no OAuth client is set
    "GET /connections/sign-in": line(all_of(400)),
    "GET /connections/callback": line(all_of(400)),
    "POST /connections/changed": line(all_of(404)),
    "POST /hooks/{hook_id}": line(all_of(404)),
    "GET /tokens": line((200, 200, 200, 200, SIGN_IN)),
    "POST /tokens": line((400, 400, 400, 400, SIGN_IN), name="", scope="none", days="0"),
    "POST /tokens/end": line((303, 303, 303, 303, SIGN_IN), token="unknown"),
    "GET /api": line(all_of(200)),
    "GET /healthz": line(all_of(200)),
    "GET /readyz": line(all_of(200)),
}
# The API knows people by their tokens: nobody has none, and a session's cookie proves nothing there.
SHOWN: Row = (200, 200, 200, 404, 401)
ASKED: Row = (422, 422, 403, 404, 401)
BY_TOKEN = {
    "GET /me": line((200, 200, 200, 200, 401)),
    "GET /clauses": line((200, 200, 200, 200, 401)),
    "GET /products": line((200, 200, 200, 200, 401)),
    "GET /openapi.json": line(all_of(200)),
    "GET /products/{product_id}": line(SHOWN),
    "POST /products/{product_id}/another": line((422, 403, 403, 404, 401)),
    "PUT /products/{product_id}/name": line(ASKED),
    "PUT /products/{product_id}/naming": line((422, 403, 403, 404, 401)),
    "PUT /products/{product_id}/folders": line((422, 403, 403, 404, 401)),
    "GET /products/{product_id}/report": line(SHOWN),
    "GET /products/{product_id}/reports": line(SHOWN),
    "GET /products/{product_id}/reports/{report_id}": line((404, 404, 404, 404, 401)),
    "GET /products/{product_id}/constraints/{constraint_id}": line(SHOWN),
    "GET /products/{product_id}/candidates": line(SHOWN),
    "GET /products/{product_id}/constraints/{constraint_id}/documents": line(SHOWN),
    "GET /products/{product_id}/releases": line(SHOWN),
    "POST /products/{product_id}/releases": line(ASKED),
    "POST /products/{product_id}/releases/confirm": line(ASKED),
    "POST /products/{product_id}/releases/refuse": line(ASKED),
    "GET /products/{product_id}/releases/feed": line((404, 404, 404, 404, 401)),  # none is set
    "PUT /products/{product_id}/releases/feed": line((422, 403, 403, 404, 401)),
    "DELETE /products/{product_id}/releases/feed": line((404, 403, 403, 404, 401)),
    "GET /products/{product_id}/waivers": line(SHOWN),
    "POST /products/{product_id}/waivers": line(ASKED),
    "DELETE /products/{product_id}/waivers/{waiver_id}": line((404, 404, 403, 404, 401)),
    "GET /products/{product_id}/constraints/{constraint_id}/history": line(SHOWN),
    "GET /products/{product_id}/suggestions": line(SHOWN),
    "POST /products/{product_id}/suggestions/accept": line(ASKED),
    "POST /products/{product_id}/suggestions/ignore": line(ASKED),
    "POST /products/{product_id}/suggestions/undo": line(ASKED),
    "GET /products/{product_id}/objections": line(SHOWN),
    "POST /products/{product_id}/objections": line(ASKED),
    "DELETE /products/{product_id}/objections/{objection_id}": line((404, 404, 403, 404, 401)),
    "GET /products/{product_id}/alerts": line(SHOWN),
    "PUT /products/{product_id}/alerts": line(ASKED),
    "GET /products/{product_id}/recipients": line(SHOWN),
    "POST /products/{product_id}/recipients": line(ASKED),
    "POST /products/{product_id}/recipients/remove": line(ASKED),
    "POST /products/{product_id}/recipients/resume": line(ASKED),
    "GET /products/{product_id}/mails": line(SHOWN),
    "GET /products/{product_id}/mails/preview": line(SHOWN),
    "GET /products/{product_id}/deeds": line((200, 200, 403, 404, 401)),
    "GET /products/{product_id}/people": line((200, 403, 403, 404, 401)),
    "GET /products/{product_id}/hooks": line(SHOWN),
    "DELETE /products/{product_id}/hooks/{hook_id}": line((404, 404, 403, 404, 401)),
    "GET /tokens": line((200, 200, 200, 200, 401)),
    "DELETE /tokens/{token_id}": line((404, 404, 404, 404, 401)),
    "GET /products/{product_id}/progress": line(SHOWN),
    "POST /products/{product_id}/jobs/{job_id}/retry": line((409, 409, 403, 404, 401)),
    "GET /products/{product_id}/jobs": line(SHOWN),
    "POST /products/{product_id}/syncs": line((202, 202, 403, 404, 401)),
}
TABLE = {
    **{
        f"{way.split()[0]} /products/{{product_id}}{way[len(way.split()[0]) + 1 :]}": one
        for way, one in OF_A_PRODUCT.items()
    },
    **OF_NOBODY,
    **{f"{way.split()[0]} {PLACE}{way.split()[1]}": one for way, one in BY_TOKEN.items()},
}
FILLED = {
    "product_id": PRODUCT,
    "constraint_id": "residual-risks",
    "job_id": "4711",
    "member_id": "unknown",
    "hook_id": "unknown",
    "report_id": "unknown",
    "waiver_id": "4711",
    "objection_id": "4711",
    "token_id": "4711",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with an_app(tmp_path_factory.mktemp("home")) as made:
        for name in ("owner", "stranger"):
            flag(made, connect(made, name), f"Security Guide of {name}.pdf")
        with made.store.transaction() as unit:
            unit.reports.add(PRODUCT, a_second_report(), worth_telling=True)
            for role in (Role.MEMBER, Role.VIEWER):
                person = {"subject": f"subject-{role.value}", "address": f"{role.value}@maker.example"}
                unit.people.add(a_member(id=f"m-{role.value}", product=PRODUCT, role=role, accepted_at=NOW, **person))
        yield made


def ways(app: App) -> set[str]:
    """Every way in, as the application's own router knows it: "POST /products/{product_id}/sync"."""
    return set(_ways(build(app).routes))


def _ways(routes: Sequence[BaseRoute], before: str = "") -> Iterator[str]:
    for route in iter_route_contexts(routes):
        yield from (f"{method} {before}{route.path}" for method in (route.methods or ()) if method != "HEAD")
    for mounted in routes:
        if isinstance(mounted, Mount) and not isinstance(mounted.app, StaticFiles):
            yield from _ways(mounted.routes, before + mounted.path)


def test_the_table_has_a_line_for_every_route_and_for_nothing_else(app: App) -> None:
    assert ways(app) == set(TABLE)
    assert all(one.answers[3] == 404 for way, one in TABLE.items() if "/products/{product_id}" in way)


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_gets_what_the_table_says(app: App, site: str, person: str) -> None:
    wrong = []
    with a_browser(app, site, person) as client:
        for way, asked in sorted(TABLE.items(), key=lambda one: "/sign-out" in one[0]):
            method, path = way.split()
            where, other = path.format(**FILLED), "POST" if method == "GET" else "GET"
            answer = client.request(method, where, data=asked.form)
            got, expected = answered(answer), asked.answers[PEOPLE.index(person)]
            wrong += [f"{way}: {got} instead of {expected}"] if got != expected else []
            if person == "stranger" and f"{other} {path}" not in TABLE:
                assert client.request(other, where).status_code == 405, way
            if person in {"stranger", "nobody"}:
                assert "Security Guide of owner" not in answer.text, way
                assert "owner@maker.example" not in answer.text, way
    assert wrong == []


def a_browser(app: App, site: str, person: str) -> httpx.Client:
    """Return the browser of a person, who is signed in unless she is nobody."""
    client = browser(site, None if person == "nobody" else cookies(app, person))
    client.headers["origin"] = site
    if person != "nobody":
        who = Person(subject=f"subject-{person}", email=f"{person}@maker.example")
        made = app.people.tokens.make(who, name=person, scope=TokenScope.WRITE, days=30)
        client.headers["authorization"] = f"Bearer {made.secret}"
    return client


def answered(answer: httpx.Response) -> object:
    """Return the status, or that she is asked to sign in first."""
    location = answer.headers.get("location", "")
    return SIGN_IN if answer.status_code == 303 and location.startswith("/sign-in?") else answer.status_code


@pytest.mark.parametrize("person", ["viewer", "stranger", "nobody"])
def test_who_may_not_act_has_changed_nothing(app: App, site: str, person: str) -> None:
    """Whatever they were told: the tables are as they were."""
    with a_browser(app, site, person) as client:
        before = kept(app)
        for way, asked in TABLE.items():
            method, path = way.split()
            if method != "GET" and "/products/" in path:
                client.post(path.format(**FILLED), data=asked.form)
    assert kept(app) == before


def kept(app: App) -> object:
    with app.store.reading() as unit:
        return (
            unit.connections.all(),
            unit.products.releases(PRODUCT),
            unit.hooks.of_product(PRODUCT),
            unit.feeds.get(PRODUCT),
            unit.recipients.of_product(PRODUCT),
            unit.people.of_product(PRODUCT),
            unit.deeds.of_product("c-owner", PRODUCT),
            unit.waivers.of_product(PRODUCT, CLAUSE),
            unit.objections.of_product(PRODUCT),
            unit.choices.get("c-owner"),
            app.queue.list(connection="c-owner"),
        )
