"""Write a text as slides: each heading opens one, bullets and paragraphs fill it, a paragraph "Notes: …" is spoken."""

from datetime import datetime
from io import BytesIO
from typing import Any

from pptx import Presentation

from scanner.demo.company.text import Text, plain
from scanner.demo.company.writers.archive import still


def write_pptx(text: Text, *, moment: datetime) -> bytes:
    """Return the bytes of a .pptx; `moment` is when it says that it was written."""
    deck = Presentation()
    core = deck.core_properties
    core.title, core.author, core.comments = text.title, text.author, ""
    first = deck.slides.add_slide(deck.slide_layouts[0])
    first.shapes.title.text = text.title
    first.placeholders[1].text = text.footer
    slide: Any = first
    for block in text.blocks:
        if block.kind == "heading":
            slide = deck.slides.add_slide(deck.slide_layouts[1])
            slide.shapes.title.text = block.text
        elif block.text.startswith("Notes: "):
            slide.notes_slide.notes_text_frame.text = plain(block.text.removeprefix("Notes: "))
        else:
            frame = slide.placeholders[1].text_frame
            line = frame.paragraphs[0] if not frame.text else frame.add_paragraph()
            line.text = plain(block.text)
    written = BytesIO()
    deck.save(written)
    return still(written.getvalue(), moment=moment)
