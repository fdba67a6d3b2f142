"""Bodies are read whole, of bounded size and in bounded time."""

import asyncio
from collections.abc import Iterable

import pytest
from starlette.types import Message, Receive

from scanner.web import bodies
from scanner.web.bodies import NoBody, once_more, whole


def sent(*messages: Message) -> Receive:
    """Return what gives these messages, and then nothing more, ever."""
    left = list(messages)

    async def receive() -> Message:
        if left:
            return left.pop(0)
        await asyncio.Event().wait()
        raise AssertionError

    return receive


async def next_of(receive: Receive) -> Message:
    return await receive()


def parts(*pieces: bytes, ends: bool = True) -> Iterable[Message]:
    last = len(pieces) - 1 if ends else len(pieces)
    return [{"type": "http.request", "body": one, "more_body": place != last} for place, one in enumerate(pieces)]


def test_a_body_that_fits_is_given_whole_and_once_more() -> None:
    gone: Message = {"type": "http.disconnect"}
    receive = sent(*parts(b"a=", b"", b"1"), gone)
    body = asyncio.run(whole(receive, most=3))
    assert body == b"a=1"
    again = once_more(body, receive)
    assert asyncio.run(whole(again, most=3)) == body
    assert asyncio.run(next_of(again)) == gone


@pytest.mark.parametrize(
    ("messages", "status"),
    [
        (parts(b"a=", b"12"), 413),
        (parts(b"xxxx", ends=False), 413),  # without waiting for its end
        ([*parts(b"a", ends=False), {"type": "http.disconnect"}], 400),
        (parts(b"a", b"=", ends=False), 408),
    ],
)
def test_a_body_that_is_too_long_too_slow_or_broken_off_is_none(
    monkeypatch: pytest.MonkeyPatch, messages: Iterable[Message], status: int
) -> None:
    monkeypatch.setattr(bodies, "SECONDS", 0.02)
    with pytest.raises(NoBody) as raised:
        asyncio.run(whole(sent(*messages), most=3))
    assert raised.value.status == status
