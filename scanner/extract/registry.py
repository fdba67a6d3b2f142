"""The one ordered table of readers: real type → extractor. A format is one file and one line here."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from scanner.extract import adoc, delimited, docx, eml, htm, md, odt, pdf, pptx, rst, rtf, txt, xlsx
from scanner.extract.base import Extractor
from scanner.extract.dispatch import dispatch
from scanner.extract.formats import Format

ATTACHABLE: Mapping[Format, Extractor] = MappingProxyType(
    {
        Format.PDF: pdf.extract,
        Format.DOCX: docx.extract,
        Format.XLSX: xlsx.reader_of(Format.XLSX),
        Format.PPTX: pptx.extract,
        Format.ODT: odt.extract_text,
        Format.ODS: xlsx.reader_of(Format.ODS),
        Format.ODP: odt.extract_presentation,
        Format.RTF: rtf.extract,
        Format.HTML: htm.extract,
        Format.MARKDOWN: md.extract,
        Format.RST: rst.extract,
        Format.ASCIIDOC: adoc.extract,
        Format.CSV: delimited.reader_of(Format.CSV),
        Format.TSV: delimited.reader_of(Format.TSV),
        Format.TEXT: txt.extract,
    }
)
EXTRACTORS: Mapping[Format, Extractor] = MappingProxyType(
    {**ATTACHABLE, Format.EML: eml.reader_with(partial(dispatch, ATTACHABLE))}
)
