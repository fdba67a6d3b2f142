"""Which addresses may be asked for tags, and which never."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.feeds.address import feed_address, may_be_asked, place_of, repository_of
from scanner.feeds.base import AddressRefused

NAMED = frozenset({"git.maker.example", "10.0.0.5", "127.0.0.1"})
ASKED = [
    ("https://github.com/maker/pulseview", "https://github.com/maker/pulseview/tags.atom"),
    ("  https://github.com/maker/pulseview.git/ ", "https://github.com/maker/pulseview/tags.atom"),
    ("https://github.com/maker/pulseview/releases.atom", "https://github.com/maker/pulseview/releases.atom"),
    ("https://codeberg.org/maker/pulseview/", "https://codeberg.org/maker/pulseview/tags.atom"),
    ("https://gitlab.com/maker/devices/pulseview", "https://gitlab.com/maker/devices/pulseview/-/tags?format=atom"),
    ("https://gitlab.com/maker/pulseview/-/tags?format=atom", "https://gitlab.com/maker/pulseview/-/tags?format=atom"),
    ("https://cgit.example/pulseview.git", "https://cgit.example/pulseview.git/info/refs?service=git-upload-pack"),
    ("https://git.maker.example:8443/feed.xml", "https://git.maker.example:8443/feed.xml"),
    ("http://127.0.0.1:9/feed.xml", "http://127.0.0.1:9/feed.xml"),
]
REFUSED = [
    ("http://github.com/maker/pulseview/tags.atom", "only https is spoken"),
    ("ftp://git.maker.example/feed", "only https is spoken"),
    ("file:///etc/passwd", "no web address"),
    ("https://anna:secret@github.com/maker/pulseview/tags.atom", "a name or a password"),
    ("https://github.com/maker.private.atom?token=abc", "what looks like a key"),
    ("https://gitlab.com/maker/pulseview/-/tags?format=atom&feed_token=abc", "what looks like a key"),
    ("https://github.com:22/maker/pulseview", "another port"),
    ("https://127.0.0.2/feed.xml", "private network"),
    ("https://169.254.169.254/latest/meta-data", "private network"),
    ("https://[::1]/feed.xml", "private network"),
    ("https://[::ffff:10.0.0.1]/feed.xml", "private network"),
    ("https://[64:ff9b::a9fe:a9fe]/feed.xml", "private network"),
    ("github.com/maker/pulseview", "no web address"),
    ("https://", "no web address"),
    ("https://github.com/a b", "no web address"),
    ("https://github.com\r\nX-Evil: 1/", "no web address"),
    ("https://exa_mple..com:99999/", "no web address"),
    ("https://github.com/" + "x" * 500, "no web address"),
    ("", "no web address"),
]


@pytest.mark.parametrize(("written", "asked"), ASKED)
def test_a_person_gives_a_feed_a_repository_or_its_page(written: str, asked: str) -> None:
    assert feed_address(written, named=NAMED) == asked


@pytest.mark.parametrize(("written", "because"), REFUSED)
def test_what_is_not_asked_is_refused_in_words(written: str, because: str) -> None:
    with pytest.raises(AddressRefused, match=because):
        feed_address(written, named=NAMED)


@given(written=st.one_of(st.text(), st.text().map("https://{}".format), st.text().map("https://github.com/{}".format)))
def test_whatever_is_written_is_an_address_that_can_be_asked_or_refused(written: str) -> None:
    try:
        address = feed_address(written, named=NAMED)
    except AddressRefused:
        return
    place = place_of(address, named=NAMED)
    assert place.target.isprintable()
    assert " " not in place.target
    assert place.secure or place.named


@pytest.mark.parametrize(
    ("ip", "anybody", "named"),
    [
        ("140.82.121.4", True, True),
        ("2606:50c0:8000::64", True, True),
        ("10.1.2.3", False, True),
        ("192.168.0.7", False, True),
        ("172.16.0.1", False, True),
        ("fd12::1", False, True),
        ("127.0.0.1", False, True),
        ("::1", False, True),
        ("::ffff:127.0.0.1", False, True),
        ("::127.0.0.1", False, True),
        ("2002:7f00:1::1", False, True),  # 6to4 of 127.0.0.1
        ("64:ff9b::7f00:1", False, True),  # NAT64 of 127.0.0.1
        ("100.100.100.200", False, False),  # where a cloud keeps credentials: shared address space
        ("169.254.169.254", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("64:ff9b::a9fe:a9fe", False, False),
        ("fe80::1", False, False),
        ("fe80::1%eth0", False, False),
        ("fec0::1", False, False),
        ("0.0.0.0", False, False),  # noqa: S104 -- nothing is bound
        ("::", False, False),
        ("224.0.0.1", False, False),
        ("ff02::1", False, False),
        ("no address", False, False),
    ],
)
def test_a_name_may_lead_to_public_addresses_and_a_named_host_into_its_own_network(
    ip: str, *, anybody: bool, named: bool
) -> None:
    assert may_be_asked(ip, place_of("https://feeds.example/x", named=NAMED)) is anybody
    assert may_be_asked(ip, place_of("https://git.maker.example/x", named=NAMED)) is named


def test_without_tls_only_this_machine_is_asked() -> None:
    place = place_of("http://git.maker.example/x", named=NAMED)
    assert [may_be_asked(one, place) for one in ("127.0.0.1", "10.0.0.5", "140.82.121.4")] == [True, False, False]


@pytest.mark.parametrize(
    "address",
    [
        "https://forge.example/maker/pulseview/tags.atom",
        "https://forge.example/maker/pulseview/releases.rss",
        "https://forge.example/maker/pulseview/-/tags?format=atom",
        "https://forge.example/maker/pulseview/-/releases.atom",
        "https://forge.example/maker/pulseview.git/info/refs?service=git-upload-pack",
        "https://forge.example/maker/pulseview/refs/rss.xml",
    ],
)
def test_a_source_is_told_by_its_repository(address: str) -> None:
    assert repository_of(address) == "forge.example/maker/pulseview"
