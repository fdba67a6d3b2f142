"""Whether Google answers at the addresses that are set, and by which clock: asked by an operator, never by the work."""

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests

from connector.refused import PREFIX
from connector.settings import ConnectorSettings

SECONDS = 5.0  # without an answer
ADDRESSES = ("google_api_root", "google_auth_url", "google_token_url", "google_revoke_url", "google_certs_url")


def unreachable(settings: ConnectorSettings) -> tuple[str, ...]:
    """Say of each server that does not answer how it failed and which setting names it; any HTTP answer will do."""
    servers: dict[str, str] = {}
    for name in ADDRESSES:
        parts = urlsplit(getattr(settings, name))
        servers.setdefault(f"{parts.scheme}://{parts.netloc}", name)
    said = []
    for server, name in servers.items():
        try:
            requests.head(server, timeout=SECONDS, allow_redirects=False)
        except requests.RequestException as error:
            why, setting = type(error).__name__, f"{PREFIX}{name.upper()}"
            said.append(f"{server} does not answer ({why}): let this machine reach it, or set {setting}")
    return tuple(said)


def ahead(settings: ConnectorSettings, *, now: Callable[[], float]) -> float | None:
    """Return how many seconds our clock is ahead of Google's, None where that is not told.

    Google refuses a service account whose clock is more than minutes off, and so do we an id token.
    """
    try:
        told = requests.head(settings.google_api_root, timeout=SECONDS, allow_redirects=False).headers.get("Date", "")
        return now() - parsedate_to_datetime(told).timestamp()
    except (requests.RequestException, ValueError):
        return None
