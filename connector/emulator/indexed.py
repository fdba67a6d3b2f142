"""The text of seeded bytes, as far as the pretended search knows it: plain text, and the XML of zipped documents."""

import io
import re
import zipfile
from html import unescape

MOST = 2_000_000  # characters
_TAG = re.compile(r"<[^>]*>")
_XML = re.compile(r"(?:word|xl|ppt)/.*\.xml|content\.xml")


def indexed(content: bytes) -> str:
    """Return the text of plain text or of a zipped document, "" for all else: pictures and PDF are not looked into."""
    if content.startswith(b"PK"):
        return _of_zip(content)
    try:
        return "" if b"\0" in content[:4096] or content.startswith(b"%PDF") else content.decode("utf-8")[:MOST]
    except UnicodeDecodeError:
        return ""


def _of_zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist() if _XML.match(name)]
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return ""
    return unescape(_TAG.sub(" ", " ".join(parts)))[:MOST]
