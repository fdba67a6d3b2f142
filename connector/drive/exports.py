"""A Google document in an office format, by each way that Google has, until one hands out the whole document."""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from connector.drive.answers import ServerFailed, TooLargeToExport
from connector.drive.client import DriveClient
from connector.drive.files import EXPORTS
from connector.drive.items import Item
from connector.drive.parts import Broken, Part
from connector.drive.spool import Spool, TooLarge
from connector.errors import ConnectorError, FileGone, FileUnavailable, RateLimited, SourceUnavailable

log = logging.getLogger(__name__)

PATIENCE = 300.0  # seconds that Google may take to prepare an export
SHORTEST_WAIT, LONGEST_WAIT = 1.0, 30.0  # between two looks at whether it is prepared
# Where Google advises to try again: cancelled, unknown, deadline exceeded, resource exhausted, aborted, internal,
# unavailable (google.rpc.Code; "Troubleshoot LROs" of the guide below).
_PASSING = frozenset({1, 2, 4, 8, 10, 13, 14})


class Export:
    """One Google document on its way into a spool."""

    def __init__(self, client: DriveClient, item: Item, spool: Spool) -> None:
        """Fetch the document that this metadata describes."""
        self._client = client
        self._id = item.id
        self._media_type = EXPORTS[item.mime_type]
        self._spool = spool

    def fetch(self) -> None:
        """Fill the spool with the whole document. Raises ConnectorError.

        files.export ends at 10 MB and fails for some documents for days, files.download fails for others, and export
        links lead to sign-in pages at times: so each is tried, in the order of how well they keep their word.
        """
        try:
            return self._exported()
        except (TooLargeToExport, ServerFailed, Broken) as error:
            failed: list[ConnectorError] = [error]
        for way in (self._prepared, self._linked):
            try:
                return way()
            except (TooLarge, FileGone, RateLimited):
                raise
            except (FileUnavailable, SourceUnavailable) as error:
                failed.append(error)
                log.info("A way to export a document failed: %s", error, extra={"event": "drive.export"})
        raise _in_one(failed) from failed[-1]

    def _exported(self) -> None:
        self._fill(lambda: self._client.export(self._id, self._media_type))

    def _prepared(self) -> None:
        """Have Google prepare the document, and fetch it when it is ready.

        See https://developers.google.com/workspace/drive/api/guides/long-running-operations
        """
        operation, waited, wait = self._client.prepare_download(self._id, self._media_type), 0.0, SHORTEST_WAIT
        while not (operation.get("done") or "response" in operation):
            if waited >= PATIENCE:
                raise SourceUnavailable(f"Google had not exported it after {PATIENCE / 60:.0f} minutes.")
            self._client.pause(wait)
            waited, wait = waited + wait, min(LONGEST_WAIT, wait * 2)
            operation = self._client.operation(str(operation.get("name", "")))
        address = _address(operation)
        self._fill(lambda: self._client.linked(address))

    def _linked(self) -> None:
        address = self._client.export_links(self._id).get(self._media_type)
        if not isinstance(address, str):
            raise FileUnavailable("Google has no link to it")
        self._fill(lambda: self._client.linked(address))

    def _fill(self, opened: Callable[[], AbstractContextManager[Part]]) -> None:
        """Take the document from its beginning: no export can be gone on with, nor has it a checksum."""

        def bring() -> None:
            self._spool.start_over()
            with opened() as part:
                if part.media_type.startswith("text/") or part.media_type == "application/json":
                    raise Broken("Google handed out a web page in place of the document.")
                self._spool.take(part)
            if not self._spool.is_zip():  # all that we ask for are zip containers
                raise Broken("Google handed out something else than the document that was asked for.")

        self._spool.fill(bring, again=self._client.back_off)


def _address(operation: Mapping[str, Any]) -> str:
    """Return where the bytes of an operation that is done are. Raises ConnectorError for one that failed."""
    response, error = operation.get("response"), operation.get("error")
    address = response.get("downloadUri") if isinstance(response, dict) else None
    if isinstance(address, str):
        return address
    code = error.get("code") if isinstance(error, dict) else None
    if code in _PASSING:
        raise SourceUnavailable(f"Google could not export it (code {code}).")
    raise FileUnavailable("Google could not export it" + (f" (code {code})" if isinstance(code, int) else ""))


def _in_one(failed: list[ConnectorError]) -> ConnectorError:
    """Return the error that says them all; it passes where one of them may."""
    first, *others = (str(error).rstrip(".") for error in failed)
    sentence = f"{first}, and no other way worked ({'; '.join(dict.fromkeys(others))})"
    if any(error.transient for error in failed):
        return SourceUnavailable(sentence)
    return FileUnavailable(sentence)
