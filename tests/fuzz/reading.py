"""One file read as the product reads it, and what is wrong with how that ended."""

import io
import traceback
from pathlib import Path

from scanner.extract.base import Unreadable
from scanner.extract.dispatch import DAMAGED
from scanner.extract.isolation import CRASHED, ExtractPool
from scanner.extract.registry import EXTRACTORS
from scanner.extract.sniff import sniff
from scanner.extract.wire import NO_MEMORY
from tests.extract_promises import broken_promises

OURS = str(Path(__file__).parents[2] / "scanner")
_BREACHES = {CRASHED: "crash", NO_MEMORY: "memory", "reading it gave more text than allowed": "output"}


def read(pool: ExtractPool, data: bytes, name: str) -> tuple[str, str]:
    """Return (finding or "", how it ended): a crash, a hang, a limit broken, an accident of ours, a broken promise."""
    try:
        document = pool.extract(io.BytesIO(data), name=name)
    except Unreadable as why:
        said = str(why)
        if said == DAMAGED:
            return _accident(data, name), said
        return _BREACHES.get(said, "hang" if "took longer" in said else ""), said
    broken = broken_promises(document)
    kinds = ",".join(sorted({one.kind.value for one in document.passages}))
    return (
        f"promise: {broken[0]}" if broken else ""
    ), f"{kinds} {len(document.passages).bit_length()} {document.unread}"


def _accident(data: bytes, name: str) -> str:
    """Read it once more in this process, where it ended by itself before, to see whose exception it was."""
    stream = io.BytesIO(data)
    try:
        EXTRACTORS[sniff(stream, name=name)](stream, name=name)
    except Unreadable:
        return ""
    except Exception as error:  # noqa: BLE001  # whatever was raised: only its place is asked for
        last = traceback.extract_tb(error.__traceback__)[-1]
        ours = last.filename.startswith(OURS)
        return f"accident: {type(error).__name__} at {Path(last.filename).name}:{last.lineno}" if ours else ""
    return ""
