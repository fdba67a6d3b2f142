"""Tags out of what servers answer; whatever bytes come, they end as tags or as a reason."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.feeds.base import Answer, NotRead, Tag
from scanner.feeds.entries import MAX_NAME, tags_in
from tests.feed_server import GIT, advertised, atom, packet

ATOM_TYPE, RSS_TYPE = "application/atom+xml", "application/rss+xml"
GITLAB = b"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<entry><id>https://gitlab.com/maker/pulseview/-/releases/v4.3.0</id>
<link href="https://gitlab.com/maker/pulseview/-/releases/v4.3.0"/><title>The spring release</title>
<summary>1.0.0</summary><published>2026-05-14T23:30:00-02:00</published><updated>2026-06-01T00:00:00Z</updated></entry>
<entry><link rel="self" href="https://gitlab.com/releases/tag/9.9.9"/><title type="html">v4.2.0</title></entry>
</feed>"""
GITEA = b"""<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Releases</title>
<item><title>PulseView 4.3</title><link>https://codeberg.org/maker/pulseview/releases/tag/rel%2F4.3.0</link>
<guid>1: x</guid><pubDate>Thu, 14 May 2026 10:00:00 +0000</pubDate></item>
<item><title>No day</title><link>https://codeberg.org/maker/pulseview/src/tag/v4.2.0</link><pubDate>soon</pubDate></item>
<item><title/></item></channel></rss>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><item><title>4.3.0</title><dc:date>2026-05-14</dc:date></item></rdf:RDF>"""
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><feed><entry><title>&c;</title></entry></feed>"""
OUTSIDE = b"""<!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]><feed><entry><title>&x;</title></entry></feed>"""
DEEP = b"<feed>" + b"<entry>" * 100_000


def read(body: bytes, kind: str = ATOM_TYPE) -> tuple[Tag, ...]:
    return tags_in(Answer(kind=kind, body=body))


def test_atom_as_github_writes_it() -> None:
    body = atom(("v4.3.0", "2026-05-14"), ("v4.2.0", "2026-03-02"), ("v4.2.0", "2026-03-01"))
    assert read(body) == (
        Tag(name="v4.3.0", on=date(2026, 5, 14)),
        Tag(name="v4.2.0", on=date(2026, 3, 2)),
    )


def test_a_release_is_known_by_its_tag_whatever_its_title_says() -> None:
    assert read(GITLAB) == (Tag(name="v4.3.0", on=date(2026, 5, 15)), Tag(name="v4.2.0"))


def test_rss_in_all_its_forms() -> None:
    assert read(GITEA, RSS_TYPE) == (Tag(name="rel/4.3.0", on=date(2026, 5, 14)), Tag(name="v4.2.0"))
    assert read(RDF, "text/xml") == (Tag(name="4.3.0", on=date(2026, 5, 14)),)


def test_the_references_of_a_git_server() -> None:
    refs = (
        "HEAD",
        "refs/heads/v9.9.9",
        "refs/pull/1/head",
        "refs/tags/v4.2.0",
        "refs/tags/v4.2.0^{}",
        "refs/tags/v4.3.0",
    )
    assert read(advertised(*refs), GIT) == (Tag(name="v4.2.0"), Tag(name="v4.3.0"))
    assert read(advertised(), GIT) == ()


@pytest.mark.parametrize(
    ("kind", "body", "because"),
    [
        ("text/html", b"<html>Sign in</html>", "it answers with text/html"),
        ("", b"", "something without a type"),
        (ATOM_TYPE, b"<!doctype html><html><p>Sign in", "its answer is no XML"),
        (ATOM_TYPE, b"<html><body>Sign in</body></html>", "neither Atom nor RSS"),
        (ATOM_TYPE, b"", "its answer is no XML"),
        (ATOM_TYPE, LAUGHS, "document type definition"),
        (ATOM_TYPE, OUTSIDE, "document type definition"),
        (ATOM_TYPE, DEEP, "its answer is no XML"),
        (GIT, b"<html>", "no list of references"),
        (GIT, advertised("refs/tags/v1.0")[:-4], "breaks off"),
        (GIT, advertised("refs/tags/v1.0")[:-9], "breaks off"),
        (GIT, packet("ERR access denied") + b"0000", "answers with an error"),
    ],
)
def test_what_is_no_feed_says_why(kind: str, body: bytes, because: str) -> None:
    with pytest.raises(NotRead, match=because):
        read(body, kind)


@given(
    kind=st.sampled_from([ATOM_TYPE, RSS_TYPE, GIT]),
    body=st.one_of(
        st.binary(max_size=400),
        st.binary(max_size=60).map(lambda part: atom(("v1", "2026-05-14")).replace(b"v1", part)),
        st.tuples(st.sampled_from([GITLAB, GITEA, advertised("refs/tags/v1.0")]), st.integers(0, 400)).map(
            lambda cut: cut[0][: cut[1]]
        ),
        st.lists(st.text(max_size=30), max_size=4).map(
            lambda names: advertised(*(f"refs/tags/{one}" for one in names))
        ),
    ),
)
def test_whatever_bytes_come_they_are_tags_or_a_reason(kind: str, body: bytes) -> None:
    try:
        tags = read(body, kind)
    except NotRead as error:
        assert str(error)  # noqa: PT017 -- either is right
        return
    assert len({tag.name for tag in tags}) == len(tags)
    assert all(0 < len(tag.name) <= MAX_NAME for tag in tags)
