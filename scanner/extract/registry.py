"""The one ordered table of readers: real type → extractor. A format is one file and one line here."""

from collections.abc import Mapping
from types import MappingProxyType

from scanner.extract import docx, md, pdf, txt
from scanner.extract.base import Extractor
from scanner.extract.formats import Format

EXTRACTORS: Mapping[Format, Extractor] = MappingProxyType(
    {
        Format.PDF: pdf.extract,
        Format.DOCX: docx.extract,
        Format.MARKDOWN: md.extract,
        Format.TEXT: txt.extract,
    }
)
