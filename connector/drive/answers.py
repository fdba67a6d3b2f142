"""Google's refusals into our errors, by reason and never by status alone.

The reasons are those of https://developers.google.com/workspace/drive/api/guides/handle-errors and of users' reports.
"""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any

from connector.errors import (
    ConnectorError,
    ConsentLost,
    CursorRejected,
    FileGone,
    FileUnavailable,
    RateLimited,
    SourceRefused,
    SourceUnavailable,
)
from connector.lost import LostBecause

log = logging.getLogger(__name__)

DAY_LIMIT_WAIT = 3600.0  # seconds: the daily limit opens again at some hour that Google does not tell

NOT_KNOWN = "Google no longer knows the place in its listing that we had kept."
LONGEST_EXCERPT = 200  # characters

# What only decides what is tried next; whoever fetches a file sees what each is a kind of.


class TooLargeToExport(FileUnavailable):
    """A Google document beyond what files.export hands out."""


class HeldForAbuse(FileUnavailable):
    """A file that Google takes for malware or spam."""


class ServerFailed(SourceUnavailable):
    """Google failed on its own side."""


_FILE: Mapping[str, str] = {
    "cannotDownloadFile": "its owner has switched off downloading",
    "cannotExportFile": "its owner has switched off downloading",
    "insufficientFilePermissions": "its owner has not allowed reading its contents",
    "downloadQuotaExceeded": "its download quota at Google is used up",
    "fileNotDownloadable": "Google has no form of it that can be read",
    "fileNotExportable": "Google has no form of it that can be read",
    "badRequest": "Google has no form of it that can be read",
}
_TOO_FAST = frozenset({"userRateLimitExceeded", "rateLimitExceeded", "sharingRateLimitExceeded"})
_FAILED = frozenset({"backendError", "internalError"})
_REFUSED: Mapping[str, str] = {
    "accessNotConfigured": "The Google Drive API is switched off in your Google Cloud project: enable it there.",
    "forbidden": "Google refuses this OAuth client: check its id and the project's consent screen.",
}
_LOST: Mapping[str, LostBecause] = {
    "domainPolicy": LostBecause.POLICY,
    "insufficientPermissions": LostBecause.SCOPE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What Google answered instead of what was asked for."""

    status: int
    reason: str  # "" where the body names none, as an HTML page
    location: str  # the parameter that it is about, "" for none
    retry_after: float | None  # seconds
    excerpt: str = ""  # of what the body says, for the operator's log and nobody else

    @classmethod
    def read(cls, status: int, headers: Mapping[str, str], body: bytes) -> "Refusal":
        """Read an answer; a body that is no error envelope (HTML, cut off) gives no reason."""
        try:
            envelope = json.loads(body)["error"]
            first = (envelope.get("errors") or [{}])[0]
            reason, location = first.get("reason", ""), first.get("location", "")
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
            envelope, reason, location = {}, "", ""
        return cls(
            status=status,
            reason=reason if _WORD.fullmatch(str(reason)) else "",
            location=str(location),
            retry_after=_wait({name.lower(): value for name, value in headers.items()}),
            excerpt=_excerpt(envelope, body),
        )

    def error(self) -> ConnectorError:
        """Return the error that says it; what the body of an unknown one says is kept in the log."""
        meant = self._passing() or self._final()
        meant.status = self.status
        return meant

    def _passing(self) -> ConnectorError | None:
        """What may go away by itself."""
        if self.reason == "dailyLimitExceeded":
            return SourceUnavailable("Google's daily limit for this project is used up.", retry_after=DAY_LIMIT_WAIT)
        if 300 <= self.status < 400:  # followed by nobody: a proxy's page, or one to sign in at
            return SourceUnavailable(f"Something between us and Google sent us elsewhere ({self._name}).")
        if self.reason in _TOO_FAST or self.status == 429:
            return RateLimited(f"Google asks us to be slower ({self._name}).", retry_after=self.retry_after)
        if self.reason in _FAILED or self.status == 408 or self.status >= 500:
            return ServerFailed(f"Google did not answer ({self._name}).", retry_after=self.retry_after)
        return None

    def _final(self) -> ConnectorError:
        if self.status == 410 or self.location == "pageToken":
            return CursorRejected(NOT_KNOWN)
        if self.reason in _REFUSED:
            return SourceRefused(_REFUSED[self.reason])
        if self.reason in _LOST:
            return ConsentLost(_LOST[self.reason])
        if self.status == 401 or self.reason == "authError":  # a fresh access token was tried before
            return ConsentLost(LostBecause.REVOKED)
        return self._of_the_file()

    def _of_the_file(self) -> ConnectorError:
        if self.status == 404:
            return FileGone("it was deleted, or is no longer shared with this connection")
        if self.reason == "exportSizeLimitExceeded":
            return TooLargeToExport("it is larger than Google exports (10 MB)")
        if self.reason == "cannotDownloadAbusiveFile":
            return HeldForAbuse("Google holds it for malware or spam and does not hand it out")
        if self.reason in _FILE:
            return FileUnavailable(_FILE[self.reason])
        log.warning(
            "Google refused for a reason that we do not know (%s): %s",
            *(self._name, self.excerpt or "it says no more"),
            extra={"event": "drive.unknown_reason"},
        )
        if self.status == 403:  # an unknown reason: guessing final would lose files, so it is tried again, bounded
            return SourceUnavailable(f"Google refused for a reason that we do not know ({self._name}).")
        return SourceRefused(f"Google refused a request ({self._name}): a fault in Crosswalk, please report it.")

    @property
    def _name(self) -> str:
        return f"{self.status} {self.reason}".strip()


def says_place(error: ConnectorError) -> bool:
    """Tell whether a refusal can be of a page token only, of a call that has no other say: Google may not name it."""
    return error.status in {400, 404}


@contextmanager
def of_no_file() -> Iterator[None]:
    """Take it that a call about no file was not answered, where its refusal would say that a file is gone."""
    try:
        yield
    except FileUnavailable as error:
        raise SourceUnavailable(f"Google does not find what every Drive has ({error.status}).") from error


def _wait(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds Google asks us to wait, by number or by its own clock (RFC 9110, 10.2.3)."""
    said = headers.get("retry-after", "")
    if said.isdecimal():
        return float(said)
    try:
        until, now = (parsedate_to_datetime(one) for one in (said, headers.get("date", "")))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError):  # no date, or one of no zone
        return None


# A body may hold whatever a stranger or a broken server puts there, so only what is meant as words about the refusal is
# kept: the envelope's message, or a page's title. What could be a token, an address or an id is left out of it.
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,44}")
_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{1,500})", re.IGNORECASE)
_SECRET = re.compile(r"\S*[@=]\S*|[^\s:(]*://\S*|[\w./+~-]{20,}", re.ASCII)


def _excerpt(envelope: Any, body: bytes) -> str:
    title = _TITLE.search(body[:8192])
    said = envelope.get("message") if isinstance(envelope, dict) else None
    if not isinstance(said, str):
        said = unescape(title[1].decode("utf-8", "replace")) if title else ""
    words = "".join(one if one.isprintable() else " " for one in said[: 10 * LONGEST_EXCERPT])
    return " ".join(_SECRET.sub("…", words).split())[:LONGEST_EXCERPT].strip()
