"""Presentations and OpenDocument texts: comments and notes stand where they are called."""

import io

from scanner.extract.direct import read
from scanner.model.document import PassageKind
from tests.extract_builders import a_pptx, an_odf, without

_RELATED = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="c" '
    'Type="http://schemas.microsoft.com/office/2018/10/relationships/comments" Target="../comments/modern1.xml"/>'
    "</Relationships>"
)
_MODERN = (
    '<p188:cmLst xmlns:p188="http://schemas.microsoft.com/office/powerpoint/2018/8/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p188:cm><p188:txBody><a:p><a:r>'
    "<a:t>Which accounts?</a:t></a:r></a:p></p188:txBody></p188:cm></p188:cmLst>"
)


def test_comments_of_newer_powerpoint_are_read_with_their_slide() -> None:
    rels = "ppt/slides/_rels/slide2.xml.rels"
    data = without(a_pptx(), rels, put={rels: _RELATED, "ppt/comments/modern1.xml": _MODERN})
    (comment,) = [one for one in read(io.BytesIO(data), name="a.pptx").passages if one.kind is PassageKind.COMMENT]
    assert (comment.text, str(comment.locator)) == ("Which accounts?", "comment, slide 2, Roles")


def test_notes_and_comments_of_an_opendocument_text_stand_below_their_headings() -> None:
    said = "<text:note-body><text:p>See annex E.</text:p></text:note-body>"
    note = f'<text:note text:note-class="endnote">{said}</text:note>'
    comment = "<office:annotation><text:p>Which one?</text:p></office:annotation>"
    body = f'<text:h text:outline-level="1">Accounts</text:h><text:p>One{note}{comment}.</text:p>'
    passages = read(io.BytesIO(an_odf("text", f"<office:text>{body}</office:text>")), name="a.odt").passages
    assert [(one.kind, one.text, str(one.locator)) for one in passages[1:]] == [
        (PassageKind.PARAGRAPH, "One.", "Accounts"),
        (PassageKind.FOOTNOTE, "See annex E.", "endnote, Accounts"),
        (PassageKind.COMMENT, "Which one?", "comment, Accounts"),
    ]


def test_a_deleted_text_of_an_opendocument_does_not_count() -> None:
    deleted = "<text:tracked-changes><text:changed-region><text:deletion><text:p>Telnet is on.</text:p></text:deletion>"
    body = f"{deleted}</text:changed-region></text:tracked-changes><text:p>Telnet is off.</text:p>"
    document = read(io.BytesIO(an_odf("text", f"<office:text>{body}</office:text>")), name="a.odt")
    assert [one.text for one in document.passages] == ["Telnet is off."]
