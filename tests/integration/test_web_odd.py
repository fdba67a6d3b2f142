"""Whatever is sent to a page of an owner, ids, questions, forms and headers, is answered, and nothing breaks.

`PAGE_EXAMPLES=300` makes up so many requests a way in, other ones each time.
"""

import http.client
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.app import App
from scanner.settings import load
from scanner.web.sound import MOST_BYTES
from tests.api_builders import CONSTRAINT, NOW, PRODUCT, fill
from tests.integration.test_web_routes import OF_A_PRODUCT, OF_NOBODY
from tests.site_builders import as_many, browser, cookies, served

AS_MANY = as_many("PAGE_EXAMPLES", few=2)
ORIGIN = {b"sec-fetch-site": b"same-origin"}
WAYS = (
    *(f"{way.split()[0]} /products/{{product_id}}{way.partition(' ')[2]}" for way in OF_A_PRODUCT),
    *(way for way in OF_NOBODY if way != "POST /sign-out"),  # she stays signed in
)
FIELDS = (
    "name", "kind", "reason", "approver", "until", "decision", "claimed", "file", "objection", "addresses", "version",
    "everything", "pick", "in", "q", "begun", "also_called", "patterns", "sure", "day", "hook", "address", "to", "by",
    "rhythm", "shown", "role", "scope", "days", "token", "state", "page", "code", "error",
)  # fmt: skip
HARD = (
    "", "\0", "a\0b", "\r\nSet-Cookie: a=b", "\u202e", "\ufffe", "\U0010ffff", "../../etc/passwd", "%00", "%", "'", '"',
    "{{7*7}}", "-1", "0", "2147483648", "9223372036854775808", "9" * 5_000, "1e400", "NaN", "Ⅷ", "2026-02-30",
    "0001-01-01", "9999-12-31", "x" * 9_000, CONSTRAINT, "anna@maker.example", "waived", "weekly", "missing", "viewer",
)  # fmt: skip
ODD = st.sampled_from(HARD) | st.text(max_size=30)
FORMS = st.dictionaries(st.sampled_from(FIELDS), st.lists(ODD, min_size=1, max_size=3), max_size=6)
HEADERS = st.dictionaries(
    st.sampled_from(("cookie", "accept", "content-type", "if-none-match", "range", "x-forwarded-for", "host")),
    st.sampled_from(HARD[:11]).filter(lambda value: "\n" not in value and "\0" not in value)
    | st.just("crosswalk=é;=;"),
    max_size=2,
)


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgres"))]
)
def owner(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """Serve a product with data over a real database, to its owner's browser."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres").new_database("odd")
    app = App(load(home=tmp_path_factory.mktemp("home"), database_url=url, address_per_minute=0), now=lambda: NOW)
    try:
        fill(app)
        with served(app) as site, browser(site, cookies(app, "anna")) as client:
            yield client
    finally:
        app.close()


@st.composite
def asked(draw: st.DrawFn, way: str) -> tuple[str, str, str, str, dict[str, str]]:
    """Make up a request: its method, place, query, form and headers."""
    method, path = way.split()
    known = {"product_id": PRODUCT, "constraint_id": CONSTRAINT}
    for name in ("product_id", "constraint_id", "job_id", "member_id", "hook_id"):
        odd = draw(ODD.filter(bool)) if f"{{{name}}}" in path and draw(st.integers(0, 2)) == 0 else known.get(name, "x")
        path = path.replace(f"{{{name}}}", quote(odd, safe=""))
    query, form = (urlencode(draw(FORMS), doseq=True, encoding="utf-8", errors="replace") for _ in range(2))
    return method, path, query, form if method == "POST" else "", draw(HEADERS) if draw(st.booleans()) else {}


def test_nothing_that_is_sent_to_a_page_breaks_it(owner: httpx.Client) -> None:
    held, broke = dict(owner.cookies), list[str]()
    for way in WAYS:

        @AS_MANY
        @given(made=asked(way))
        def ask(made: tuple[str, str, str, str, dict[str, str]]) -> None:
            method, path, query, form, odd = made
            owner.cookies = httpx.Cookies(held)
            headers = {b"content-type": b"application/x-www-form-urlencoded", **ORIGIN}
            headers |= {name.encode(): value.encode() for name, value in odd.items()}
            answer = owner.request(method, f"{path}?{query}" if query else path, content=form, headers=headers)
            assert answer.status_code < 500, made
            assert "a=b" not in answer.headers.get("set-cookie", ""), made

        try:
            ask()
        except AssertionError as error:
            broke.append(str(error).splitlines()[0])
    assert broke == []


@pytest.mark.parametrize(
    ("media_type", "head", "status"),
    [
        ("application/x-www-form-urlencoded", b"name=", httpx.codes.REQUEST_ENTITY_TOO_LARGE),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="name"; filename="a"\r\n\r\n',
            httpx.codes.UNSUPPORTED_MEDIA_TYPE,
        ),
    ],
)
def test_nobody_uploads_anything_and_a_form_that_is_too_long_is_cut_off(
    site: str, media_type: str, head: bytes, status: int
) -> None:
    wire = http.client.HTTPConnection(site.removeprefix("http://"), timeout=10)
    wire.putrequest("POST", "/tokens")
    for name, value in (
        ("Sec-Fetch-Site", "same-origin"),
        ("Content-Type", media_type),
        ("Content-Length", "50000000"),
    ):
        wire.putheader(name, value)
    wire.endheaders(head + b"x" * MOST_BYTES)
    answer = wire.getresponse()  # without waiting for the other megabytes
    assert answer.status == status
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    wire.close()
