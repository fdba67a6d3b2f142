"""Reading in this very process: inside a child, and in tests of formats; never on a stranger's file in the worker."""

from collections.abc import Mapping
from typing import IO

from scanner.extract.base import Extractor
from scanner.extract.dispatch import dispatch
from scanner.extract.formats import Format
from scanner.extract.registry import EXTRACTORS
from scanner.model.document import Document


def read(stream: IO[bytes], *, name: str, extractors: Mapping[Format, Extractor] = EXTRACTORS) -> Document:
    """Read a seekable stream into a Document. Raises Unreadable, and MemoryError where memory is limited."""
    return dispatch(extractors, stream, name=name)
