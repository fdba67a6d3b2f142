"""Which address may be asked for tags: a public one over https, or one that the operator names."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit

from scanner.feeds.base import AddressRefused

MAX_CHARS = 500
NOT_PUBLIC = "the address lies in a private network; hosts there are read only where CROSSWALK_FEED_HOSTS names them"
_PLAIN = re.compile(rf"[!-~]{{1,{MAX_CHARS}}}")
_NAME = re.compile(r"[a-z0-9]([a-z0-9_.-]{0,251}[a-z0-9])?")
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_COMPATIBLE = IPv6Network("::/96")
_SECRET = re.compile(r"token|key|secret|auth|pass|sig|session|jwt|credential", re.IGNORECASE)
_GIT = "/info/refs?service=git-upload-pack"
# Where people paste the page of a repository, its list of tags is read.
_PAGES = (
    (re.compile(r"https://github\.com/[^/]+/[^/]+?(?:\.git)?/?"), "{}/tags.atom"),
    (re.compile(r"https://codeberg\.org/[^/]+/[^/]+?(?:\.git)?/?"), "{}/tags.atom"),
    (re.compile(r"https://gitlab\.com/(?:(?!-/)[^/]+/)+(?!-/)[^/]+?(?:\.git)?/?"), "{}/-/tags?format=atom"),
)
_LISTS = re.compile(
    r"(?:\.git)?/(?:info/refs|-/tags|-/releases\.atom|(?:tags|releases)(?:\.atom|\.rss)?|refs/rss\.xml)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An address, taken apart."""

    host: str  # in the form that DNS and certificates know
    port: int
    target: str  # path and query, as they are asked for
    secure: bool
    named: bool  # whether the operator names the host: then it may be in her own network


def feed_address(written: str, *, named: Collection[str]) -> str:
    """Return the address to ask for what a person gave: a feed, a Git address or a known site's page of a repository.

    `named` are hosts of the operator's own network. Raises AddressRefused.
    """
    address = written.strip()
    for page, tags in _PAGES:
        if page.fullmatch(address):
            address = tags.format(address.removesuffix("/").removesuffix(".git"))
    if address.rstrip("/").endswith(".git"):
        address = address.rstrip("/") + _GIT
    place_of(address, named=named)
    return address


def place_of(address: str, *, named: Collection[str]) -> Place:
    """Take an address apart. Raises AddressRefused for all that is not asked, whoever leads there."""
    parts, port = _split(address)
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("the address holds a name or a password; only public feeds are read")
    if any(_SECRET.search(key) for key, _ in parse_qsl(parts.query, keep_blank_values=True)):
        raise AddressRefused("the address holds what looks like a key; only public feeds are read")
    host = (parts.hostname or "").rstrip(".")
    known, secure = host in named, parts.scheme == "https"
    if not secure and not (parts.scheme == "http" and known):
        raise AddressRefused("only https is spoken: give an address that begins with https://")
    if not known and port not in {None, 443}:
        raise AddressRefused("another port than https's own is asked only on hosts that CROSSWALK_FEED_HOSTS names")
    path, query = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~"), quote(parts.query, safe="=&%/?:@!$'()*+,;~")
    place = Place(
        host=host,
        port=port or (443 if secure else 80),
        target=f"{path}?{query}" if query else path,
        secure=secure,
        named=known,
    )
    if _is_ip(host) and not may_be_asked(host, place):
        raise AddressRefused(NOT_PUBLIC)
    return place


def may_be_asked(address: str, place: Place) -> bool:
    """Tell whether a place may lead to an IP address: to a public one, and where it is named, to a private one.

    Never to what is link-local: clouds keep their machines' credentials there. Without TLS only to this machine.
    """
    try:
        ip = _inner(ip_address(address))
    except ValueError:
        return False
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or getattr(ip, "is_site_local", False):
        return False
    if not place.secure:
        return ip.is_loopback
    return ip.is_global or (place.named and ip.is_private)


def repository_of(address: str) -> str:
    """Say whose tags an address lists: "github.com/maker/pulseview"."""
    parts = urlsplit(address)
    return f"{parts.hostname}{_LISTS.sub('', parts.path.rstrip('/'))}".rstrip("/")


def _split(address: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(address if _PLAIN.fullmatch(address) else "")
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if not (_NAME.fullmatch(host) or _is_ip(host)):
        raise AddressRefused("that is no web address; give one such as https://github.com/OWNER/REPOSITORY")
    return parts, port


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _inner(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 address stands for, where it does (RFC 4291 §2.5.5, 3056, 4380, 6052)."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64 or (ip in _COMPATIBLE and int(ip) > 1):
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)
