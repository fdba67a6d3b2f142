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
    picture,
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
from scanner.extract.ocr import Recogniser
from scanner.extract.reading import Reading


def extractors(reading: Reading) -> Mapping[Format, Extractor]:
    """Return the table for these choices. Raises NoRecogniser where pictures are to be read and cannot be."""
    recogniser = Recogniser(reading.ocr, seconds=reading.ocr_seconds) if reading.ocr else None
    single = _single(reading, recogniser)
    enclosed = partial(dispatch, _enclosed(single))
    return MappingProxyType(
        {
            **single,
            Format.EML: eml.reader_with(enclosed),
            Format.MSG: msg.reader_with(enclosed),
            Format.ZIP: archive.reader_with(enclosed),
        }
    )


def _single(reading: Reading, recogniser: Recogniser | None) -> dict[Format, Extractor]:
    """Return the readers of files that hold no other files."""
    pictures = {Format.IMAGE: picture.reader_with(recogniser)} if recogniser else {}
    return {
        Format.PDF: pdf.reader_of(reading.pdf, recogniser),
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
        **pictures,
    }


def _enclosed(single: Mapping[Format, Extractor]) -> Mapping[Format, Extractor]:
    """Return the readers of files in files, one level deep: there, an email gives its text and an archive nothing."""
    return {
        **single,
        Format.EML: eml.reader_with(nothing_deeper),
        Format.MSG: msg.reader_with(nothing_deeper),
        Format.ZIP: nothing_deeper,
    }


EXTRACTORS = extractors(Reading())
