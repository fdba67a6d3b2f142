"""Write a text as an OpenDocument text: headings, paragraphs, lists and tables, and nothing else."""

from datetime import datetime
from html import escape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from scanner.demo.company.text import Block, Text, plain

_MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table", "meta")
)
_MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"


def write_odt(text: Text, *, moment: datetime) -> bytes:
    """Return the bytes of an .odt; `moment` is when it says that it was written."""
    control = (tuple(text.control.items()),) if text.control else ()
    body = f'<text:h text:outline-level="1">{escape(text.title)}</text:h>' if text.title else ""
    body += "".join(_table(rows) for rows in control) + "".join(_element(block) for block in text.blocks)
    content = f"<office:document-content {_NAMES}><office:body><office:text>{body}</office:text></office:body></office:document-content>"  # noqa: E501 -- one element
    manifest = (
        f'<manifest:manifest xmlns:manifest="{_MANIFEST}">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MEDIA_TYPE}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        for name, data, how in (
            ("mimetype", _MEDIA_TYPE, ZIP_STORED),  # first and uncompressed, so that its type can be told from its head
            ("META-INF/manifest.xml", manifest, ZIP_DEFLATED),
            ("content.xml", content, ZIP_DEFLATED),
        ):
            archive.writestr(ZipInfo(name, date_time=moment.timetuple()[:6]), data, compress_type=how)
    return written.getvalue()


def _element(block: Block) -> str:
    said = escape(plain(block.text))
    match block.kind:
        case "heading":
            return f'<text:h text:outline-level="{block.level}">{said}</text:h>'
        case "table":
            return _table(block.rows)
        case "bullet" | "number":
            return f"<text:list><text:list-item><text:p>{said}</text:p></text:list-item></text:list>"
        case "code":
            return "".join(f"<text:p>{escape(line)}</text:p>" for line in block.text.splitlines())
        case _:
            return f"<text:p>{said}</text:p>"


def _table(rows: tuple[tuple[str, ...], ...]) -> str:
    cells = (
        "".join(f"<table:table-cell><text:p>{escape(plain(one))}</text:p></table:table-cell>" for one in row)
        for row in rows
    )
    return "<table:table>" + "".join(f"<table:table-row>{row}</table:table-row>" for row in cells) + "</table:table>"
