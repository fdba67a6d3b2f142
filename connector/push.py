"""What a notification must carry to be believed: the token that we sealed for its channel, and nothing kept at rest.

Facts from https://developers.google.com/workspace/drive/api/guides/push: Google sends a channel's token back with each
notification; a token has at most 256 characters, a channel's id at most 64.
"""

from collections.abc import Mapping

from connector.channel import Hint
from connector.seal import Keys, from_text, to_text

PURPOSE = "push-channel"
PATH = "/connections/changed"
MOST_TOKEN = 256  # characters
OPENED = "sync"  # the state of a channel's first notification


def token_of(keys: Keys, *, connection_id: str, channel_id: str) -> str:
    """Return the token of a channel, sealed: whoever can read it can open nothing with it but this channel's hints."""
    return to_text(keys.seal(PURPOSE, f"{connection_id}\0{channel_id}".encode()))


def heard(keys: Keys, headers: Mapping[str, str]) -> Hint | None:
    """Return what a notification's headers say, None for anything that we did not seal for just this channel."""
    token = headers.get("x-goog-channel-token", "")
    raw = from_text(token) if len(token) <= MOST_TOKEN else None
    value = keys.open(PURPOSE, raw) if raw else None
    if value is None:
        return None
    connection_id, _, channel_id = value.decode().partition("\0")
    if headers.get("x-goog-channel-id") != channel_id:
        return None
    return Hint(
        connection_id=connection_id,
        channel_id=channel_id,
        changed=headers.get("x-goog-resource-state") != OPENED,
    )
