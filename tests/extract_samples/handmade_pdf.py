"""Small PDFs written object by object, for what no library that we use writes: tags, form fields, comments."""

from collections.abc import Sequence

_PAGE = "/Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>"


def a_pdf_of(*objects: str) -> bytes:
    """Return a PDF of these numbered objects; the first is its catalog."""
    out, places = b"%PDF-1.7\n", list[int]()
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer<</Size {len(places) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}{end}".encode("latin-1")


def a_tagged_pdf(*elements: tuple[str, str]) -> bytes:
    """Return one page of these (tag, text), all set in the same letters: only their tags tell them apart."""
    content = "BT /F 11 Tf 70 760 Td " + " ".join(
        f"/{tag} <</MCID {mark}>> BDC ({text}) Tj EMC 0 -30 Td" for mark, (tag, text) in enumerate(elements)
    )
    first = 7
    kids = " ".join(f"{first + mark} 0 R" for mark in range(len(elements)))
    return a_pdf_of(
        "<</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true>>/StructTreeRoot 6 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<<{_PAGE}/StructParents 0>>",
        a_stream(content + " ET"),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        f"<</Type/StructTreeRoot/K[{kids}]/ParentTree<</Nums[0 [{kids}]]>>>>",
        *(f"<</Type/StructElem/S/{tag}/P 6 0 R/Pg 3 0 R/K {mark}>>" for mark, (tag, _) in enumerate(elements)),
    )


def an_annotated_pdf(text: str, annotations: Sequence[str]) -> bytes:
    """Return one page with this text and these annotations (their dictionaries without /Rect)."""
    first = 6
    listed = " ".join(f"{first + place} 0 R" for place in range(len(annotations)))
    return a_pdf_of(
        f"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{listed}]>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<<{_PAGE}/Annots[{listed}]>>",
        a_stream(f"BT /F 11 Tf 70 760 Td ({text}) Tj ET"),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *(f"<</Type/Annot/Rect[70 700 300 720]{one}>>" for one in annotations),
    )


def a_stream(content: str) -> str:
    """Return a stream object of this content."""
    return f"<</Length {len(content)}>>stream\n{content}\nendstream"
