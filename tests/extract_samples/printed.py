"""A PDF with one of each thing that a reader of it has to find."""

import io

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.extract_builders import DEFAULT_PASSWORD, TELNET
from tests.extract_samples.sample import GERMAN, JAPANESE

_MINCHO = "HeiseiMin-W3"


def a_rich_pdf() -> bytes:
    """Return it: contents, accounts in one column with code-like lines, roles in two columns and a table."""
    pdfmetrics.registerFont(UnicodeCIDFont(_MINCHO))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.setTitle("Security Guide")
    canvas.setSubject("PulseView 4.2")
    for number, page in enumerate((_contents, _accounts, _roles), 1):
        _line(canvas, 810, "PV-SEC-001 revision 4", size=8)
        _line(canvas, 30, f"Page {number} of 3", size=8)
        page(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _contents(canvas: Canvas) -> None:
    _line(canvas, 760, "Contents", size=18)
    _line(canvas, 730, "1 Accounts ............................ 2")
    _line(canvas, 716, "1.1 Roles ............................. 3")


def _accounts(canvas: Canvas) -> None:
    canvas.bookmarkPage("accounts")
    canvas.addOutlineEntry("1 Accounts", "accounts", 0)
    _line(canvas, 760, "1 Accounts")  # a heading by its bookmark alone
    _line(canvas, 730, DEFAULT_PASSWORD)
    _line(canvas, 716, "This holds for the admin-")
    _line(canvas, 702, "istrator as well.")
    _line(canvas, 670, GERMAN)
    _line(canvas, 640, JAPANESE, font=_MINCHO)
    _line(canvas, 610, f"• {TELNET}")
    _line(canvas, 596, "• Then restart.")


def _roles(canvas: Canvas) -> None:
    _line(canvas, 760, "1.1 Roles", size=15)
    for place, text in enumerate(("A nurse reads the values", "of her own ward only,", "and exports nothing.")):
        _line(canvas, 720 - 13 * place, text)
    for place, text in enumerate(("An administrator adds", "and removes accounts", "and reads no values.")):
        _line(canvas, 720 - 13 * place, text, left=320)
    for place, row in enumerate((("Role", "Rights", "Remarks"), ("Nurse", "read only", "no export"))):
        for column, text in enumerate(row):
            _line(canvas, 600 - 18 * place, text, left=70 + 120 * column)


def _line(canvas: Canvas, bottom: int, text: str, *, left: int = 70, size: int = 11, font: str = "Helvetica") -> None:
    canvas.setFont(font, size)
    canvas.drawString(left, bottom, text)
