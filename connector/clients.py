"""The open clients, one for each connection that is read: each with the grant that the vault holds."""

import threading
from collections.abc import Callable

from connector.calls import Counted
from connector.drive.client import DriveClient
from connector.drive.pace import Pace
from connector.errors import ConsentLost
from connector.grant import Grant, Keeper
from connector.lost import LostBecause
from connector.settings import ConnectorSettings
from connector.vault import Vault


class Clients:
    """Opens clients and keeps them; all of them share the pace of one Google Cloud project."""

    def __init__(
        self, settings: ConnectorSettings, vault: Vault, *, now: Callable[[], float], counted: Counted
    ) -> None:
        """Open with the grants of this vault; `counted` is told of each call to Google."""
        self._settings = settings
        self._vault = vault
        self._now = now
        self._counted = counted
        self._project = Pace(settings.google_project_units_per_minute)
        self._open: dict[str, tuple[Grant, DriveClient]] = {}
        self._lock = threading.Lock()

    def of(self, connection_id: str) -> DriveClient:
        """Return the connection's client. Raises ConsentLost, and SourceRefused where no key opens its grant."""
        grant = self._vault.get(connection_id)
        if grant is None:
            raise ConsentLost(LostBecause.NO_TOKEN)
        with self._lock:
            known = self._open.get(connection_id)
            if known is not None and known[0] == grant:
                return known[1]
            client = self.opened(grant, keeper=_Place(self, connection_id))
            self._open[connection_id] = (grant, client)
        if known is not None:  # a job that still reads with the older consent is tried again with this one
            known[1].close()
        return client

    def opened(self, grant: Grant, *, keeper: Keeper | None = None) -> DriveClient:
        """Return a client of this grant, which whoever asked closes. Raises SourceRefused."""
        return DriveClient(
            self._settings, grant, project=self._project, now=self._now, counted=self._counted, keeper=keeper
        )

    def drop(self, connection_id: str) -> None:
        """Close the connection's client, if there is one."""
        with self._lock:
            known = self._open.pop(connection_id, None)
        if known:
            known[1].close()

    def close(self) -> None:
        """Close all."""
        with self._lock:
            while self._open:
                self._open.popitem()[1][1].close()

    def kept(self, connection_id: str) -> Grant | None:
        """Return what opens a connection now. Raises SourceRefused where no key opens that."""
        return self._vault.get(connection_id)

    def renewed(self, connection_id: str, old: Grant, new: Grant) -> None:
        """Keep what Google gave in the place of an older refresh token; the client that got it goes on."""
        if not self._vault.renew(connection_id, old, new):
            return
        with self._lock:
            known = self._open.get(connection_id)
            if known is not None and known[0] == old:
                self._open[connection_id] = (new, known[1])


class _Place:
    """Where one connection's grant is kept."""

    def __init__(self, clients: Clients, connection_id: str) -> None:
        self._clients = clients
        self._id = connection_id

    def renewed(self, old: Grant, new: Grant) -> None:
        self._clients.renewed(self._id, old, new)

    def kept(self) -> Grant | None:
        return self._clients.kept(self._id)
