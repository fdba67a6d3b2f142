"""The one ordered table of readers: real type → extractor. A format is one file and one line here."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from scanner.extract import (
    adoc,
    archive,
    delimited,
    docx,
    eml,
    htm,
    md,
    mhtml,
    msg,
    odt,
    pdf,
    pptx,
    rst,
    rtf,
    txt,
    xls,
    xlsx,
)
from scanner.extract.base import Extractor
from scanner.extract.dispatch import dispatch
from scanner.extract.enclosed import nothing_deeper
from scanner.extract.formats import Format

_SINGLE: Mapping[Format, Extractor] = MappingProxyType(
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
        Format.MHTML: mhtml.extract,
        Format.MARKDOWN: md.extract,
        Format.RST: rst.extract,
        Format.ASCIIDOC: adoc.extract,
        Format.CSV: delimited.reader_of(Format.CSV),
        Format.TSV: delimited.reader_of(Format.TSV),
        Format.TEXT: txt.extract,
        Format.XLS: xls.extract,
    }
)
# What holds other files reads those one level deep: inside of it, an email gives its text and an archive nothing.
ENCLOSED: Mapping[Format, Extractor] = MappingProxyType(
    {
        **_SINGLE,
        Format.EML: eml.reader_with(nothing_deeper),
        Format.MSG: msg.reader_with(nothing_deeper),
        Format.ZIP: nothing_deeper,
    }
)
_enclosed = partial(dispatch, ENCLOSED)
EXTRACTORS: Mapping[Format, Extractor] = MappingProxyType(
    {
        **_SINGLE,
        Format.EML: eml.reader_with(_enclosed),
        Format.MSG: msg.reader_with(_enclosed),
        Format.ZIP: archive.reader_with(_enclosed),
    }
)
