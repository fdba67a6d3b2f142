"""Bodies of requests: read whole before anybody looks into them, of bounded size and in bounded time."""

import asyncio

from starlette.types import Message, Receive

SECONDS = 15.0


class NoBody(Exception):
    """A body was not taken: `status` is the answer's, the text says why."""

    def __init__(self, status: int, sentence: str) -> None:
        """Keep both."""
        super().__init__(sentence)
        self.status = status


async def whole(receive: Receive, *, most: int) -> bytes:
    """Return a body of at most so many bytes. Raises NoBody: too long, too slow, or broken off."""
    body = bytearray()
    try:
        async with asyncio.timeout(SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise NoBody(400, "The body did not come to its end.")
                body += message.get("body", b"")
                if len(body) > most:
                    raise NoBody(413, f"The body is longer than {most} bytes.")
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise NoBody(408, f"The body did not come within {SECONDS:.0f} seconds.") from None


def once_more(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read already, and then what else comes: that the client went away."""
    given = False

    async def received() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return received
