"""Subscriptions to change feeds: opened at Google and stopped there."""

import logging
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import wait
from datetime import UTC, datetime, timedelta

from connector.calls import Counted, nobody
from connector.channel import Channel
from connector.drive.client import DriveClient
from connector.errors import ConnectorError, FileGone
from connector.grant import Grant
from connector.settings import ConnectorSettings

log = logging.getLogger(__name__)

# https://developers.google.com/workspace/drive/api/guides/push: a week is the longest for changes, an hour the default.
LONGEST, DEFAULT = timedelta(days=7), timedelta(hours=1)
STOP_SECONDS = 5.0  # without an answer; a person waits for it, and the hints are refused here anyhow


def opened(
    client: DriveClient,
    *,
    feed: str,
    page_token: str,
    address: str,
    token: Callable[[str], str],
    now: datetime,
) -> Channel:
    """Have Google send hints about a feed to an address; `token` gives the token of a channel's id.

    Raises ConnectorError.
    """
    ident = uuid.uuid4().hex
    asked = int((now + LONGEST).timestamp() * 1000)
    raw = client.watch(
        page_token, drive=feed, channel=ident, address=address, token=token(ident), expiration=str(asked)
    )
    ends = str(raw.get("expiration", ""))
    return Channel(
        id=ident,
        resource_id=str(raw.get("resourceId", "")),
        feed=feed,
        address=address,
        # NOTE: Google may grant less than was asked for.
        ends_at=datetime.fromtimestamp(int(ends) / 1000, tz=UTC) if ends.isdecimal() else now + DEFAULT,
    )


def stopped(client: DriveClient, channel: Channel) -> None:
    """Have Google send no more hints over a channel; one that it does not know is fine. Raises ConnectorError."""
    try:
        client.stop(channel.id, channel.resource_id)
    except FileGone:
        return


def all_stopped(
    settings: ConnectorSettings, grant: Grant, channels: Sequence[Channel], *, counted: Counted = nobody
) -> None:
    """Try once to stop these channels, for about as long as a person waits; what fails is logged and no more."""
    quick = settings.model_copy(update={"call_timeout": STOP_SECONDS, "call_attempts": 1})
    try:
        client = DriveClient(quick, grant, counted=counted)
    except ConnectorError as error:
        log.warning("No channel could be stopped: %s", error, extra={"event": "push.stop_failed"})
        return
    calls = [client.submit(stopped, client, channel) for channel in channels]
    done, late = wait(calls, timeout=2 * STOP_SECONDS)
    client.close()
    failed = len(late) + sum(call.exception() is not None for call in done)
    if failed:
        log.warning("%d channels could not be stopped.", failed, extra={"event": "push.stop_failed"})
