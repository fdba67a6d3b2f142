"""RTF, emails and plain texts made to do harm, and files under wrong names."""

from collections.abc import Callable

from tests.extract_builders import a_docx, a_pdf, a_zip
from tests.extract_samples.compound import a_compound_file
from tests.extract_samples.every import BY_NAME
from tests.hazards.base import Hazard

SLOW = r"reading it took longer than 2 seconds"
MAIL = b"From: a@b\nTo: c@d\nSubject: x\n"
LATIN = "Passwörter müssen geändert werden, größer als zwölf."


def _h(title: str, name: str, make: Callable[[], bytes], **ends: object) -> Hazard:
    return Hazard(title=title, name=name, make=make, **ends)  # type: ignore[arg-type]  # each a field of Hazard


def mixed(parts: int) -> bytes:
    """Return an email of so many parts."""
    body = b"".join(b"--x\nContent-Type: text/plain\n\ndeep %d\n" % number for number in range(parts))
    return MAIL + b"Content-Type: multipart/mixed; boundary=x\n\n" + body + b"--x--\n"


def attached(name: str, data: bytes) -> bytes:
    """Return an email with this file."""
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "deep", "ann@example.org", "bob@example.org"
    mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


RTF: tuple[Hazard, ...] = (
    _h(
        "200,000 groups in groups",
        "a.rtf",
        lambda: b"{\\rtf1 " + b"{" * 200_000 + b"deep" + b"}" * 200_001,
        says="deep",
    ),
    _h("binary data of 2^31 bytes", "a.rtf", lambda: b"{\\rtf1 deep\\par\\bin2147483647 after\\par}", says="deep"),
    _h(
        "a control word of 100,000 letters",
        "a.rtf",
        lambda: b"{\\rtf1 deep\\par\\" + b"a" * 100_000 + b" }",
        says="deep",
    ),
    _h(
        "a number of 100,000 digits",
        "a.rtf",
        lambda: b"{\\rtf1 deep\\par\\uc" + b"9" * 100_000 + b"\\u65 }",
        says="deep",
    ),
    _h("characters that are none", "a.rtf", lambda: b"{\\rtf1\\ansicpg99999 deep\\u-99999999 \\'zz\\par}", says="deep"),
)
EMAIL: tuple[Hazard, ...] = (
    _h(
        "3,000 emails in emails",
        "a.eml",
        lambda: (MAIL + b"Content-Type: message/rfc822\n\n") * 3_000 + b"deep",
        because="it is nested too deeply to be read",
    ),
    _h(
        "parts in parts",
        "a.eml",
        lambda: (
            MAIL
            + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(400))
            + b"\ndeep\n"
        ),
        says="x",
        because="it is nested too deeply to be read",
    ),
    _h("4,000 parts", "a.eml", lambda: mixed(4_000), says="deep", in_part="more than 200 parts"),
    _h(
        "encoded words without end",
        "a.eml",
        lambda: b"Subject: " + b"=?utf-8?q?=41?= " * 15_000 + b"\nFrom: a@b\nTo: c@d\n\ndeep",
        says="deep",
    ),
    _h(
        "one encoded word of 150,000 letters",
        "a.eml",
        lambda: b"Subject: =?utf-8?q?" + b"=41" * 50_000 + b"?=\nFrom: a@b\nTo: c@d\n\ndeep",
        says="deep",
    ),
    _h(
        "a header of a megabyte",
        "a.eml",
        lambda: MAIL + b"X-A: " + b"x" * 1_000_000 + b"\n\ndeep",
        because="its header is longer than any real email's",
    ),
    _h(
        "a transfer encoding that is none",
        "a.eml",
        lambda: (
            MAIL + b"Content-Transfer-Encoding: x-uuencode\nContent-Type: text/plain; charset=utf-99\n\ndeep \xff\n"
        ),
        says="deep",
    ),
    _h(
        "an attachment that is a bomb",
        "a.eml",
        lambda: attached("a.docx", a_zip({"word/document.xml": b" " * 60_000_000})),
        says="deep",
        because="no text was found in it",
    ),
    _h(
        "an attachment's name that climbs",
        "a.eml",
        lambda: attached("../../etc/passwd\n.docx".replace("\n", ""), a_docx()),
        says="Accounts",
    ),
)
TEXTS: tuple[Hazard, ...] = (
    _h("blanks and zeros alone", "a.txt", lambda: b" \n\0" * 100, because="the file is empty"),
    _h("one line of 200 MB", "a.txt", lambda: b"word" * 50_000_000, says="word", in_part="larger than a text"),
    _h("dots without end", "a.txt", lambda: b"deep " + b"." * 300_000 + b"!!", says="deep"),
    _h("NUL bytes", "a.txt", lambda: b"an\0swer " * 50, says="answer"),
    _h("UTF-16 without a mark", "a.txt", lambda: "A plain answer.".encode("utf-16-le"), says="A plain answer."),
    _h("UTF-32 with a mark", "a.txt", lambda: "A plain answer.".encode("utf-32"), says="A plain answer."),
    _h("another code page", "a.txt", lambda: LATIN.encode("cp1252"), says="Passwörter müssen"),
    _h("bytes that are no text in any code page", "a.txt", lambda: b"deep " + bytes(range(128, 256)) * 50, says="deep"),
    _h("quotes that do not end", "a.csv", lambda: b"deep,b\n" * 50 + b'"open quote\n' * 1_000, says="deep"),
    _h("a row of 30,000 cells", "a.csv", lambda: b"deep," * 30_000, says="deep"),
    _h("a cell of 2 MB", "a.csv", lambda: b'deep,"' + b"x" * 2_000_000 + b'"\n', says="deep"),
)
NAMES: tuple[Hazard, ...] = (
    _h("a web page named .doc", "a.doc", lambda: BY_NAME["guide.html"].data, says="Telnet"),
    _h("a PDF named .docx", "a.docx", a_pdf, says="Change the default password"),
    _h("a Word file named .pdf", "a.pdf", a_docx, says="Change the default password"),
    _h("a Word file named .xlsx", "a.xlsx", a_docx, says="Change the default password"),
    _h(
        "a program named .pdf",
        "a.pdf",
        lambda: b"\x7fELF" + b"\0" * 99,
        because=r"its type \(program or data file\) is not one that can be read",
    ),
    _h(
        "a PDF and a ZIP archive in one",
        "a.pdf",
        lambda: a_pdf() + a_zip({"a.txt": "x"}),
        says="Change the default password",
    ),
    _h("a web page in front of a PDF", "a.pdf", lambda: b"<html><p>deep</p>" + a_pdf(), says="deep"),
    _h(
        "an old Word file",
        "a.doc",
        lambda: a_compound_file({"WordDocument": bytes(4096)}),
        because="it is in the legacy format of old Word: save it as DOCX",
    ),
    _h(
        "a picture",
        "scan.png",
        lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        because="it is a picture without a text layer",
    ),
    _h("a name of 5,000 letters", "a" * 5_000 + ".txt", lambda: b"deep", says="deep"),
    _h("a name that climbs", "../../../etc/passwd", lambda: b"deep", says="deep"),
)
OTHERS = RTF + EMAIL + TEXTS + NAMES
