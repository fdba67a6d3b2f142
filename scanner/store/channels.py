"""The channels over which the source hints at changes: which there are, and whose."""

from sqlmodel import Session, col, delete, select

from connector import Channel
from scanner.store.tables import ChannelRow


class Channels:
    """The channels, within one transaction."""

    def __init__(self, session: Session) -> None:
        """Work in this session."""
        self._session = session

    def of_connection(self, connection_id: str) -> tuple[Channel, ...]:
        """List a connection's channels, the ones that end last first."""
        query = select(ChannelRow).where(ChannelRow.connection_id == connection_id)
        rows = self._session.exec(query.order_by(col(ChannelRow.ends_at).desc(), ChannelRow.id))
        return tuple(_channel(row) for row in rows)

    def get(self, connection_id: str, channel_id: str) -> Channel | None:
        """Return the channel of that id, where it is the connection's."""
        row = self._session.get(ChannelRow, channel_id)
        return _channel(row) if row is not None and row.connection_id == connection_id else None

    def keep(self, connection_id: str, channel: Channel) -> None:
        """Keep a channel that was opened."""
        self._session.add(
            ChannelRow(
                id=channel.id,
                connection_id=connection_id,
                resource_id=channel.resource_id,
                feed=channel.feed,
                address=channel.address,
                ends_at=channel.ends_at,
            )
        )

    def drop(self, channel_id: str) -> None:
        """Forget a channel: its hints are refused from now on."""
        self._session.exec(delete(ChannelRow).where(col(ChannelRow.id) == channel_id))


def _channel(row: ChannelRow) -> Channel:
    return Channel(id=row.id, resource_id=row.resource_id, feed=row.feed, address=row.address, ends_at=row.ends_at)
