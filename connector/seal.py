"""Sealing: AES-256-GCM (NIST SP 800-38D) under keys that have ids, the newest first.

What a value is for is authenticated with it, so that a sealed value moved to another connection, or a cookie used for
something else, does not open.
"""

import base64
import binascii
import fcntl
import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from connector.errors import ConnectorError

VERSION = b"\x01"
KEY_BYTES = 32
KEY_ID_BYTES = 4
NONCE_BYTES = 12
_HEAD = len(VERSION) + KEY_ID_BYTES


@dataclass(frozen=True, slots=True)
class Key:
    """One key; its id is told freely and says nothing about it."""

    secret: bytes

    def __repr__(self) -> str:
        """Never show the key."""
        return f"Key({self.name})"

    @property
    def id(self) -> bytes:
        """What stands at the head of all that it sealed."""
        return hashlib.sha256(self.secret).digest()[:KEY_ID_BYTES]

    @property
    def name(self) -> str:
        """Its id for people."""
        return self.id.hex()


class Keys:
    """The vault's keys, the newest first: it seals, all of them open."""

    def __init__(self, keys: Sequence[bytes] | Callable[[], Sequence[bytes]]) -> None:
        """Take at least one key of 32 bytes, or what gives them anew whenever they are needed."""
        self._given = keys

    @classmethod
    def load(cls, *, given: str | None, file: Path) -> "Keys":
        """Read the keys from a setting, else from the file, made with fresh randomness where it is not there.

        Raises ConnectorError with a sentence that says what to change.
        """
        if given:
            return cls(decoded(given))
        kept = KeyFile(file)
        kept.read()
        return cls(kept.read)

    @property
    def all(self) -> tuple[Key, ...]:
        """The keys as they are now."""
        given = self._given() if callable(self._given) else self._given
        return tuple(Key(secret) for secret in given)

    def seal(self, purpose: str, value: bytes) -> bytes:
        """Return the value sealed for this purpose only."""
        newest, nonce = self.all[0], os.urandom(NONCE_BYTES)
        return VERSION + newest.id + nonce + AESGCM(newest.secret).encrypt(nonce, value, purpose.encode())

    def open(self, purpose: str, sealed: bytes) -> bytes | None:
        """Return the value, or None for anything that was not sealed for this purpose by one of our keys."""
        nonce, secret = sealed[_HEAD : _HEAD + NONCE_BYTES], sealed[_HEAD + NONCE_BYTES :]
        if not sealed.startswith(VERSION) or len(nonce) < NONCE_BYTES:
            return None
        key = next((one for one in self.all if one.id == key_id(sealed)), None)
        try:
            return AESGCM(key.secret).decrypt(nonce, secret, purpose.encode()) if key else None
        except InvalidTag:
            return None


class KeyFile:
    """The file that holds the keys where no setting does; read again when it was replaced, by whatever process."""

    def __init__(self, file: Path) -> None:
        """Look nowhere yet."""
        self._file = file
        self._read: tuple[tuple[int, int], tuple[bytes, ...]] | None = None

    def read(self) -> tuple[bytes, ...]:
        """Return the keys; where no file was ever seen it is made with one fresh key. Raises ConnectorError."""
        if self._read is None and not self._file.exists():
            self._make()
        try:
            found = self._file.stat()
            stamp = (found.st_ino, found.st_mtime_ns)
            if self._read is None or self._read[0] != stamp:
                if stat.S_IMODE(found.st_mode) & 0o077:
                    raise ConnectorError(
                        f"Others can read the vault key in {self._file}: run `chmod 600 {self._file}`, "
                        "then `crosswalk vault rotate`."
                    )
                self._read = stamp, decoded(self._file.read_text(encoding="ascii"))
        except (OSError, UnicodeDecodeError) as error:
            raise ConnectorError(f"The vault key in {self._file} cannot be read ({type(error).__name__}).") from error
        return self._read[1]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let no other process change the file meanwhile: of two new keys one would be lost with what it sealed."""
        folder = os.open(self._file.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def write(self, keys: Sequence[bytes]) -> None:
        """Put these keys in the place of what is there, whole or not at all. Raises ConnectorError."""
        self._put(keys, lambda new: new.replace(self._file))

    def _make(self) -> None:
        """Of two processes that find no file, the first one's key stays."""

        def link(new: Path) -> None:
            try:
                self._file.hardlink_to(new)
            except FileExistsError:
                pass
            finally:
                new.unlink()

        self._put([os.urandom(KEY_BYTES)], link)

    def _put(self, keys: Sequence[bytes], into_place: Callable[[Path], object]) -> None:
        new = self._file.with_name(f".{self._file.name}.{os.getpid()}.{os.urandom(4).hex()}")
        text = ",".join(base64.b64encode(key).decode() for key in keys)
        try:
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            into_place(new)
            _keep_folder(self._file.parent)
        except OSError as error:
            new.unlink(missing_ok=True)
            raise ConnectorError(f"The vault key cannot be written to {self._file}: {error.strerror}.") from error


def decoded(text: str) -> tuple[bytes, ...]:
    """Return the keys of a text, the newest first. Raises ConnectorError, without showing it."""
    return tuple(_decoded(part) for part in text.split(","))


def key_id(sealed: bytes) -> bytes:
    """Return the id of the key that sealed it."""
    return sealed[len(VERSION) : _HEAD]


def to_text(sealed: bytes) -> str:
    """Return sealed bytes as text that fits a cookie."""
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def from_text(text: str) -> bytes | None:
    """Return the bytes of such a text, None for another one."""
    try:
        return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None


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


def _keep_folder(folder: Path) -> None:
    """Let the new name outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
