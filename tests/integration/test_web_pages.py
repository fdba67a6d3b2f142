"""The pages as a browser gets them: a real application, a real database, a real server on loopback."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from urllib.parse import quote

import httpx
import pytest

from scanner.app import App
from scanner.model.connection import product_id_of
from scanner.model.job import Job, JobKind, JobState, Priority
from scanner.pipeline.orders import scan_job, sync_job
from scanner.settings import load
from tests.report_builders import a_report, a_second_report
from tests.site_builders import CLAUSE, an_app, browser, connect, cookies, flag, place, served

A_DAY = timedelta(days=1)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """Assemble Crosswalk over an empty home folder."""
    with an_app(tmp_path / "home") as made:
        yield made


@pytest.fixture
def site(app: App) -> Iterator[str]:
    """Serve the pages."""
    with served(app) as address:
        yield address


def test_nobody_gets_the_landing_page_and_is_asked_to_sign_in_for_all_else(app: App, site: str) -> None:
    """What she wanted to see is kept for afterwards; whether it is there at all is not told."""
    connect(app, "anna")
    with browser(site) as nobody:
        assert "Connect Google Drive" in nobody.get("/").text
        for product in (place("anna"), "/products/unknown"):
            for below in ("", "/documents?x=1", "/alerts/message", "/constraints/residual-risks", "/progress"):
                answer = nobody.get(f"{product}{below}")
                assert (answer.status_code, answer.headers["location"]) == (
                    303,
                    f"/sign-in?to={quote(product + below, safe='')}",
                )
        page = nobody.get("/sign-in", params={"to": f"{place('anna')}/alerts"}).text
        assert f'href="/connections/sign-in?to={quote(place("anna"))}/alerts"' in page


@pytest.mark.parametrize(
    "to",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", "x", ""],
)
def test_signing_in_leads_nowhere_but_to_a_place_on_this_site(app: App, site: str, to: str) -> None:
    """Whatever a link to the page says."""
    with browser(site, cookies(app, "anna")) as anna:
        assert anna.get("/sign-in", params={"to": to}).headers["location"] == "/"
        assert anna.get("/sign-in", params={"to": "/products/p?x=1"}).headers["location"] == "/products/p?x=1"
    with browser(site) as nobody:
        assert 'href="/connections/sign-in?to=/"' in nobody.get("/sign-in", params={"to": to}).text


def test_a_person_sees_her_own_report_documents_and_constraint(app: App, site: str) -> None:
    """All pages over what the store holds."""
    connection = connect(app, "anna")
    flag(app, connection, "PulseView Security Guide.pdf")
    with app.store.transaction() as unit:
        unit.reports.add(product_id_of(connection), a_second_report(), worth_telling=True)
    with browser(site, cookies(app, "anna")) as anna:
        assert anna.get("/").headers["location"] == place("anna")
        overview = anna.get(place("anna")).text
        assert "4 of 10 constraints are not satisfied; 1 could not be checked." in overview
        assert "Change the default administrator password." in overview
        documents = anna.get(f"{place('anna')}/documents").text
        assert "PulseView Security Guide.pdf" in documents
        assert "Waits to be read." in documents
        constraint = anna.get(f"{place('anna')}/constraints/account-management").text
        assert "Account management guidelines must be provided where applicable." in constraint


def test_a_stranger_cannot_tell_anothers_product_from_one_that_is_not_there(app: App, site: str) -> None:
    """The same answer to the letter, for each page."""
    connection = connect(app, "anna")
    connect(app, "stranger")
    flag(app, connection, "Annas Security Guide.pdf")
    with app.store.transaction() as unit:
        unit.reports.add(product_id_of(connection), a_report(product="AnnasProduct"), worth_telling=True)
    with browser(site, cookies(app, "stranger")) as stranger:
        assert "Annas" not in stranger.get(place("stranger")).text
        for below in ("", "/documents", "/alerts", "/alerts/message", "/progress", "/constraints/residual-risks"):
            hers, unknown = (stranger.get(f"{product}{below}") for product in (place("anna"), "/products/unknown"))
            assert (hers.status_code, hers.text) == (unknown.status_code, unknown.text) == (404, unknown.text)
            assert "Annas" not in hers.text


def test_an_ended_connection_signs_its_person_out_of_every_browser(app: App, site: str) -> None:
    """The cookies outlive it, what they opened does not."""
    connection = connect(app, "anna")
    held = [cookies(app, "anna"), cookies(app, "anna")]
    with app.store.transaction() as unit:
        unit.connections.purge(connection)
    for one in held:
        with browser(site, one) as anna:
            assert "Connect Google Drive" in anna.get("/").text


def test_looking_again_enqueues_one_sync_and_shows_it(app: App, site: str) -> None:
    """However often the button is pressed."""
    connection = connect(app, "anna")
    own = {"origin": site}
    with browser(site, cookies(app, "anna")) as anna:
        for _ in range(3):
            answer = anna.post(f"{place('anna')}/sync", headers=own)
            assert (answer.status_code, answer.headers["location"]) == (303, place("anna"))
        jobs = app.queue.list(states=[JobState.QUEUED])
        assert [(job.kind, job.connection) for job in jobs] == [(JobKind.SYNC, connection)]
        assert "Looking through your Drive: 0 files seen." in anna.get(f"{place('anna')}/progress").text
        assert "/static/progress.js" in anna.get(place("anna")).text


def test_another_site_cannot_ask_for_anything(app: App, site: str) -> None:
    """Even with the person's cookie."""
    connect(app, "anna")
    with browser(site, cookies(app, "anna")) as anna:
        for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {}):
            for where in (f"{place('anna')}/sync", "/sign-out", f"{place('anna')}/settings/disconnect"):
                assert anna.post(where, headers=headers).status_code == 403
    assert app.queue.list() == ()


def test_signing_out_takes_the_cookie_away_and_ends_what_it_opened(app: App, site: str) -> None:
    """A copy of it, kept before, opens nothing; her other browser stays signed in."""
    connect(app, "anna")
    held, other = cookies(app, "anna"), cookies(app, "anna")
    with browser(site, held) as anna:
        answer = anna.post("/sign-out", headers={"origin": site})
    with browser(site, held) as thief:
        assert thief.get(place("anna")).headers["location"].startswith("/sign-in")
    with browser(site, other) as elsewhere:
        assert elsewhere.get(place("anna")).status_code == 200
    assert answer.status_code == 303
    assert 'crosswalk=""' in answer.headers["set-cookie"]
    assert "Max-Age=0" in answer.headers["set-cookie"]


def test_every_answer_carries_the_security_headers(app: App, site: str) -> None:
    """Pages, refusals, unknown places, static files."""
    connect(app, "anna")
    with browser(site, cookies(app, "anna")) as anna:
        answers = [anna.get(where) for where in (place("anna"), "/nowhere", "/static/crosswalk.css", "/healthz")]
        answers.append(anna.post(f"{place('anna')}/sync"))
    assert [answer.status_code for answer in answers] == [200, 404, 200, 200, 403]
    for answer in answers:
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"


def test_all_that_a_page_names_is_shipped(app: App, site: str) -> None:
    """Style, script and picture, with their types, and nothing from elsewhere."""
    with browser(site) as nobody:
        for name, kind in (
            ("crosswalk.css", "text/css"),
            ("progress.js", "javascript"),
            ("favicon.svg", "image/svg+xml"),
        ):
            answer = nobody.get(f"/static/{name}")
            assert answer.status_code == 200
            assert kind in answer.headers["content-type"]
            assert "https://" not in answer.text
    assert app.packs


def test_an_unknown_constraint_is_a_friendly_404(app: App, site: str) -> None:
    """Whatever is written in its place."""
    connect(app, "anna")
    with browser(site, cookies(app, "anna")) as anna:
        for name in ("nowhere", "%3Cscript%3E", "..%2f..%2fetc%2fpasswd"):
            answer = anna.get(f"{place('anna')}/constraints/{name}")
            assert answer.status_code == 404
            assert "There is no such page" in answer.text
            assert "<script>" not in answer.text


def test_a_page_that_breaks_says_so_without_saying_how(app: App, site: str, caplog: pytest.LogCaptureFixture) -> None:
    """No stack trace leaves the server; the log has it."""
    connection = connect(app, "anna")
    report = replace(a_report(), standings=())
    with app.store.transaction() as unit:
        unit.reports.add(product_id_of(connection), report, worth_telling=True)
    held = cookies(app, "anna")
    app.packs = ()
    with browser(site, held) as anna:
        answer = anna.get(place("anna"))
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "A page failed." in caplog.text


def test_the_foot_of_the_page_says_which_text_goes_to_a_language_model(app: App, tmp_path: Path) -> None:
    with served(app) as url:
        assert "language model" not in httpx.get(url).text
        assert "but you, and whom you invite or name yourself." in httpx.get(url).text
    asking = App(load(home=tmp_path / "ask", judge="llm", llm_url="http://127.0.0.1:1/v1", llm_model="invented-7b"))
    try:
        with served(asking) as url:
            page = httpx.get(url).text
            assert "The language model invented-7b at 127.0.0.1, on this machine or network, is asked about" in page
            assert "name yourself; what a language model is asked, the foot of this page says." in page
    finally:
        asking.close()


def test_activity_shows_a_persons_own_jobs_and_errors_and_nobody_elses(app: App, site: str) -> None:
    """A failed job is named by its document, with its reason, and can be tried again by its own person only."""
    anna, bert = connect(app, "anna"), connect(app, "bert")
    for ident, name in ((anna, "Annas Guide.pdf"), (bert, "Berts Guide.pdf")):
        flag(app, ident, name)
        app.queue.enqueue(
            [scan_job(ident, f"file-{name}", CLAUSE, "r1", priority=Priority.NIGHT), sync_job(ident, after=A_DAY)]
        )

    class Refused(Exception):
        transient = False

    def refuse(job: Job, _: object) -> None:
        raise Refused(f"Google said no to {job.connection}.")

    app.queue.work({JobKind.SCAN: refuse}, gave_up=lambda *_: None, until_idle=True, stop=Event())
    (hers,) = app.queue.unhealed(anna)
    (his,) = app.queue.unhealed(bert)
    with browser(site, cookies(app, "anna")) as person:
        page = person.get(f"{place('anna')}/activity").text
        assert "Read a document: Annas Guide.pdf" in page
        assert "Google said no to c-anna." in page
        assert "Look through your Drive" in page
        assert "The next night begins on" in page
        assert "Bert" not in page
        assert "c-bert" not in page
        own = {"Sec-Fetch-Site": "same-origin"}
        person.post(f"{place('anna')}/activity/{his.id}/retry", headers=own)
        assert person.post(f"{place('bert')}/activity/{his.id}/retry", headers=own).status_code == 404
        assert app.queue.unhealed(bert) == (his,)
        person.post(f"{place('anna')}/activity/{hers.id}/retry", headers=own)
        assert app.queue.unhealed(anna) == ()
        assert app.queue.live(anna, JobKind.SCAN) == 1
        assert person.post(f"{place('anna')}/activity/{hers.id}/retry").status_code == 403
    with browser(site) as nobody:
        answer = nobody.post(f"{place('bert')}/activity/{his.id}/retry", headers=own)
        assert answer.headers["location"] == f"/sign-in?to={quote(place('bert'), safe='')}"


def test_a_product_without_a_name_is_called_as_its_documents_call_it(app: App, site: str) -> None:
    connect(app, "dora")
    with app.store.transaction() as unit:
        unit.products.name(product_id_of("c-dora"), "")
    with browser(site, cookies(app, "dora")) as person:
        assert "It has none yet" in person.get(f"{place('dora')}/product").text
        with app.store.transaction() as unit:
            unit.reports.add(product_id_of("c-dora"), a_report(), worth_telling=False)
        assert "its documents call it PulseView." in person.get(f"{place('dora')}/product").text


def test_a_backlog_of_ones_own_does_not_hide_the_sync_that_it_came_from(app: App, site: str) -> None:
    """It is older than the scans that it asked for, and goes on when they wait."""
    carla = connect(app, "carla")
    app.queue.enqueue([sync_job(carla, after=A_DAY)])
    app.queue.enqueue([scan_job(carla, f"{n}", CLAUSE, "r", priority=Priority.NIGHT) for n in range(120)])
    with browser(site, cookies(app, "carla")) as person:
        told = person.get(f"{place('carla')}/progress").text
    assert "Looking through your Drive" in told
    assert "Reading documents" in told


def test_anothers_backlog_does_not_hide_what_is_done_for_a_person(app: App, site: str) -> None:
    """Her one job is older than all that another's first walk has queued."""
    anna, bert = connect(app, "anna"), connect(app, "bert")
    app.queue.enqueue([sync_job(anna, after=A_DAY)])
    app.queue.enqueue([scan_job(bert, f"{n}", CLAUSE, "r", priority=Priority.NIGHT) for n in range(1200)])
    with browser(site, cookies(app, "anna")) as person:
        assert "Looking through your Drive" in person.get(f"{place('anna')}/progress").text
        assert "Look through your Drive" in person.get(f"{place('anna')}/activity").text
