"""A pool of warm reader processes, each behind limits: what happens in one harms neither us nor its neighbours."""

import contextlib
import json
import os
import queue
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Self

from scanner.extract.base import Unreadable
from scanner.extract.handover import MEGABYTE, handed_over, import_paths
from scanner.extract.office import BECOMES, REMARK, renewed, sweep
from scanner.extract.reading import Reading
from scanner.extract.wire import MAX_LINE_BYTES, NO_MEMORY, READY, Unbelievable, document_from
from scanner.model.document import Document

TRIES = 2  # of a file whose reader crashed or was killed: once can be the machine's fault, twice is the file's
CRASHED = "its reader crashed on it, twice"
START_SECONDS = 60.0
_REFUSED_MEMORY = re.compile(rb"memory allocation of \d+ bytes failed|bad_alloc")
MAX_NAME_CHARS = 1_000
_MAXRSS = 1 if sys.platform == "darwin" else 1024  # bytes that one unit of ru_maxrss stands for

_BOOT = (
    "import sys; control, lifeline, memory, reading, *sys.path = sys.argv[1:]; "
    "from scanner.extract.child import main; main(int(control), int(lifeline), int(memory), reading)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one document may cost."""

    seconds: float = 60.0  # by the wall clock, and of processor time
    memory_mb: int = 320  # of addresses, above the 75 that a warm reader has: it never takes 400 MiB of memory
    file_mb: int = 256  # of the file itself
    reply_mb: int = 64  # of all that a reader says about one document
    documents: int = 300  # a reader reads, then a fresh one takes its place


class ReaderMissing(OSError):
    """No reader process could be started: the machine's fault, not the document's."""


class _Breach(Exception):
    """A reader process broke a limit or died; its text is the reason for people."""


class _Crash(_Breach):
    """It ended by itself or was killed, or what it said cannot be believed."""


class ExtractPool:
    """Reads documents in isolated processes; may be used by many threads at once."""

    def __init__(self, *, workers: int, limits: Limits | None = None, reading: Reading | None = None) -> None:
        """Start that many readers; they warm up while the caller goes on."""
        self._limits, self._reading = limits or Limits(), reading or Reading()
        if self._reading.office:
            sweep(Path(tempfile.gettempdir()))
        self._seats = tuple(_Seat(self._limits, self._reading) for _ in range(workers))
        self._free: queue.LifoQueue[_Seat] = queue.LifoQueue()
        for seat in self._seats:
            self._free.put(seat)

    def extract(self, stream: IO[bytes], *, name: str) -> Document:
        """Read one file, waiting for a free reader. Raises Unreadable, or ReaderMissing when none can be started."""
        with handed_over(stream, self._limits.file_mb) as descriptor:
            try:
                return self._read(descriptor, name)
            except Unreadable as why:
                if not self._reading.office or str(why) not in BECOMES:
                    raise
                return self._renewed(descriptor, str(why), name)

    def _read(self, descriptor: int, name: str) -> Document:
        seat = self._free.get()
        try:
            return seat.read(descriptor, name)
        finally:
            self._free.put(seat)

    def _renewed(self, descriptor: int, because: str, name: str) -> Document:
        """Read an old file in the new format that LibreOffice turns it into."""
        program, seconds = self._reading.office, self._limits.seconds
        with (
            renewed(descriptor, because, program=program, seconds=seconds, paths=import_paths()) as stream,
            handed_over(stream, self._limits.file_mb) as other,
        ):
            document = self._read(other, f"renewed.{BECOMES[because][1]}")
        return replace(document, name=name, mislabelled=REMARK)

    def close(self) -> None:
        """End all readers, also those that read just now."""
        for seat in self._seats:
            seat.close()

    def __enter__(self) -> Self:
        """Return the pool."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


class _Seat:
    """A place for one reader process, taken by a fresh one whenever the last is spent or dead."""

    def __init__(self, limits: Limits, reading: Reading) -> None:
        self._limits, self._reading = limits, reading
        self._closing = threading.Lock()
        self._closed = False
        self._child = _Child(limits, reading)

    def read(self, descriptor: int, name: str) -> Document:
        because = CRASHED
        for _ in range(TRIES):
            os.lseek(descriptor, 0, os.SEEK_SET)
            try:
                return self._read(descriptor, name)
            except _Crash as crash:
                because = str(crash)
            except _Breach as breach:
                raise Unreadable(str(breach)) from None
        raise Unreadable(because)

    def _read(self, descriptor: int, name: str) -> Document:
        """Let the reader of this place read it; after anything but a plain answer a fresh one takes the place."""
        self._hand_over(descriptor, name)
        try:
            document = self._child.document(name)
        except Unreadable as why:
            if str(why) == NO_MEMORY:
                self._replace()
            raise
        except BaseException:
            self._replace()  # an interrupted talk leaves half a reply in the pipe
            raise
        if self._child.documents >= self._limits.documents:
            self._replace()
        return document

    def _hand_over(self, descriptor: int, name: str) -> None:
        for _ in range(2):  # one that died while it had nothing to do says nothing about this file
            try:
                self._child.ask(descriptor, name)
            except (OSError, _Breach):
                self._replace()
            else:
                return
        raise ReaderMissing(0, "no reader process could be started")

    def close(self) -> None:
        with self._closing:
            self._closed = True
            self._child.end()

    def _replace(self) -> None:
        with self._closing:
            self._child.end()
            if self._closed:
                raise ReaderMissing(0, "the readers were closed")
            self._child = _Child(self._limits, self._reading)


class _Child:
    """One reader process, the socket to talk with it, and the lifeline that ends it when this process is gone."""

    def __init__(self, limits: Limits, reading: Reading) -> None:
        self._limits = limits
        self.documents = 0
        self._ready = False
        self._buffer = bytearray()
        self._inherited = (
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS
        )  # a child's peak begins with ours
        self._socket, theirs = socket.socketpair()
        hold, self._lifeline = os.pipe()
        self._last_words, complaints = os.pipe()
        for end in (self._last_words, complaints):
            os.set_blocking(end, False)  # a flood of complaints is lost, and holds nobody up
        command = [sys.executable, "-I", "-X", "utf8", "-c", _BOOT, str(theirs.fileno()), str(hold)]
        try:
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and our own code
                [*command, str(limits.memory_mb), json.dumps(asdict(reading)), *import_paths()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                pass_fds=(theirs.fileno(), hold),
                env={},
                cwd="/",
                start_new_session=True,
            )
        finally:
            theirs.close()
            os.close(hold)
            os.close(complaints)

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, descriptor: int, name: str) -> None:
        """Hand a file over. Raises OSError or _Breach when the process is not there."""
        if not self._ready:
            if next(self._lines(START_SECONDS)) != READY:
                raise _Breach("no reader")
            self._ready = True
        self.documents += 1
        self._complaints()  # those over the file before
        request = json.dumps({"name": name[:MAX_NAME_CHARS], "seconds": self._limits.seconds}).encode() + b"\n"
        socket.send_fds(self._socket, [request], [descriptor])

    def document(self, name: str) -> Document:
        """Take the reply in. Raises Unreadable, or _Breach with the reason for people."""
        try:
            return document_from(self._lines(self._limits.seconds), name=name)
        except Unbelievable:
            raise _Crash(CRASHED) from None

    def end(self) -> None:
        """Kill it with everything that it may have started, and free what it held."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._socket.close()
        if self._lifeline >= 0:
            os.close(self._lifeline)
            os.close(self._last_words)
            self._lifeline = -1

    def _lines(self, seconds: float) -> Iterator[bytes]:
        """Yield the lines that it says within so many seconds. Raises _Breach."""
        deadline, left = time.monotonic() + seconds, self._limits.reply_mb * MEGABYTE
        while True:
            end = self._buffer.find(b"\n")
            if end >= 0:
                line = bytes(self._buffer[: end + 1])
                del self._buffer[: end + 1]
                yield line
                continue
            piece = self._received(deadline)
            if not piece:
                raise self._death()
            left -= len(piece)
            self._buffer += piece
            if left < 0 or len(self._buffer) > MAX_LINE_BYTES + len(piece):
                raise _Breach("reading it gave more text than allowed")

    def _received(self, deadline: float) -> bytes:
        remaining = deadline - time.monotonic()
        self._socket.settimeout(max(remaining, 0.001))
        try:
            return self._socket.recv(262_144)
        except TimeoutError:
            raise _Breach(f"reading it took longer than {self._limits.seconds:g} seconds") from None
        except ConnectionError:
            return b""

    def _death(self) -> _Breach:
        """Return why it ended."""
        try:
            _, status, used = os.wait4(self._process.pid, 0)
        except ChildProcessError:
            return _Crash(CRASHED)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        ended_by = -self._process.returncode
        if ended_by == signal.SIGXCPU:
            return _Breach(f"reading it took longer than {self._limits.seconds:g} seconds")
        if ended_by == signal.SIGKILL:  # by the kernel, when the machine's memory is short, whoever took it
            return _Crash(NO_MEMORY)
        most = used.ru_maxrss * _MAXRSS
        if most > max(0.7 * self._limits.memory_mb * MEGABYTE, self._inherited) or self._asked_for_too_much():
            return _Breach(NO_MEMORY)
        return _Crash(CRASHED)

    def _asked_for_too_much(self) -> bool:
        """Tell whether a parser said, before it aborted, that it was refused memory: the ways of Rust and of C++."""
        return bool(_REFUSED_MEMORY.search(self._complaints()))

    def _complaints(self) -> bytes:
        """Take what parsers have written for nobody."""
        try:
            return os.read(self._last_words, 65_536)
        except BlockingIOError:
            return b""
