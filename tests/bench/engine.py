"""One peer over a folder of files, in an environment of its own: `PYTHON tests/bench/engine.py ENGINE FOLDER OUT`.

Reads each file that it can, writes what it read beside into OUT, and prints one line of JSON: seconds of processor,
and the most memory in MiB. It imports nothing of ours.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

Read = Callable[[Path], str]
WARM_UP = 3  # files


def kreuzberg(form: str) -> Read:
    """Rust; plain text or Markdown."""
    module = import_module("kreuzberg")
    config = module.ExtractionConfig(output_format=form, use_cache=False)
    return lambda path: str(module.extract_file_sync(str(path), config=config).content)


def markitdown() -> Read:
    """pdfminer.six and mammoth under it; Markdown."""
    converter = import_module("markitdown").MarkItDown()
    return lambda path: str(converter.convert(str(path)).text_content)


def pdfplumber() -> Read:
    """pdfminer.six under it."""
    module = import_module("pdfplumber")

    def read(path: Path) -> str:
        with module.open(path) as pdf:
            return "\n".join(page.extract_text() or "" for page in pdf.pages)

    return read


def pypdf() -> Read:
    """Python alone."""
    module = import_module("pypdf")
    return lambda path: "\n".join(page.extract_text() for page in module.PdfReader(path).pages)


def pymupdf(form: str) -> Read:
    """MuPDF, under the AGPL: a yardstick."""
    module = import_module("pymupdf")

    def read(path: Path) -> str:
        with module.open(path) as pdf:
            pages = [page.get_text(form) for page in pdf]
        return "\n".join(page if isinstance(page, str) else _spans(page) for page in pages)

    return read


def docx2python() -> Read:
    """Runs and tables of Word documents."""
    module = import_module("docx2python")
    return lambda path: str(module.docx2python(path).text)


def _spans(page: dict[str, Any]) -> str:
    lines = [line for block in page["blocks"] for line in block.get("lines", ())]
    return "\n".join("".join(span["text"] for span in line["spans"]) for line in lines)


ENGINES: dict[str, tuple[str, Callable[[], Read]]] = {  # the endings it reads, and how it is made ready
    "kreuzberg, plain": ("pdf docx", lambda: kreuzberg("plain")),
    "kreuzberg, Markdown": ("pdf docx", lambda: kreuzberg("markdown")),
    "markitdown": ("pdf docx", markitdown),
    "PyMuPDF, plain": ("pdf", lambda: pymupdf("text")),
    "PyMuPDF, dict": ("pdf", lambda: pymupdf("dict")),
    "pypdf": ("pdf", pypdf),
    "pdfplumber": ("pdf", pdfplumber),
    "docx2python": ("docx", docx2python),
}


def main(engine: str, ending: str, folder: str, out: str) -> None:
    """Read all files of that ending, the first of them once before the clock runs: all engines begin warm."""
    read = ENGINES[engine][1]()
    paths = sorted(Path(folder).glob(f"*.{ending}"))
    for path in paths[:WARM_UP]:
        read(path)
    started, texts = time.process_time(), dict[str, str]()
    for path in paths:
        texts[path.name] = read(path)
    seconds = time.process_time() - started
    for name, text in texts.items():
        Path(out, name).write_text(text, encoding="utf-8")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"seconds": seconds, "peak_mib": peak}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
