"""Write texts that need no library: plain text and its kin, and tables as CSV."""

import csv
import re
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from io import StringIO

from scanner.demo.company.text import Block, Text, plain, spans

_TAGS = {"paragraph": "p", "bullet": "li", "number": "li"}
_MARKS = {"": "{}", "bold": "<strong>{}</strong>", "italic": "<em>{}</em>", "code": "<code>{}</code>"}


def write_raw(text: Text) -> bytes:
    """Return the body as it was written."""
    return text.raw.encode()


def write_csv(text: Text) -> bytes:
    """Return the tables' rows, separated by commas."""
    written = StringIO()
    for block in text.blocks:
        csv.writer(written).writerows(block.rows)
    return written.getvalue().encode()


def write_html(text: Text) -> bytes:
    """Return a page with headings, lists and tables."""
    body = "\n".join(_element(block) for block in text.blocks)
    title = escape(text.title)
    page = f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head><body>\n'
    return f"{page}<h1>{title}</h1>\n{body}\n</body></html>\n".encode()


def write_eml(text: Text) -> bytes:
    """Return a mail; its control table gives From, To, Date and the rest of the header."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = text.title
    for name, value in text.control.items():
        mail[name] = value
    mail.set_content(text.raw)
    return bytes(mail)


def write_rtf(text: Text) -> bytes:
    """Return the text as paragraphs of RTF; what is not ASCII is written as the format asks, by its number."""
    lines = [text.title, *(f"{name}: {value}" for name, value in text.control.items())]
    for block in text.blocks:
        lines += [" | ".join(row) for row in block.rows] if block.rows else block.text.splitlines()
    body = "".join(f"{_rtf(plain(line))}\\par\n" for line in lines if line)
    return f"{{\\rtf1\\ansi\\uc1 {body}}}".encode("ascii")


def _rtf(line: str) -> str:
    marked = re.sub(r"([\\{}])", r"\\\1", line)
    units = marked.encode("utf-16-le")
    pairs = (int.from_bytes(units[at : at + 2], "little", signed=True) for at in range(0, len(units), 2))
    return "".join(chr(unit) if 0 <= unit < 128 else f"\\u{unit}?" for unit in pairs)  # ASCII alone


def _element(block: Block) -> str:
    if block.kind == "heading":
        return f"<h{block.level + 1}>{escape(plain(block.text))}</h{block.level + 1}>"
    if block.kind == "table":
        rows = ("".join(f"<td>{_marked(cell)}</td>" for cell in row) for row in block.rows)
        return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"
    if block.kind == "code":
        return f"<pre><code>{escape(block.text)}</code></pre>"
    tag = _TAGS[block.kind]
    return f"<{tag}>{_marked(block.text)}</{tag}>"


def _marked(text: str) -> str:
    return "".join(_MARKS[style].format(escape(piece)) for piece, style in spans(text))
