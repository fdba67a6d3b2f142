"""The web server's protocol, with a patience: a client that does not come to the end of a request's head is left."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0


class Prompt(H11Protocol):
    """uvicorn's own, which waits for a head for ever: some thousand silent clients would hold all of its sockets."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its own does
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came; where no request is at work after it, its head is still to come, drop by drop or not."""
        super().data_received(data)
        if self._at_work:
            self._wait_no_more()
        elif self._late is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the wait with the connection."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._late = self.loop.call_later(HEAD_SECONDS, self._leave)

    def _wait_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _leave(self) -> None:
        self._late = None
        if not self._at_work:
            self.transport.abort()

    @property
    def _at_work(self) -> bool:
        return not getattr(self.cycle, "response_complete", True)  # there is no cycle before the first request
