"""The one table of samples: a format that is read has its line here, and every suite goes over all of them."""

import io
import zipfile
from collections.abc import Callable, Mapping

from openpyxl import load_workbook
from openpyxl.comments import Comment
from pptx import Presentation

from scanner.extract.formats import Format
from tests.extract_builders import (
    ADOC,
    CSV,
    DEFAULT_PASSWORD,
    HTML,
    MD,
    RST,
    RTF,
    TELNET,
    TXT,
    a_docx,
    a_pptx,
    a_zip,
    an_eml,
    an_mhtml,
    an_odp,
    an_ods,
    an_odt,
    an_xlsx,
    saved,
    without,
)
from tests.extract_samples.legacy import a_msg, an_xls
from tests.extract_samples.printed import a_rich_pdf
from tests.extract_samples.sample import GERMAN, JAPANESE, Sample
from tests.extract_samples.word import a_rich_docx

_GUIDE = f"Accounts {DEFAULT_PASSWORD} Disable Telnet on port 23 Roles Nurse read only"
_FORM = f"Question Answer {DEFAULT_PASSWORD} Yes Disable Telnet on port 23 no"
_BOTH = f"{GERMAN} {JAPANESE}"
_ALL_OF_WORD = "closed Warning Applies ufw reload annex Which one revision"


def _an_xlsx() -> bytes:
    """Return a form whose version stands in the header for print, and whose answer is commented."""
    book = load_workbook(io.BytesIO(an_xlsx()))
    sheet = book["MDS2"]
    sheet.append([GERMAN, "ja"])
    sheet["B4"].comment = Comment("See annex E.", "Ann")
    sheet.oddHeader.left.text = "PV-FRM-001 revision 3"  # type: ignore[union-attr]  # a sheet has one from the start
    return saved(book)


def _a_pptx() -> bytes:
    deck = Presentation(io.BytesIO(a_pptx()))
    deck.slides[0].placeholders[1].text_frame.add_paragraph().text = JAPANESE
    deck.slides[0].placeholders[1].text_frame.paragraphs[-1].level = 1
    return saved(deck)


def _an_odt() -> bytes:
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>'
        "<text:p>See annex E.</text:p></text:note-body></text:note>"
    )
    meta = '<text:p text:style-name="Preformatted_20_Text">ufw deny 23</text:p>'
    more = f"<text:p>{GERMAN}{note}</text:p>{meta}<text:p>{JAPANESE}</text:p></office:text>"
    with zipfile.ZipFile(io.BytesIO(an_odt())) as archive:
        content = archive.read("content.xml").decode().replace("</office:text>", more)
    return without(an_odt(), "content.xml", put={"content.xml": content})


def _a_page() -> bytes:
    """Return a page in the charset that it names, and that no byte but its own tells."""
    page = HTML.replace("<head>", '<head><meta charset="Shift_JIS">')
    return page.replace("<pre>", f"<p>{JAPANESE}</p><pre>").encode("cp932")


def _in_more_languages(text: str) -> Callable[[], bytes]:
    return f"{text}\n{GERMAN}\n\n{JAPANESE}\n".encode


def _a_german_csv() -> bytes:
    """Return what Excel writes in Germany: semicolons, and its own code page."""
    return f"{CSV}{GERMAN};ja\n".encode("cp1252")


def _a_text() -> bytes:
    return f"{TXT}\n{JAPANESE}\n".encode("euc-jp")


def _an_xls() -> bytes:
    rows = [["Question", "Answer"], [DEFAULT_PASSWORD, "Yes"], [TELNET, "no"], [GERMAN, "ja"], [JAPANESE, "はい"]]
    return an_xls({"MDS2": rows, "Notes": [["Rights of a nurse", "read only"]]})


def _a_msg() -> bytes:
    return a_msg(
        subject="Security Guide 4.2",
        body=f"Attached.\n\n{GERMAN}\n\n{JAPANESE}",
        sender="Ann",
        attachments={"guide.docx": a_docx()},
    )


def _an_archive() -> bytes:
    return a_zip(
        {
            "manual/guide.docx": a_docx(),
            "manual/": b"",
            "roles.csv": "Role;Rights\nDoctor;all\n",
            "__MACOSX/._roles.csv": b"\0\5\x16\7",
        }
    )


SAMPLES: tuple[Sample, ...] = (
    Sample(name="guide.pdf", real=Format.PDF, make=a_rich_pdf, says=f"{_GUIDE} {_BOTH} nothing"),
    Sample(name="guide.docx", real=Format.DOCX, make=a_rich_docx, says=f"{_GUIDE} {_BOTH} {_ALL_OF_WORD}"),
    Sample(
        name="mds2.xlsx", real=Format.XLSX, make=_an_xlsx,
        says=f"Disclosure Statement {DEFAULT_PASSWORD} Yes Disable Telnet on port 23 Rights of a nurse read only",
    ),
    Sample(
        name="deck.pptx", real=Format.PPTX, make=_a_pptx,
        says=f"{_GUIDE} Say why Role Rights",
    ),
    Sample(name="guide.odt", real=Format.ODT, make=_an_odt, says=f"{_GUIDE} {_BOTH} annex"),
    Sample(name="roles.ods", real=Format.ODS, make=an_ods, says="Role Rights Nurse read only"),
    Sample(name="deck.odp", real=Format.ODP, make=an_odp, says=f"Accounts {DEFAULT_PASSWORD}"),
    Sample(name="guide.rtf", real=Format.RTF, make=RTF.encode, says=f"{_GUIDE} {_BOTH} revision annex Which one"),
    Sample(name="guide.html", real=Format.HTML, make=_a_page, says=f"{_GUIDE} {JAPANESE}"),
    Sample(name="guide.mhtml", real=Format.MHTML, make=an_mhtml, says=_GUIDE),
    Sample(name="guide.md", real=Format.MARKDOWN, make=_in_more_languages(MD), says=f"{_GUIDE} {_BOTH}"),
    Sample(name="guide.rst", real=Format.RST, make=_in_more_languages(RST), says=f"{_GUIDE} {_BOTH}"),
    Sample(name="guide.adoc", real=Format.ASCIIDOC, make=_in_more_languages(ADOC), says=f"{_GUIDE} {_BOTH}"),
    Sample(name="mds2.csv", real=Format.CSV, make=_a_german_csv, says=f"{_FORM} {GERMAN}"),
    Sample(name="mds2.tsv", real=Format.TSV, make=CSV.replace(";", "\t").encode, says=_FORM),
    Sample(name="guide.txt", real=Format.TEXT, make=_a_text, says=f"{_GUIDE} {JAPANESE}"),
    Sample(name="mds2.xls", real=Format.XLS, make=_an_xls, says=f"{_FORM} {_BOTH} Rights of a nurse read only"),
    Sample(
        name="mail.eml", real=Format.EML, make=an_eml,
        says=f"Security Guide Attached {DEFAULT_PASSWORD} Disable Telnet on port 23 Rights Nurse read only revision",
    ),
    Sample(name="mail.msg", real=Format.MSG, make=_a_msg, says=f"Security Guide Attached {_GUIDE} {_BOTH} revision"),
    Sample(name="guides.zip", real=Format.ZIP, make=_an_archive, says=f"{_GUIDE} Doctor all"),
)  # fmt: skip
BY_NAME: Mapping[str, Sample] = {sample.name: sample for sample in SAMPLES}
