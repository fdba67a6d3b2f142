"""One file to the reader of what it really is, and every reader's failure into one sentence."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import IO

from scanner.extract.base import Extractor, Unreadable
from scanner.extract.formats import Format, promised
from scanner.extract.office import OLD_POWERPOINT, OLD_WORD
from scanner.extract.sniff import sniff
from scanner.model.document import Document

REFUSED: Mapping[Format, str] = MappingProxyType(
    {
        Format.EMPTY: "the file is empty",
        Format.DOC: OLD_WORD,
        Format.PPT: OLD_POWERPOINT,
        Format.LEGACY: "it is in a legacy format: save it as DOCX, XLSX or PPTX",
        Format.PROTECTED: "it is protected by a password",
        Format.IMAGE: "it is a picture without a text layer",
    }
)
CONTAINERS = frozenset({Format.DOCX, Format.XLSX, Format.PPTX, Format.ODT, Format.ODS, Format.ODP})
_RUST = "pyo3_runtime"  # where a panic of a parser in Rust comes from; it is no Exception
DAMAGED = "it is damaged, or not what it claims to be: its reader could not make sense of it"
TOO_DEEP = "it is nested too deeply to be read"


def dispatch(extractors: Mapping[Format, Extractor], stream: IO[bytes], *, name: str) -> Document:
    """Read the stream with the extractor of its real type. Raises Unreadable, MemoryError, and nothing else."""
    said = promised(name)
    try:
        real = sniff(stream, name=name)
        document = _extractor(extractors, real, said)(stream, name=name)
    except (Unreadable, MemoryError):
        raise
    except RecursionError:
        raise Unreadable(TOO_DEEP) from None
    except Exception:  # noqa: BLE001  # the border to foreign parsers: on a stranger's bytes they raise anything at all
        # NOTE: not chained on purpose, since a parser's message may hold pieces of the document.
        raise Unreadable(DAMAGED) from None
    except BaseException as panic:
        if type(panic).__module__ != _RUST:
            raise
        raise Unreadable(DAMAGED) from None
    if said is None or said is real or (said.is_text and real.is_text) or said is Format.TEXT:
        return document
    ending = name.rpartition(".")[2].strip().lower()
    wrong = f"named .{ending}, but it is {real.words}"
    return replace(document, mislabelled=f"{wrong}; it is {document.mislabelled}" if document.mislabelled else wrong)


def _extractor(extractors: Mapping[Format, Extractor], real: Format, said: Format | None) -> Extractor:
    if real in REFUSED and real not in extractors:
        raise Unreadable(REFUSED[real])
    if real is Format.ZIP and said in CONTAINERS:
        raise Unreadable(DAMAGED)
    if real not in extractors:
        raise Unreadable(f"its type ({real.words.removeprefix('a ').removeprefix('an ')}) is not one that can be read")
    return extractors[real]
