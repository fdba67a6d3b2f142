"""Absolute addresses that Google hands out: where they may lead, and who of those sees the token."""

from enum import Enum
from urllib.parse import urlsplit

MOST_REDIRECTS = 3
_GOOGLE = frozenset({"www.googleapis.com", "docs.google.com", "drive.google.com"})
# Anybody can keep something there, and the address itself says who may read it: the token is not for them.
_SIGNED = frozenset({"storage.googleapis.com", "drive.usercontent.google.com"})
_SIGNED_BELOW = ".googleusercontent.com"


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


def _of_host(host: str) -> Trust:
    if host in _GOOGLE:
        return Trust.TOKEN
    return Trust.ADDRESS if host in _SIGNED or host.endswith(_SIGNED_BELOW) else Trust.NOTHING
