"""What people say, who hears of it and who did what, over the JSON API: the same as on the pages, by the same words."""

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import timedelta
from threading import Event

import pytest

from connector import FileUnavailable
from scanner.app import App
from scanner.model.api_token import TokenScope
from scanner.model.deed import Act
from scanner.model.document import Locator
from scanner.model.job import Job, JobKind, JobState
from scanner.model.mail import Rhythm
from scanner.model.person import Role
from scanner.model.verdict import Judgement
from scanner.web.api import report_shapes
from scanner.web.api.problems import Trouble
from tests.api_builders import (
    ANNA,
    BEN,
    CLAUSE,
    CONNECTION,
    CONSTRAINT,
    NOW,
    PRODUCT,
    filled,
    judged,
    program,
    secret_of,
    share,
)
from tests.builders import a_verdict
from tests.integration.test_api import is_problem
from tests.integration.test_web_routes import BY_TOKEN, OF_A_PRODUCT
from tests.site_builders import browser, cookies

HERE = f"/products/{PRODUCT}"
SEALED = re.compile(r"by=[^\"]+")  # the link that ends mails is sealed anew each time


@pytest.fixture(autouse=True)
def product(app: App) -> Iterator[None]:
    """Give Anna her product anew."""
    with filled(app):
        yield


def deeds(app: App) -> list[tuple[str, str, str]]:
    with app.store.reading() as unit:
        return [(one.by, one.act, one.about) for one in unit.deeds.of_product(CONNECTION, PRODUCT)]


def test_an_objection_stands_beside_the_verdict_until_it_is_withdrawn(app: App, site: str) -> None:
    wanted = {"constraint": CONSTRAINT, "claimed": "satisfied", "reason": "Chapter 4 names the roles."}
    with program(site, secret_of(app)) as asks:
        made = asks.post(f"{HERE}/objections", json=wanted)
        assert made.status_code == 201
        assert made.json()["by"] == ANNA.email
        assert (made.json()["file"], made.json()["older"], made.json()["withdrawn_at"]) == (None, "", None)
        assert made.json()["claimed"] == "satisfied"
        standing = asks.get(f"{HERE}/objections", params={"standing": True}).json()["items"]
        assert [one["id"] for one in standing] == [made.json()["id"]]  # it took the place of the first one
        assert len(asks.get(f"{HERE}/objections", params={"constraint": CONSTRAINT}).json()["items"]) == 2
        assert asks.get(f"{HERE}/objections", params={"constraint": "residual-risks"}).json()["items"] == []
        with browser(site, cookies(app, "anna")) as anna:
            assert "Chapter 4 names the roles." in anna.get(f"/products/{PRODUCT}/constraints/{CONSTRAINT}").text
        assert asks.delete(f"{HERE}/objections/{made.json()['id']}").status_code == 204
        assert is_problem(asks.delete(f"{HERE}/objections/{made.json()['id']}"), Trouble.NOT_FOUND)
        same = {**wanted, "claimed": made.json()["given"]}
        assert is_problem(asks.post(f"{HERE}/objections", json=same), Trouble.INVALID)
        assert is_problem(asks.post(f"{HERE}/objections", json={**wanted, "file": "unknown"}), Trouble.INVALID)
    assert (ANNA.email, Act.OBJECTION_WITHDRAWN, CONSTRAINT) in deeds(app)


def test_whoever_withdraws_an_objection_on_the_page_is_named_in_the_trail(app: App, site: str) -> None:
    (known,) = app.people.objecting.listed(PRODUCT)
    with browser(site, cookies(app, "anna")) as anna:
        form = {"objection": str(known.objection.id)}
        place = f"/products/{PRODUCT}/constraints/{CONSTRAINT}/object/withdraw"
        assert anna.post(place, data=form, headers={"origin": site}).status_code == 303
    assert deeds(app)[0] == (ANNA.email, Act.OBJECTION_WITHDRAWN, CONSTRAINT)


def test_a_suggestion_is_accepted_ignored_and_taken_back(app: App, site: str) -> None:
    with program(site, secret_of(app)) as asks:
        listed = asks.get(f"{HERE}/suggestions").json()["items"]
        assert [(one["file"]["id"], one["state"], one["words"]) for one in listed] == [
            ("found-0", "new", ["audit log"]),
            ("found-1", "new", ["audit log"]),
            ("found-2", "ignored", ["audit log"]),
        ]
        taken = asks.post(f"{HERE}/suggestions/accept", json={"file": "found-0"}).json()
        assert (taken["state"], taken["decided_by"]) == ("accepted", ANNA.email)
        flagged = asks.get(f"{HERE}/candidates").json()["items"]
        (mine,) = (one for one in flagged if one["file"]["id"] == "found-0")
        assert mine["flagged"] == [{"signal": "accepted", "field": "suggestion", "text": ANNA.email}]
        assert asks.post(f"{HERE}/suggestions/undo", json={"file": "found-0"}).json()["state"] == "new"
        assert asks.post(f"{HERE}/suggestions/ignore", json={"file": "found-1"}).json()["state"] == "ignored"
        new = asks.get(f"{HERE}/suggestions", params={"state": "new"}).json()["items"]
        assert [one["file"]["id"] for one in new] == ["found-0"]
        assert is_problem(asks.post(f"{HERE}/suggestions/accept", json={"file": "gone"}), Trouble.NOT_FOUND)


def test_who_hears_and_what_is_said_on_the_page_and_over_the_api_alike(app: App, site: str) -> None:
    with program(site, secret_of(app)) as asks, browser(site, cookies(app, "anna")) as anna:
        new = {"address": "Carla@Maker.example", "rhythm": "weekly"}
        assert is_problem(asks.post(f"{HERE}/recipients", json=new), Trouble.NOT_FOUND)  # she would outlast the token
        with app.store.transaction() as unit:
            unit.recipients.choose(PRODUCT, new["address"].lower(), Rhythm.ON_CHANGE)
        added = asks.post(f"{HERE}/recipients", json=new).json()
        assert added == {"address": "carla@maker.example", "rhythm": "weekly", "silent": ""}
        with app.store.transaction() as unit:
            unit.recipients.unsubscribe(PRODUCT, new["address"], now=NOW)
        first, second = asks.get(f"{HERE}/recipients").json()["items"]
        assert (first["address"], second["silent"]) == (ANNA.email, "Unsubscribed on 15 May 2026.")
        assert second["silent"] in anna.get(f"{HERE}/alerts").text
        assert asks.post(f"{HERE}/recipients/resume", json={"address": new["address"]}).json()["silent"] == ""
        shown = asks.get(f"{HERE}/mails/preview", params={"to": new["address"]}).json()
        framed = anna.get(f"{HERE}/alerts/message", params={"to": new["address"]}).text
        assert shown["to"] == added["address"]
        assert SEALED.sub("", shown["html"]) == SEALED.sub("", framed.replace('<base target="_blank">', "", 1))
        assert "Security Release Documentation" in shown["text"]
        assert asks.get(f"{HERE}/alerts").json() == {"quotes": False, "by_smtp": False}
        assert asks.put(f"{HERE}/alerts", json={"quotes": True}).json()["quotes"] is True
        assert asks.get(f"{HERE}/alerts").json()["quotes"] is True
        assert is_problem(asks.put(f"{HERE}/alerts", json={"quotes": 1}), Trouble.INVALID)
        assert asks.post(f"{HERE}/recipients/remove", json={"address": new["address"]}).status_code == 204
        assert is_problem(asks.post(f"{HERE}/recipients/remove", json={"address": new["address"]}), Trouble.NOT_FOUND)
        mails = asks.get(f"{HERE}/mails").json()["items"]
    assert [one["id"] for one in mails] == ["mail-1", "mail-0", "mail-2"]
    assert (mails[0]["tells"], mails[0]["state"]) == ("Gap summary", "sent")


def test_the_trail_is_for_members_and_the_list_of_people_for_the_owner(app: App, site: str) -> None:
    share(app, Role.MEMBER)
    with program(site, secret_of(app)) as anna, program(site, secret_of(app, BEN, TokenScope.READ)) as ben:
        trail = ben.get(f"{HERE}/deeds").json()["items"]
        assert [(one["by"], one["act"], one["about"]) for one in trail] == deeds(app)
        assert is_problem(ben.get(f"{HERE}/people"), Trouble.NOT_ALLOWED)
        (member,) = anna.get(f"{HERE}/people").json()["items"]
        assert (member["address"], member["role"], member["over"]) == (BEN.email, "member", False)
        with app.store.transaction() as unit:
            unit.people.change(PRODUCT, member["id"], Role.VIEWER)
        assert is_problem(ben.get(f"{HERE}/deeds"), Trouble.NOT_ALLOWED)


def test_a_token_ends_tokens_of_its_own_person_and_makes_none(app: App, site: str) -> None:
    old = app.people.tokens.make(ANNA, name="Old", scope=TokenScope.READ, days=30).token
    share(app, Role.MEMBER)
    foreign = app.people.tokens.make(BEN, name="Bens", scope=TokenScope.READ, days=30).token
    with program(site, secret_of(app)) as asks, program(site, secret_of(app, scope=TokenScope.READ)) as reads:
        assert "Old" in {one["name"] for one in asks.get("/tokens").json()["items"]}
        assert "Bens" not in asks.get("/tokens").text
        assert is_problem(reads.delete(f"/tokens/{old.id}"), Trouble.NOT_ALLOWED)
        assert is_problem(asks.delete(f"/tokens/{foreign.id}"), Trouble.NOT_FOUND)
        assert asks.delete(f"/tokens/{old.id}").status_code == 204
        assert is_problem(asks.post("/tokens", json={}), Trouble.NO_SUCH_METHOD)
        assert is_problem(asks.post(f"{HERE}/people", json={}), Trouble.NO_SUCH_METHOD)
        assert is_problem(asks.post(f"{HERE}/hooks", json={}), Trouble.NO_SUCH_METHOD)
        assert asks.delete(f"{HERE}/hooks/h-1").status_code == 204
        assert asks.get(f"{HERE}/hooks").json()["items"] == []


def test_a_failed_job_is_tried_again_once(app: App, site: str) -> None:
    def fails(job: Job, _: object) -> None:
        raise FileUnavailable(job.kind)  # for good: else it would be tried again for most of a minute

    for kind in JobKind:
        app.queue.work({kind: fails}, gave_up=lambda *_: None, until_idle=True, stop=Event())
    with program(site, secret_of(app)) as asks:
        jobs = asks.get(f"{HERE}/jobs").json()["items"]
        (scan,) = (one for one in jobs if one["file"] == "file-002")
        assert (scan["file_name"], scan["state"], scan["can_retry"]) == ("Security Guide 2.pdf", "failed", True)
        assert asks.post(f"{HERE}/jobs/{scan['id']}/retry").status_code == 202
        assert is_problem(asks.post(f"{HERE}/jobs/{scan['id']}/retry"), Trouble.CONFLICT)
        now = asks.get(f"{HERE}/progress").json()
        assert (now["live"], now["scanned"], now["candidates"]) == (True, 10, 15)
        assert now["next_night"]
    queued = app.queue.list(states=[JobState.QUEUED])
    assert [job.args["file"] for job in queued if job.kind is JobKind.SCAN] == ["file-002"]


def test_a_citation_says_everything_that_a_locator_can(app: App, site: str) -> None:
    """Also the anchor, by which a document of Google's opens at its heading."""
    where = Locator(
        page=4, heading=("Accounts",), paragraph=7, sheet="S", cell="B2", slide=3, part="header", anchor="h.x"
    )
    assert set(report_shapes.Locator.model_fields) == {one.name for one in fields(Locator)}
    given = a_verdict(CONSTRAINT)
    cited = replace(given, citations=tuple(replace(one, locator=where) for one in given.citations))
    gave = Judgement(facts=judged(app, 0).facts, verdicts=(cited,))
    with app.store.transaction() as unit:
        scan = {"revision": "r1", "judgement": gave, "seconds": 0.1, "now": NOW}
        unit.candidates.scanned(CONNECTION, "file-000", CLAUSE, **scan)  # type: ignore[arg-type]  # as they are named
    with program(site, secret_of(app)) as asks:
        answer = asks.get(f"{HERE}/constraints/{CONSTRAINT}/documents", params={"outcome": "partial", "limit": 1})
    (document,) = answer.json()["items"]
    assert document["citations"][0]["locator"] == {
        "page": 4,
        "heading": ["Accounts"],
        "paragraph": 7,
        "sheet": "S",
        "cell": "B2",
        "slide": 3,
        "part": "header",
        "anchor": "h.x",
    }
    assert (document["kind"], document["aside"], document["unread"]) == ("operator guide", "", "")
    assert document["reading"]["read_at"] == NOW.isoformat()


def test_the_history_of_a_constraint_is_that_of_its_page(app: App, site: str) -> None:
    with app.store.reading() as unit:
        moves = unit.moves.of_constraint(PRODUCT, CLAUSE, CONSTRAINT, limit=9)
    assert len(moves) == 2
    assert moves[0].at - moves[1].at >= timedelta(hours=1)
    with program(site, secret_of(app)) as asks:
        listed = asks.get(f"{HERE}/constraints/{CONSTRAINT}/history").json()["items"]
    told = [(one["report"], one["at"], one["outcome"], one["reasons"]) for one in listed]
    assert told == [(one.report, one.at.isoformat(), one.outcome.value, list(one.reasons)) for one in moves]


def test_every_form_of_the_pages_has_its_twin_or_is_for_a_person_alone() -> None:
    """A new form has to be given one, or a reason here why no program may do that."""
    forms = {way.removeprefix("POST ") for way in OF_A_PRODUCT if way.startswith("POST ")}
    assert forms == set(TWINS) | FOR_A_PERSON
    assert {f"{way.split()[0]} /products/{{product_id}}{way.split()[1]}" for way in TWINS.values()} <= set(BY_TOKEN)


TWINS = {
    "/constraints/{constraint_id}/decide": "POST /waivers",
    "/constraints/{constraint_id}/decide/end": "DELETE /waivers/{waiver_id}",
    "/constraints/{constraint_id}/object": "POST /objections",
    "/constraints/{constraint_id}/object/withdraw": "DELETE /objections/{objection_id}",
    "/documents/suggestions/accept": "POST /suggestions/accept",
    "/documents/suggestions/ignore": "POST /suggestions/ignore",
    "/documents/suggestions/undo": "POST /suggestions/undo",
    "/activity/{job_id}/retry": "POST /jobs/{job_id}/retry",
    "/sync": "POST /syncs",
    "/releases": "POST /releases",
    "/releases/confirm": "POST /releases/confirm",
    "/releases/refuse": "POST /releases/refuse",
    "/releases/hooks/end": "DELETE /hooks/{hook_id}",
    "/alerts/choose": "POST /recipients",
    "/alerts/remove": "POST /recipients/remove",
    "/alerts/resume": "POST /recipients/resume",
    "/alerts/quotes": "PUT /alerts",
    "/releases/feed": "PUT /releases/feed",
    "/releases/feed/remove": "DELETE /releases/feed",
}
# What a token that was lost could leave behind itself, widen, or take away for good.
FOR_A_PERSON = {
    "/product/name",
    "/product/naming",
    "/product/folders",
    "/product/belongs",
    "/product/another",
    "/product/remove",
    "/releases/hooks",
    "/settings/people",
    "/settings/people/{member_id}/role",
    "/settings/people/{member_id}/remove",
    "/settings/data",
    "/settings/disconnect",
}
