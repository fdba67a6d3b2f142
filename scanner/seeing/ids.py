"""What the work of this moment belongs to: ids that every line of the log and every span then carries."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

_IDS: ContextVar[Mapping[str, str]] = ContextVar("ids", default=MappingProxyType({}))


@contextmanager
def about(**ids: str) -> Iterator[None]:
    """Let what is done within belong to these ids too: a job's, a connection's; never a name or an address."""
    token = _IDS.set({**_IDS.get(), **ids})
    try:
        yield
    finally:
        _IDS.reset(token)


def also(**ids: str) -> None:
    """Add ids that become known on the way, until the `about` around it ends."""
    _IDS.set({**_IDS.get(), **ids})


def known() -> Mapping[str, str]:
    """Return the ids of this moment."""
    return _IDS.get()
