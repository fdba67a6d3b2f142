"""Texts written as OpenDocument and RTF are read back as they were written, tables, lists and letters of all kinds."""

import io
from datetime import UTC, datetime

import pytest

from scanner.demo.company.render import write
from scanner.demo.company.text import parse
from scanner.extract.direct import read
from scanner.model.document import PassageKind

SOURCE = """---
title: Öffnen & Schließen
control:
  Applies to: Kettle 4.2
---
# Ports

Open {443} \\ <tcp> – “ü”, バージョン 🔒.

- one
- two

| Port | Purpose |
|---|---|
| 443/tcp | *web* |

```
tls = "1.2"
```
"""
MOMENT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("ending", ["odt", "rtf"])
def test_what_was_written_is_read_back(ending: str) -> None:
    document = read(io.BytesIO(write(parse(SOURCE), suffix=f".{ending}", moment=MOMENT)), name=f"kettle.{ending}")
    assert document.notes == ()
    text = "\n".join(passage.text for passage in document.passages)
    for said in ("Öffnen & Schließen", "Kettle 4.2", "Open {443} \\ <tcp> – “ü”, バージョン 🔒.", "two", 'tls = "1.2"'):
        assert said in text
    assert "443/tcp" in text
    assert "*" not in text


def test_an_odt_keeps_its_layout() -> None:
    document = read(io.BytesIO(write(parse(SOURCE), suffix=".odt", moment=MOMENT)), name="kettle.odt")
    kinds = [passage.kind for passage in document.passages]
    assert kinds.count(PassageKind.HEADING) == 2
    assert kinds.count(PassageKind.LIST_ITEM) == 2
    (row,) = [passage for passage in document.passages if "443/tcp" in passage.text]
    assert row.cells == (("Port", "443/tcp"), ("Purpose", "web"))


def test_the_same_text_gives_the_same_bytes() -> None:
    once, again = (write(parse(SOURCE), suffix=".odt", moment=MOMENT) for _ in range(2))
    assert once == again
