"""PDFs made to do harm, written object by object."""

import io
import zlib
from collections.abc import Mapping

from tests.extract_builders import a_pdf
from tests.hazards.base import Hazard, packed

SLOW = r"reading it took longer than 2 seconds"
LARGE = r"reading it needed more memory than allowed|its reader crashed on it, twice"
NO_PDF = r"it is damaged: no reader can open it as a PDF"
SCAN = r"it is a scan without a text layer"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%s>>>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
HELLO = b"BT /F 12 Tf 9 700 Td (Hello reader) Tj ET"


def pdf(objects: Mapping[int, bytes], *, trailer: bytes = b"", head: bytes = b"%PDF-1.7\n") -> bytes:
    """Return a PDF of these objects with a right table of references."""
    out, places = bytearray(head), dict[int, int]()
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (max(objects) + 1, trailer, start)
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), entries, data)


def book(
    content: bytes = HELLO,
    *,
    entries: bytes = b"",
    resources: bytes = b"",
    kids: bytes = b"3 0 R",
    count: bytes = b"1",
    catalog: bytes = b"",
    more: Mapping[int, bytes] | None = None,
) -> bytes:
    """Return a PDF of one page with this content, any part of which may lie."""
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
            2: b"<</Type/Pages/Kids[%s]/Count %s>>" % (kids, count),
            3: PAGE % resources,
            4: stream(content, entries),
            5: FONT,
            **(more or {}),
        }
    )


def deep_tree(levels: int) -> bytes:
    """Return a page that stands below so many nodes."""
    nodes = {
        number: b"<</Type/Pages/Parent %d 0 R/Kids[%d 0 R]/Count 1>>" % (max(number - 1, 2), number + 1)
        for number in range(10, 10 + levels)
    }
    return book(kids=b"10 0 R", more={**nodes, 10 + levels: PAGE % b""})


def many_pages(count: int) -> bytes:
    """Return so many real pages that share one content."""
    kids = b" ".join(b"%d 0 R" % number for number in range(10, 10 + count))
    return book(kids=kids, count=b"%d" % count, more=dict.fromkeys(range(10, 10 + count), PAGE % b""))


def type0(cmap: bytes, *, widths: bytes = b"") -> bytes:
    """Return a page in a composite font whose map to Unicode is the given one."""
    return book(
        b"BT /G 12 Tf 9 700 Td <00480065006C006C006F> Tj ET",
        resources=b"/Font<</G 6 0 R>>",
        more={
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</G 6 0 R>>>>>>",
            6: b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[7 0 R]/ToUnicode 8 0 R>>",
            7: b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            b"/Supplement 0>>/FontDescriptor 9 0 R%s>>" % widths,
            8: stream(b"/CIDInit /ProcSet findresource begin begincmap " + cmap + b" endcmap"),
            9: b"<</Type/FontDescriptor/FontName/A/Flags 4/ItalicAngle 0/Ascent 700/Descent 0/CapHeight 700/StemV 80>>",
        },
    )


def drawing_itself(times: int) -> bytes:
    """Return a form that says something and draws itself, so many times."""
    form = stream(
        (HELLO + b" /X Do ") * times,
        b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F 5 0 R>>/XObject<</X 10 0 R>>>>",
    )
    return book(b"/X Do", resources=b"/XObject<</X 10 0 R>>", more={10: form})


def laughs() -> bytes:
    """Return forms that draw the next form ten times each, ten deep."""
    forms = {
        number: stream(
            b"/X Do " * 10 if number < 20 else HELLO,
            b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F 5 0 R>>/XObject<</X %d 0 R>>>>"
            % (number + 1),
        )
        for number in range(10, 21)
    }
    return book(b"/X Do", resources=b"/XObject<</X 10 0 R>>", more=forms)


def outlines(first: bytes, following: bytes, *, children: bytes = b"") -> bytes:
    """Return a page and bookmarks that lead back to themselves."""
    return book(
        catalog=b"/Outlines 10 0 R",
        more={
            10: b"<</Type/Outlines/First %s/Last 11 0 R/Count 5>>" % first,
            11: b"<</Title(Hello)/Parent 10 0 R/Next %s%s/Dest[3 0 R/Fit]>>" % (following, children),
        },
    )


def structure() -> bytes:
    """Return a page with a structure tree whose element is its own child."""
    return book(
        catalog=b"/MarkInfo<</Marked true>>/StructTreeRoot 10 0 R",
        more={
            10: b"<</Type/StructTreeRoot/K 11 0 R/ParentTree 12 0 R>>",
            11: b"<</Type/StructElem/S/Sect/P 10 0 R/K[11 0 R 11 0 R 10 0 R]/Pg 3 0 R>>",
            12: b"<</Nums[0 [11 0 R]]/Kids[12 0 R]>>",
        },
    )


def vast_xref() -> bytes:
    """Return a stream of references that claims to hold 2³¹ of them, in front of a page."""
    body = book()
    place = len(body)
    rows = zlib.compress(b"\1\0\0\0\0" * 9)
    return (
        body + b"20 0 obj\n<</Type/XRef/Size 2147483647/W[1 4 0]/Index[0 2147483647]/Root 1 0 R/Filter/FlateDecode"
        b"/Length %d>>stream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % (len(rows), rows, place)
    )


def circling_xref() -> bytes:
    """Return a table of references whose former one is itself."""
    body = book()
    start = body.rindex(b"xref\n0 1")
    return body.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d/XRefStm %d" % (start, start))


def protected(user: str) -> bytes:
    """Return a PDF with an owner's password, and with a user's where one is given."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(user, ownerPassword="boss"))
    canvas.drawString(70, 700, "Change the default password")
    canvas.save()
    return out.getvalue()


def flate(piece: bytes, megabytes: int, *, twice: bool = False) -> bytes:
    """Return a page whose content unpacks to so many megabytes, once or twice packed."""
    data = packed(piece, megabytes)
    filters = b"/Filter[/FlateDecode/FlateDecode]" if twice else b"/Filter/FlateDecode"
    return book(zlib.compress(data, 9) if twice else data, entries=filters)


def crowded(words: int) -> bytes:
    """Return a page on which so many words lie over each other."""
    return book(b"BT /F 12 Tf 9 700 Td " + b"(word ) Tj 0 0 Td " * words + b"ET")


def _h(title: str, make: object, **ends: object) -> Hazard:
    return Hazard(title=title, name="a.pdf", make=make, **ends)  # type: ignore[arg-type]  # each a field of Hazard


READ = {"says": "Hello reader"}
PDFS: tuple[Hazard, ...] = (
    _h("a page tree that bites its tail", lambda: book(kids=b"2 0 R", count=b"5"), because=rf"{NO_PDF}|{SCAN}"),
    _h("a page below 20,000 nodes", lambda: deep_tree(20_000), because=rf"{NO_PDF}|{SCAN}"),
    _h("a count of a billion pages", lambda: book(count=b"1000000000"), says="Hello reader", because=LARGE, seconds=2),
    _h("a negative count", lambda: book(count=b"-7"), **READ),
    _h(
        "a million times the same page",
        lambda: book(kids=b"3 0 R " * 1_000_000, count=b"1000000"),
        says="Hello reader",
        because=SLOW,
        in_part="pages",
        seconds=2,
    ),
    _h(
        "50,000 pages",
        lambda: many_pages(50_000),
        says="Hello reader",
        because=SLOW,
        in_part="5,000 are read",
        seconds=2,
    ),
    _h("a page of a gigabyte of blanks", lambda: flate(b" ", 1024), because=rf"{SCAN}|{LARGE}|{SLOW}", seconds=2),
    _h(
        "a page of a gigabyte of operators",
        lambda: flate(b"BT (a) Tj ET ", 1024),
        says="a",
        because=rf"{LARGE}|{SLOW}",
        in_part="page 1",
        seconds=2,
    ),
    _h(
        "a page of a gigabyte, twice packed",
        lambda: flate(b"q Q ", 1024, twice=True),
        because=rf"{SCAN}|{LARGE}|{SLOW}",
        seconds=2,
    ),
    _h("200,000 nested arrays in a page", lambda: book(b"[" * 200_000 + HELLO), because=SCAN, says="Hello reader"),
    _h("200,000 nested arrays in the catalog", lambda: book(catalog=b"/X " + b"[" * 200_000), **READ),
    _h("references that lead to themselves", circling_xref, **READ),
    _h("a stream of 2³¹ references", vast_xref, **READ),
    _h(
        "a map to Unicode of 2³¹ characters",
        lambda: type0(b"1 beginbfrange <00000000> <7FFFFFFF> <0041> endbfrange " * 50),
        says="°",
    ),
    _h(
        "a range of 2³¹ glyph widths",
        lambda: type0(b"1 beginbfrange <0000> <ffff> <0000> endbfrange", widths=b"/W[0 2147483647 500]"),
        says="Hello",
    ),
    _h("a form that draws itself", lambda: drawing_itself(1), **READ),
    _h(
        "a form that draws itself twenty times",
        lambda: drawing_itself(20),
        says="Hello reader",
        because=rf"{SLOW}|{LARGE}|{SCAN}",
        seconds=2,
    ),
    _h(
        "forms that draw ten forms each, ten deep",
        laughs,
        says="Hello reader",
        because=rf"{SLOW}|{LARGE}|{SCAN}",
        seconds=2,
    ),
    _h("bookmarks in a circle", lambda: outlines(b"11 0 R", b"11 0 R"), **READ),
    _h("a bookmark that is its own child", lambda: outlines(b"11 0 R", b"10 0 R", children=b"/First 11 0 R"), **READ),
    _h("a structure tree in a circle", structure, **READ),
    _h("20,000 words over each other", lambda: crowded(20_000), says="word", because=SLOW, seconds=2),
    _h("junk before the header", lambda: b"junk\n" * 20 + book(), **READ),
    _h(
        "half of a PDF",
        lambda: a_pdf()[: len(a_pdf()) // 2],
        says="Change the default password",
        because=rf"{NO_PDF}|{SCAN}",
    ),
    _h("a header and nothing", lambda: b"%PDF-1.7\n", because=NO_PDF),
    _h("a header and random bytes", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40, because=NO_PDF),
    _h("a header and a million zeros", lambda: b"%PDF-1.7\n" + bytes(1_000_000), because=NO_PDF),
    _h("text that is drawn invisibly", lambda: book(b"BT 3 Tr /F 12 Tf 9 700 Td (Hello reader) Tj ET"), **READ),
    _h("a scan", lambda: book(b"0 0 600 800 re f"), because=SCAN),
    _h("an owner's password only", lambda: protected(""), says="Change the default password"),
    _h("a user's password", lambda: protected("secret"), because=r"it is protected by a password"),
    _h("a page of no size", lambda: book().replace(b"[0 0 600 800]", b"[0 0 0 0]"), because=SCAN, **READ),
    _h("a page of 10^30 points", lambda: book().replace(b"[0 0 600 800]", b"[0 0 1e30 1e30]"), because=SCAN, **READ),
    _h("letters of 10^30 points", lambda: book(HELLO.replace(b"12", b"1e30")), because=SCAN, **READ),
    _h("an unknown filter", lambda: book(entries=b"/Filter/ShowMeAll"), **READ),
    _h("a length that lies", lambda: book().replace(b"/Length 41", b"/Length 99999999"), because=SCAN, **READ),
)
