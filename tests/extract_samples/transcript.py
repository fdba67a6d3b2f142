"""A document as lines that a person can read and compare: what each passage is, where it stands, what it says.

`python -m tests.extract_samples.transcript NAME` prints what the reader gives for a sample today.
"""

import io
import sys

from scanner.extract.direct import read
from scanner.model.document import Document, Locator, Passage

_TODAY = frozenset({"Created", "Modified", "CreationDate", "ModDate"})  # they change with the day of the test


def transcript(document: Document) -> str:
    """Return the document's type, its properties, its passages and what was not read."""
    head = [document.media_type, *([f"({document.mislabelled})"] if document.mislabelled else [])]
    head += [f"{key} = {value}" for key, value in document.properties.items() if key not in _TODAY]
    notes = [f"not read: {note}" for note in document.notes]
    return "\n".join((*head, "", *(_line(one) for one in document.passages), *notes)) + "\n"


def _line(passage: Passage) -> str:
    level = f" {passage.level}" if passage.level else ""
    headed = [f"{head}: {value}" for head, value in passage.cells if head]
    text = passage.text.replace("\n", "⏎")
    return f"[{passage.kind}{level} @ {_place(passage.locator)}] {text}" + (f" ({'; '.join(headed)})" if headed else "")


def _place(at: Locator) -> str:
    """Say a locator with all of its parts, its whole path too."""
    said = [at.part, f"page {at.page}" if at.page else None, f"slide {at.slide}" if at.slide else None]
    said += [f"sheet {at.sheet}" if at.sheet else None, at.cell]
    said += [" › ".join(at.heading) or None, f"#{at.anchor}" if at.anchor else None, f"¶{at.paragraph}"]
    return ", ".join(one for one in said if one)


def main() -> None:
    """Print the transcripts of the samples that are named."""
    from tests.extract_samples.every import BY_NAME

    for name in sys.argv[1:] or BY_NAME:
        sys.stdout.write(transcript(read(io.BytesIO(BY_NAME[name].data), name=name)))


if __name__ == "__main__":
    main()
