"""The outbox: every mail as two files in a private folder, one to open in a mail program and one in a browser."""

import errno
import hashlib
import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from scanner.notify.base import Message, NotifyError
from scanner.notify.mime import compose


class Outbox:
    """A Notifier that writes `<news>-<message id>.eml` and `.html`; the same message writes the same files."""

    def __init__(self, folder: Path, *, sender: str, clock: Callable[[], datetime]) -> None:
        """Keep where to write, in whose name, and what tells the time of the Date header."""
        self._folder = folder
        self._sender = sender
        self._clock = clock

    def send(self, message: Message) -> str:
        """Write both files, each whole or not at all; only their owner may read them. Raises NotifyError."""
        mail = compose(message, sender=self._sender, date=self._clock())
        name = file_name(message)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self._folder / f"{name}.html", message.html.encode())
            _write(self._folder / f"{name}.eml", mail.as_bytes())
        except OSError as error:
            sentence = f"the outbox {self._folder} cannot be written: {error.strerror or error}"
            transient = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.EINTR}
            raise NotifyError(sentence, transient=transient) from error
        return f"written to {self._folder / name}.eml and .html"

    def forget(self, message_id: str) -> None:
        """Delete the files of the messages whose id is this, or begins so. Raises NotifyError."""
        try:
            for path in self._folder.glob(f"*-{_ident(message_id)}*"):
                path.unlink(missing_ok=True)
        except OSError as error:
            sentence = f"the outbox {self._folder} cannot be cleared: {error.strerror or error}"
            raise NotifyError(sentence, transient=True) from error


def file_name(message: Message) -> str:
    """Name a message's files without a suffix: stable, and safe on every file system."""
    slug = _slug(message.subject)[:60].strip("-.") or "gap-summary"
    return f"{slug}-{_ident(message.id)}"


def _ident(message_id: str) -> str:
    """Return the id where it can stand in a file's name, its digest otherwise."""
    if re.fullmatch(r"[A-Za-z0-9-]{1,64}", message_id):
        return message_id
    return hashlib.sha256(message_id.encode(errors="surrogatepass")).hexdigest()[:16]


def _slug(text: str) -> str:
    """Keep letters, digits and inner full stops of ASCII; everything else becomes a hyphen."""
    return re.sub(r"-{2,}", "-", re.sub(r"[^a-z0-9.]+", "-", text.lower()).replace("..", "-"))


def _write(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees all of it or nothing, whatever is killed."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
