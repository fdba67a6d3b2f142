"""The token goes to Google's own hosts and to no other, however an address is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.drive.links import Trust, onward, same_host, trust

ROOT = "https://www.googleapis.com"
LOCAL = "http://127.0.0.1:8123"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.googleapis.com/drive/v3/files/1?alt=media", Trust.TOKEN),
        ("https://docs.google.com/document/export?id=1", Trust.TOKEN),
        ("https://DOCS.google.com:443/document", Trust.TOKEN),
        ("https://doc-0s-1c-docs.googleusercontent.com/export/x", Trust.ADDRESS),
        ("https://drive.usercontent.google.com/download?ticket=1", Trust.TOKEN),
        ("https://8.7.6.5.bc.googleusercontent.com/", Trust.NOTHING),
        ("https://googleusercontent.com/", Trust.NOTHING),
        ("https://anybodys-bucket.storage.googleapis.com/x", Trust.NOTHING),
        ("https://storage.googleapis.com/anybodys-bucket/x?X-Goog-Signature=1", Trust.ADDRESS),
        ("https://accounts.google.com/ServiceLogin", Trust.NOTHING),
        ("https://docs.google.com.example.org/", Trust.NOTHING),
        ("https://example.org/docs.google.com", Trust.NOTHING),
        ("https://evilgoogleusercontent.com/", Trust.NOTHING),
        ("https://docs.google.com@example.org/", Trust.NOTHING),
        ("https://me:secret@docs.google.com/", Trust.NOTHING),
        ("http://docs.google.com/", Trust.NOTHING),
        ("https://docs.google.com:8443/", Trust.NOTHING),
        ("https://docs.google.com:x/", Trust.NOTHING),
        ("http://[::1/", Trust.NOTHING),
        ("//docs.google.com/", Trust.NOTHING),
        ("file:///etc/passwd", Trust.NOTHING),
        ("", Trust.NOTHING),
        ("http://127.0.0.1:8123/download", Trust.NOTHING),
    ],
)
def test_an_address_is_trusted_by_its_host(url: str, expected: Trust) -> None:
    assert trust(url, api_root=ROOT) is expected


def test_the_configured_root_is_trusted_and_its_neighbours_are_not() -> None:
    assert trust(f"{LOCAL}/download/1", api_root=LOCAL) is Trust.TOKEN
    assert trust("http://localhost:8123/download/1", api_root=LOCAL) is Trust.NOTHING
    assert trust("http://127.0.0.1:8124/download/1", api_root=LOCAL) is Trust.NOTHING
    assert trust("https://127.0.0.1:8123/download/1", api_root=LOCAL) is Trust.NOTHING


def test_another_name_scheme_or_port_is_another_host() -> None:
    assert same_host("https://docs.google.com/a", "https://docs.google.com/b?c")
    for other in ("https://drive.google.com/a", "http://docs.google.com/a", "https://docs.google.com:8443/a"):
        assert not same_host("https://docs.google.com/a", other)


@given(st.text(max_size=80))
def test_no_text_makes_the_asking_fail(url: str) -> None:
    assert trust(url, api_root=ROOT) in Trust
    assert trust(onward(LOCAL, url), api_root=ROOT) in Trust


def test_a_redirect_leads_on_from_where_it_was_met() -> None:
    assert onward("https://docs.google.com/a/b", "/c?d") == "https://docs.google.com/c?d"
    assert onward("https://docs.google.com/a", "https://accounts.google.com/") == "https://accounts.google.com/"
    assert onward("https://docs.google.com/a", "http://[::1/") == ""
