"""Bytes of a text file into characters: by mark, as UTF-8, else by the best guess."""

import codecs
from contextlib import suppress
from typing import IO

from charset_normalizer import from_bytes

MAX_BYTES = 8_000_000  # a text of that size was measured to be read and judged in 25 s of processor time and 400 MB
SAMPLE = 65_536

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_IN_USE = [  # what texts that people still have are written in
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2", "iso8859_5",
    "iso8859_7", "koi8_r", "koi8_u", "cp932", "euc_jp", "gb18030", "big5", "cp949", "cp850", "mac_roman",
]  # fmt: skip
_WEB = {
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "iso8859-1", "l1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("shift-jis", "shift-jisx0213", "sjis", "x-sjis", "ms-kanji", "windows-31j"), "cp932"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk", "gb-2312-80"), "gb18030"),
    **dict.fromkeys(("euc-kr", "ks-c-5601-1987", "ksc5601", "korean"), "cp949"),
    **dict.fromkeys(("big5", "x-x-big5", "cn-big5"), "big5hkscs"),
    "x-user-defined": None,
    "utf-16": None,  # a page that is read so far as to say this is none
}


def read_text(stream: IO[bytes]) -> tuple[str, bool]:
    """Return the stream's text, and whether all of it was read."""
    data = stream.read(MAX_BYTES + 1)
    return decode(data[:MAX_BYTES]), len(data) <= MAX_BYTES


def decode(data: bytes, *, told: str | None = None) -> str:
    """Return the characters; bytes that are none become U+FFFD. `told` is a charset that the file claims."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    if wide := wide_encoding(data):
        return data.decode(wide, "replace")
    if told or data.isascii():
        told = _shifted(data) or _as_browsers_do(told)
    if told and told.startswith("iso2022"):
        return data.decode(told, "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)  # a last character may be cut in two
    except UnicodeDecodeError:
        return data.decode(_guess(data, told), "replace")


def wide_encoding(data: bytes) -> str | None:
    """Return "utf-16-le" or "utf-16-be" for text in it without a mark: every second byte of Latin text is NUL."""
    sample = data[:4096]
    half = len(sample) // 2
    if half < 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return _wide_script(sample)


def _wide_script(sample: bytes) -> str | None:
    """Tell UTF-16 without a mark by its upper halves: those of Greek, Cyrillic, Hebrew and Arabic, else of kana."""
    half = len(sample) // 2
    even, odd = sample[0::2], sample[1::2]
    for name, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        for upper, share in ((0x03, 0.4), (0x04, 0.4), (0x05, 0.4), (0x06, 0.4), (0x30, 0.2)):
            if half >= 8 and high.count(upper) > share * half and low.count(upper) < 0.05 * half:
                with suppress(UnicodeDecodeError):
                    sample[: half * 2].decode(name)
                    return name if not sample.isascii() or upper < 0x20 else None
    return None


def _shifted(data: bytes) -> str | None:
    """Return the encoding of text that shifts between sets of characters by escapes, and is ASCII to the eye."""
    if data.isascii() and any(escape in data[:SAMPLE] for escape in (b"\x1b$B", b"\x1b$@", b"\x1b(J")):
        return "iso2022_jp_2"
    return "iso2022_kr" if data.isascii() and b"\x1b$)C" in data[:SAMPLE] else None


def _as_browsers_do(told: str | None) -> str | None:
    """Return the encoding that a label stands for on the web (encoding.spec.whatwg.org, "Names and labels")."""
    label = (told or "").strip().lower().replace("_", "-")
    return _WEB.get(label, told)


def _guess(data: bytes, told: str | None) -> str:
    if told:
        try:
            codecs.lookup(told)
            data[:SAMPLE].decode(told)
        except (LookupError, UnicodeError, ValueError):
            pass
        else:
            return told
    found = list(from_bytes(data[:SAMPLE], steps=5, chunk_size=512, cp_isolation=_IN_USE))
    western = next((one for one in found if "cp1252" in one.could_be_from_charset), None)
    if not found or (western is not None and western.chaos <= found[0].chaos):
        return "cp1252"  # where others read as cleanly, it is the commonest of all
    return found[0].encoding
