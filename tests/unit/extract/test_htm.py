"""Web pages: what their head says of them is kept."""

import io

import pytest

from scanner.extract.direct import read
from scanner.model.document import PassageKind

PAGE = """<html><head><title>Security Guide</title><meta name="Version" content="4.2"><meta name="author" content="Ann">
<meta name="viewport" content="width=device-width"><meta name="description" content="How to set it up."></head>
<body><h1>Accounts</h1><p>Each nurse has her own.</p></body></html>"""


def test_what_a_page_says_of_itself_is_kept_and_what_is_for_browsers_is_not() -> None:
    document = read(io.BytesIO(PAGE.encode()), name="a.html")
    assert dict(document.properties) == {
        "Title": "Security Guide", "Version": "4.2", "Author": "Ann", "Description": "How to set it up.",
    }  # fmt: skip
    cited = [one.text for one in document.passages if one.kind is PassageKind.PROPERTY]
    assert cited == ["Title: Security Guide", "Version: 4.2", "Description: How to set it up."]


@pytest.mark.parametrize(
    "began", [b"<?xmli encoding='' ", b"<?xml a?><?xml encoding='x'", b"\n<?xml version='1.0' encoding='utf-8'?"]
)
def test_a_declaration_of_any_shape_is_no_text_and_no_accident(began: bytes) -> None:
    document = read(io.BytesIO(began + b"><p>Close port 23.</p>"), name="a.html")
    assert [one.text for one in document.passages] == ["Close port 23."]
