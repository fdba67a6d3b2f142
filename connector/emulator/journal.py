"""What was asked of the emulator, without any secret, and what should never have been asked."""

from collections.abc import Iterable
from typing import Any

_SECRETS = frozenset({"access_token", "oauth_token", "token", "key", "code", "state", "nonce", "login_hint"})


class Journal:
    """Every call in order, and every violation; both only grow."""

    def __init__(self) -> None:
        """Begin empty."""
        self._calls: list[dict[str, Any]] = []
        self._violations: list[dict[str, str]] = []

    def call(self, method: str, path: str, query: Iterable[tuple[str, str]], *, wanted: str | None = None) -> None:
        """Note a call and the range of bytes that it wants; the values of secret parameters are left out."""
        shown = {name: "…" if name in _SECRETS else value for name, value in query}
        ranged = {"range": wanted} if wanted else {}
        self._calls.append({"method": method, "path": path, "query": shown} | ranged)

    def violation(self, kind: str, what: str) -> None:
        """Note something that a well-behaved, read-only client never does."""
        self._violations.append({"kind": kind, "what": what})

    def calls(self, since: int) -> dict[str, Any]:
        """Return the calls from a place on, and the place to go on from."""
        return {"next": len(self._calls), "calls": self._calls[max(0, since) :]}

    def violations(self) -> dict[str, Any]:
        """Return all violations."""
        return {"violations": list(self._violations)}
