"""The reader process: parsers imported once, confined, then one document after the other until its parent is gone."""

import gc
import json
import os
import socket
from io import BufferedReader, FileIO

from scanner.extract.base import Unreadable
from scanner.extract.direct import read
from scanner.extract.sandbox import confine, limit_processor_time
from scanner.extract.wire import NO_MEMORY, READY, document_lines, unreadable_line


def main(control: int, lifeline: int, memory_mb: int) -> None:
    """Serve the parent on the inherited socket until it closes it."""
    confine(lifeline, memory_mb=memory_mb)
    gc.freeze()
    with socket.socket(fileno=control) as parent:
        parent.sendall(READY)
        while request := _request(parent):
            asked, descriptor = request
            limit_processor_time(float(asked["seconds"]))
            _answer(parent, descriptor, str(asked["name"]))


def _request(parent: socket.socket) -> tuple[dict[str, str | float], int] | None:
    data, descriptors = b"", list[int]()
    while not data.endswith(b"\n"):
        piece, received, _, _ = socket.recv_fds(parent, 65_536, 1)
        if not piece:
            return None
        data += piece
        descriptors += received
    return json.loads(data), descriptors[0]


def _answer(parent: socket.socket, descriptor: int, name: str) -> None:
    try:
        with BufferedReader(FileIO(descriptor, "rb")) as stream:
            os.lseek(descriptor, 0, os.SEEK_SET)
            document = read(stream, name=name)
        with parent.makefile("wb", buffering=262_144) as out:
            out.writelines(document_lines(document))
    except Unreadable as why:
        parent.sendall(unreadable_line(str(why)))
    except MemoryError:
        parent.sendall(unreadable_line(NO_MEMORY))
