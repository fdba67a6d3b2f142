"""Addresses that Google hands out or sends us to: where they may lead, and who of those sees the token."""

import re
from enum import Enum
from urllib.parse import urljoin, urlsplit

MOST_REDIRECTS = 3
_GOOGLE = frozenset({"www.googleapis.com", "docs.google.com", "drive.google.com", "drive.usercontent.google.com"})
# Anybody can keep something at these, and the address itself says who may read it: the token is not for them.
# NOTE: only one name below googleusercontent.com; further below it are rented machines.
_SIGNED = re.compile(r"storage\.googleapis\.com|[a-z0-9-]+\.googleusercontent\.com")


class Trust(Enum):
    """What an address may be asked with."""

    TOKEN = "with the token"  # noqa: S105 -- words
    ADDRESS = "without the token"
    NOTHING = "not at all"


def trust(url: str, *, api_root: str) -> Trust:
    """Tell what an address may be asked with; the configured API root's own host counts as Google."""
    try:
        parts, root = urlsplit(url), urlsplit(api_root)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        return Trust.NOTHING
    if parts.username is not None or parts.password is not None:
        return Trust.NOTHING
    if (parts.scheme, host, port) == (root.scheme, root.hostname, root.port):
        return Trust.TOKEN
    return _of_host(host) if parts.scheme == "https" and port in {None, 443} else Trust.NOTHING


def same_host(url: str, other: str) -> bool:
    """Tell whether two addresses that are trusted lead to the same host."""
    return urlsplit(url)[:2] == urlsplit(other)[:2]


def onward(url: str, location: str) -> str:
    """Return where a redirect leads; "" where that is no address."""
    try:
        return urljoin(url, location)
    except ValueError:
        return ""


def _of_host(host: str) -> Trust:
    if host in _GOOGLE:
        return Trust.TOKEN
    return Trust.ADDRESS if _SIGNED.fullmatch(host) else Trust.NOTHING
