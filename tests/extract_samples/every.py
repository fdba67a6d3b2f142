"""The one table of samples: a format that is read has its line here, and every suite goes over all of them."""

from collections.abc import Mapping

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
    a_pdf,
    a_pptx,
    a_zip,
    an_eml,
    an_mhtml,
    an_odp,
    an_ods,
    an_odt,
    an_xlsx,
)
from tests.extract_samples.legacy import a_msg, an_xls
from tests.extract_samples.sample import Sample

_GUIDE = f"Accounts {DEFAULT_PASSWORD} Disable Telnet on port 23 Roles Nurse read only"
_FORM = f"Question Answer {DEFAULT_PASSWORD} Yes Disable Telnet on port 23 no"


def _an_xls() -> bytes:
    rows = [["Question", "Answer"], [DEFAULT_PASSWORD, "Yes"], [TELNET, "no"]]
    return an_xls({"MDS2": rows, "Notes": [["Rights of a nurse", "read only"]]})


def _a_msg() -> bytes:
    return a_msg(subject="Security Guide 4.2", body="Attached.", sender="Ann", attachments={"guide.docx": a_docx()})


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
    Sample(name="guide.pdf", real=Format.PDF, make=a_pdf, says=_GUIDE),
    Sample(name="guide.docx", real=Format.DOCX, make=a_docx, says=_GUIDE),
    Sample(
        name="mds2.xlsx", real=Format.XLSX, make=an_xlsx,
        says=f"Disclosure Statement {DEFAULT_PASSWORD} Yes Disable Telnet on port 23 Rights of a nurse read only",
    ),
    Sample(
        name="deck.pptx", real=Format.PPTX, make=a_pptx,
        says=f"{_GUIDE} Say why Role Rights",
    ),
    Sample(name="guide.odt", real=Format.ODT, make=an_odt, says=_GUIDE),
    Sample(name="roles.ods", real=Format.ODS, make=an_ods, says="Role Rights Nurse read only"),
    Sample(name="deck.odp", real=Format.ODP, make=an_odp, says=f"Accounts {DEFAULT_PASSWORD}"),
    Sample(name="guide.rtf", real=Format.RTF, make=RTF.encode, says=_GUIDE),
    Sample(name="guide.html", real=Format.HTML, make=HTML.encode, says=_GUIDE),
    Sample(name="guide.mhtml", real=Format.MHTML, make=an_mhtml, says=_GUIDE),
    Sample(name="guide.md", real=Format.MARKDOWN, make=MD.encode, says=_GUIDE),
    Sample(name="guide.rst", real=Format.RST, make=RST.encode, says=_GUIDE),
    Sample(name="guide.adoc", real=Format.ASCIIDOC, make=ADOC.encode, says=_GUIDE),
    Sample(name="mds2.csv", real=Format.CSV, make=CSV.encode, says=_FORM),
    Sample(name="mds2.tsv", real=Format.TSV, make=CSV.replace(";", "\t").encode, says=_FORM),
    Sample(name="guide.txt", real=Format.TEXT, make=TXT.encode, says=_GUIDE),
    Sample(name="mds2.xls", real=Format.XLS, make=_an_xls, says=f"{_FORM} Rights of a nurse read only"),
    Sample(
        name="mail.eml", real=Format.EML, make=an_eml,
        says=f"Security Guide Attached {DEFAULT_PASSWORD} Disable Telnet on port 23 Rights Nurse read only revision",
    ),
    Sample(name="mail.msg", real=Format.MSG, make=_a_msg, says=f"Security Guide Attached {_GUIDE} revision"),
    Sample(name="guides.zip", real=Format.ZIP, make=_an_archive, says=f"{_GUIDE} Doctor all"),
)  # fmt: skip
BY_NAME: Mapping[str, Sample] = {sample.name: sample for sample in SAMPLES}
