"""The reader process: parsers imported once, confined, then one document after the other until its parent is gone."""

import gc
import json
import os
import socket
from collections.abc import Mapping
from io import BufferedReader, FileIO

from scanner.extract.base import Extractor, Unreadable
from scanner.extract.direct import read
from scanner.extract.enclosed import begin
from scanner.extract.formats import Format
from scanner.extract.reading import Reading
from scanner.extract.registry import extractors
from scanner.extract.sandbox import confine, limit_processor_time
from scanner.extract.wire import NO_MEMORY, READY, document_lines, unreadable_line


def main(control: int, lifeline: int, memory_mb: int, reading: str) -> None:
    """Serve the parent on the inherited socket until it closes it; `reading` is a Reading as JSON."""
    readers = extractors(Reading(**json.loads(reading)))  # Tesseract loads its files, which it cannot see later
    confine(lifeline, memory_mb=memory_mb)
    gc.freeze()
    with socket.socket(fileno=control) as parent:
        parent.sendall(READY)
        while request := _request(parent):
            asked, descriptor = request
            limit_processor_time(float(asked["seconds"]))
            begin(float(asked["seconds"]))
            _answer(parent, descriptor, str(asked["name"]), readers)


def _request(parent: socket.socket) -> tuple[dict[str, str | float], int] | None:
    data, descriptors = b"", list[int]()
    while not data.endswith(b"\n"):
        piece, received, _, _ = socket.recv_fds(parent, 65_536, 1)
        if not piece:
            return None
        data += piece
        descriptors += received
    return json.loads(data), descriptors[0]


def _answer(parent: socket.socket, descriptor: int, name: str, readers: Mapping[Format, Extractor]) -> None:
    try:
        with BufferedReader(FileIO(descriptor, "rb")) as stream:
            os.lseek(descriptor, 0, os.SEEK_SET)
            document = read(stream, name=name, extractors=readers)
        with parent.makefile("wb", buffering=262_144) as out:
            out.writelines(document_lines(document))
    except Unreadable as why:
        parent.sendall(unreadable_line(str(why)))
    except MemoryError:
        parent.sendall(unreadable_line(NO_MEMORY))
