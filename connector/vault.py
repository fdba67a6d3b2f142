"""Refresh tokens, sealed at rest by connection; small values, sealed for cookies.

AES-256-GCM (NIST SP 800-38D) with a random nonce; what a value is for is authenticated with it, so that a sealed value
moved to another connection, or a cookie used for something else, does not open.
"""

import base64
import binascii
import hashlib
import os
import stat
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from connector.errors import ConnectorError

VERSION = b"\x01"
KEY_BYTES = 32
KEY_ID_BYTES = 4
NONCE_BYTES = 12


class Shelf(Protocol):
    """Where sealed tokens are kept; whoever assembles the connector gives one."""

    def read(self, connection_id: str) -> bytes | None:
        """Return what was sealed for the connection."""
        ...

    def write(self, connection_id: str, sealed: bytes) -> None:
        """Keep it, replacing what was there."""
        ...

    def remove(self, connection_id: str) -> None:
        """Forget it; an unknown connection is fine."""
        ...


class Keys:
    """The vault's keys, the newest first: it seals, all of them open."""

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        """Take at least one key of 32 bytes."""
        self._keys = tuple((hashlib.sha256(key).digest()[:KEY_ID_BYTES], AESGCM(key)) for key in keys)

    @classmethod
    def load(cls, *, given: str | None, file: Path) -> "Keys":
        """Read the keys from a setting, else from the file, made with fresh randomness where it is not there.

        Raises ConnectorError with a sentence that says what to change.
        """
        return cls(tuple(_decoded(part) for part in (given or _from_file(file)).split(",")))

    def seal(self, purpose: str, value: bytes) -> bytes:
        """Return the value sealed for this purpose only."""
        key_id, cipher = self._keys[0]
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + key_id + nonce + cipher.encrypt(nonce, value, purpose.encode())

    def open(self, purpose: str, sealed: bytes) -> bytes | None:
        """Return the value, or None for anything that was not sealed for this purpose by one of our keys."""
        body = len(VERSION) + KEY_ID_BYTES
        key_id, nonce, secret = (
            sealed[len(VERSION) : body],
            sealed[body : body + NONCE_BYTES],
            sealed[body + NONCE_BYTES :],
        )
        if not sealed.startswith(VERSION) or len(nonce) < NONCE_BYTES:
            return None
        for known, cipher in self._keys:
            if known == key_id:
                try:
                    return cipher.decrypt(nonce, secret, purpose.encode())
                except InvalidTag:
                    return None
        return None

    def is_newest(self, sealed: bytes) -> bool:
        """Tell whether the newest key sealed it."""
        return sealed[len(VERSION) : len(VERSION) + KEY_ID_BYTES] == self._keys[0][0]


class Vault:
    """The refresh tokens of all connections."""

    def __init__(self, keys: Keys, shelf: Shelf) -> None:
        """Seal with these keys, keep on this shelf."""
        self._keys = keys
        self._shelf = shelf

    def put(self, connection_id: str, refresh_token: str) -> None:
        """Seal and keep the connection's refresh token."""
        self._shelf.write(connection_id, self._keys.seal(_purpose(connection_id), refresh_token.encode()))

    def get(self, connection_id: str) -> str | None:
        """Return the refresh token to be used now, or None where there is none that opens; reseals with a newer key."""
        sealed = self._shelf.read(connection_id)
        value = self._keys.open(_purpose(connection_id), sealed) if sealed else None
        if sealed is None or value is None:
            return None
        if not self._keys.is_newest(sealed):
            self.put(connection_id, value.decode())
        return value.decode()

    def remove(self, connection_id: str) -> None:
        """Forget the connection's refresh token."""
        self._shelf.remove(connection_id)


def to_text(sealed: bytes) -> str:
    """Return sealed bytes as text that fits a cookie."""
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def from_text(text: str) -> bytes | None:
    """Return the bytes of such a text, None for another one."""
    try:
        return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None


def _purpose(connection_id: str) -> str:
    return f"refresh-token:{connection_id}"


def _decoded(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise ConnectorError(
            "Set CROSSWALK_VAULT_KEY to 32 random bytes in base64, for example from `openssl rand -base64 32`; "
            "the key given is not that."
        )
    return key


def _from_file(file: Path) -> str:
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(file)
    except OSError as error:
        raise ConnectorError(f"The vault key cannot be written to {file}: {error.strerror}.") from error
    text = base64.b64encode(os.urandom(KEY_BYTES)).decode()
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    return text


def _read(file: Path) -> str:
    try:
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise ConnectorError(f"Others can read the vault key in {file}: run `chmod 600 {file}`, then connect anew.")
        return file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ConnectorError(f"The vault key in {file} cannot be read ({type(error).__name__}).") from error
