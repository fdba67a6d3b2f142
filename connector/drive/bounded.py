"""Answers of bounded size and time: whoever keeps talking, or packs a mountain into a few bytes, is not heard out."""

import http.client
import time
from functools import partial
from typing import Any

import httplib2
from httplib2.decode import DecodeLimitError, DecodeRatioError

from connector.drive.parts import CHUNK, SLOWEST

# Bytes of one answer, also unpacked. A page of a thousand files has about a million, and far more where a stranger
# shared a thousand files with names of a hundred thousand letters: that is to end no sync.
MOST_ANSWER = 256 << 20
MOST_PATIENCE = 10  # times longer than for any byte may a whole answer take


class BoundedHttp(httplib2.Http):  # type: ignore[misc]  # it ships no types
    """A transport that follows no redirect, and hears nobody out who does not come to an end."""

    def __init__(self, *, timeout: float) -> None:
        """Wait so many seconds for any byte, and on and on while enough of them come."""
        super().__init__(timeout=timeout, decode_limit_hard=MOST_ANSWER)
        self.follow_redirects = False

    def _conn_request(self, conn: Any, *request: Any) -> Any:
        conn.response_class = partial(_Bounded, patience=self.timeout)
        try:
            return super()._conn_request(conn, *request)
        except OSError:
            conn.close()  # what is left of the answer would be taken for the next one
            raise
        except (DecodeLimitError, DecodeRatioError) as error:
            raise OSError("an answer that is packed without measure") from error


class _Bounded(http.client.HTTPResponse):
    """An answer whose end is waited for so long. Reading raises OSError after that, as where a connection breaks."""

    def __init__(self, *args: Any, patience: float, **more: Any) -> None:
        super().__init__(*args, **more)
        self._patience = patience

    def read(self, amt: int | None = None) -> bytes:
        if amt is not None:
            return super().read(amt)
        body, began = bytearray(), time.monotonic()
        while piece := self.read1(CHUNK):
            body += piece
            waited = time.monotonic() - began
            slow = waited > self._patience and len(body) < SLOWEST * waited
            if slow or waited > MOST_PATIENCE * self._patience or len(body) > MOST_ANSWER:
                raise OSError("an answer without end")
        if self.length:
            raise http.client.IncompleteRead(bytes(body), self.length)
        self.close()
        return bytes(body)
