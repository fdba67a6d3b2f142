"""What opens each connection, sealed at rest; and the keys that it is sealed with, given up for newer ones."""

import os
from collections.abc import Sequence
from typing import Protocol

from connector.errors import SourceRefused
from connector.grant import Grant, KeyState, VaultState
from connector.seal import KEY_BYTES, Key, KeyFile, Keys, key_id


class Shelf(Protocol):
    """Where sealed tokens are kept; whoever assembles the connector gives one."""

    def read(self, connection_id: str) -> bytes | None:
        """Return what was sealed for the connection."""
        ...

    def write(self, connection_id: str, sealed: bytes) -> None:
        """Keep it, replacing what was there."""
        ...

    def replace(self, connection_id: str, old: bytes, new: bytes) -> bool:
        """Keep the new one where the old one still is; False where it is not, because it was removed or written."""
        ...

    def remove(self, connection_id: str) -> None:
        """Forget it; an unknown connection is fine."""
        ...

    def ids(self) -> Sequence[str]:
        """List the connections that something is kept for."""
        ...


class Vault:
    """What opens the connections."""

    def __init__(self, keys: Keys, shelf: Shelf) -> None:
        """Seal with these keys, keep on this shelf."""
        self._keys = keys
        self._shelf = shelf

    def put(self, connection_id: str, grant: Grant) -> None:
        """Seal and keep what opens the connection."""
        self._shelf.write(connection_id, self._keys.seal(_purpose(connection_id), grant.to_bytes()))

    def get(self, connection_id: str) -> Grant | None:
        """Return what opens the connection, None where nothing is kept.

        Raises SourceRefused when no key opens it: the operator lost a key, and the person's consent still stands.
        """
        sealed = self._shelf.read(connection_id)
        if sealed is None:
            return None
        value = self._keys.open(_purpose(connection_id), sealed)
        if value is None:
            raise SourceRefused(
                f"The vault key {key_id(sealed).hex()}, which sealed this connection's consent, is not among the keys: "
                "put it back behind a comma, or connect again."
            )
        return Grant.from_bytes(value)

    def renew(self, connection_id: str, old: Grant, new: Grant) -> bool:
        """Keep a new grant where the old one still is; False where it is not: it was removed, or another one given."""
        sealed = self._shelf.read(connection_id)
        value = self._keys.open(_purpose(connection_id), sealed) if sealed else None
        if sealed is None or value is None or Grant.from_bytes(value) != old:
            return False
        return self._shelf.replace(connection_id, sealed, self._keys.seal(_purpose(connection_id), new.to_bytes()))

    def holds(self, connection_id: str) -> bool:
        """Tell whether something is kept for the connection, whether or not it opens."""
        return self._shelf.read(connection_id) is not None

    def remove(self, connection_id: str) -> None:
        """Forget what opens the connection."""
        self._shelf.remove(connection_id)

    def reseal(self) -> VaultState:
        """Seal with the newest key all that older ones hold. It can be killed at any line, and repeated.

        Each token is replaced by itself and only where it is still the same: none comes back that was removed
        meanwhile, none goes back to an older consent.
        """
        newest, count = self._keys.all[0], 0
        for connection_id in self._shelf.ids():
            sealed = self._shelf.read(connection_id)
            if sealed is None or key_id(sealed) == newest.id:
                continue
            value = self._keys.open(_purpose(connection_id), sealed)
            if value is not None:
                count += self._shelf.replace(connection_id, sealed, self._keys.seal(_purpose(connection_id), value))
        return self.state(resealed=count)

    def state(self, *, resealed: int = 0) -> VaultState:
        """Return which keys there are, what each still holds, and what none opens."""
        sealed = {one: value for one in self._shelf.ids() if (value := self._shelf.read(one)) is not None}
        unopened = [one for one, value in sealed.items() if self._keys.open(_purpose(one), value) is None]
        held = [key_id(value) for value in sealed.values()]
        keys = [
            KeyState(name=key.name, newest=not place, tokens=held.count(key.id))
            for place, key in enumerate(self._keys.all)
        ]
        return VaultState(keys=tuple(keys), unopened=tuple(unopened), resealed=resealed)


def rotated(file: KeyFile, vault: Vault) -> VaultState:
    """Put a fresh key first in the file and seal everything with it; the one before stays, others only while needed.

    After a kill on the way the next run goes on with the key that was made. A running process reads the file anew by
    itself, yet may just be sealing with the key before: so that one is only let go by `pruned`.
    """
    with file.alone():
        keys = vault.state().keys
        if all(key.newest or not key.tokens for key in keys):
            file.write([os.urandom(KEY_BYTES), *_needed(file, keys)])
        return vault.reseal()


def pruned(file: KeyFile, vault: Vault) -> VaultState:
    """Take the keys out of the file that hold no token any more; the newest stays."""
    with file.alone():
        file.write(_needed(file, vault.state().keys))
        return vault.state()


def _needed(file: KeyFile, keys: Sequence[KeyState]) -> list[bytes]:
    names = {key.name for key in keys if key.newest or key.tokens}
    return [key for key in file.read() if Key(key).name in names]


def _purpose(connection_id: str) -> str:
    return f"refresh-token:{connection_id}"
