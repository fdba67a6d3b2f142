"""The log: a sentence and a stable event name a line, with the ids that it belongs to; libraries' lines as well.

Code speaks to the standard library (`log.info("A sentence.", extra={"event": "sync.page"})`), so that the connector and
libraries need nothing of ours; structlog gives all of it one form.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import IO, Any, Literal

import structlog
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.typing import Processor

from scanner.model.display import shown
from scanner.seeing import ids

OURS = ("scanner", "connector")
ROOT = Path(__file__).parents[2]
EXTRA = ExtraAdder()
NOT_SAID = frozenset({"message", "asctime"})  # left by other handlers
Line = MutableMapping[str, Any]

# What libraries quote in their lines is a stranger's. A secret or an address has no place there, whoever wrote it.
_ADDRESS = re.compile(r"[^\s<>\"'(),;:=]{1,64}@[^\s<>\"'(),;:]{1,255}")
_SECRET = re.compile(
    r"(?:\bya29\.|\b1//|\b4/0|\beyJ|\bcw_)[\w./+~-]{8,}=*|(?<=Bearer )\S+|(?<=[?&])([\w.-]{1,40})=[^&\s\"']*"
)

log = logging.getLogger(__name__)


def begin(*, style: Literal["text", "json"], level: str) -> None:
    """Write this process's log to stderr from now on: ours at this level, of libraries only what worries them."""
    root = logging.getLogger()
    root.handlers[:] = [handler(sys.stderr, style=style)]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
    logging.captureWarnings(capture=True)
    threading.excepthook = _thread_broke


def handler(stream: IO[str], *, style: Literal["text", "json"]) -> logging.Handler:
    """Return a handler that writes lines of this style to a stream."""
    made = logging.StreamHandler(stream)
    chain: list[Processor] = [
        _named,
        _broken,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _clean,
    ]
    last: Any = structlog.processors.JSONRenderer(sort_keys=False, ensure_ascii=False)
    if style == "text":
        last = structlog.dev.ConsoleRenderer(
            colors=stream.isatty(), event_key="said", timestamp_key="at", sort_keys=False, pad_event_to=0
        )
    made.setFormatter(
        ProcessorFormatter(foreign_pre_chain=chain, processors=[ProcessorFormatter.remove_processors_meta, last])
    )
    return made


def _named(_: Any, __: str, line: Line) -> Line:
    """Put the event's name and the sentence where they belong, with the ids; a library's line is named after it."""
    record: logging.LogRecord = line["_record"]
    given = {key: value for key, value in EXTRA(_, __, {"_record": record}).items() if key not in NOT_SAID}
    name = given.pop("event", "") or f"library.{record.name.partition('.')[0]}"
    kept = {key: value for key, value in line.items() if key != "event"}
    return {"level": record.levelname.lower(), "event": name, "said": line["event"], **ids.known(), **given, **kept}


def _broken(_: Any, __: str, line: Line) -> Line:
    """Say where an error came from, by its type and our lines; its text could quote a document, an address or a row."""
    info = line.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info if isinstance(info, BaseException) else None
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        line["error"] = _types(error)
        line["where"] = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
    return line


def _types(error: BaseException) -> str:
    """Name the error's type, and those of what it came from."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    return f"{name} from {_types(cause)}" if cause is not None else name


def _short(file: str) -> str:
    path = Path(file)
    if path.is_relative_to(ROOT) and "site-packages" not in path.parts:
        return path.relative_to(ROOT).as_posix()
    return "/".join(path.parts[-2:])


def _clean(_: Any, __: str, line: Line) -> Line:
    for key, value in line.items():
        if isinstance(value, str):
            line[key] = clean(value)
    return line


def clean(text: str) -> str:
    """Return a text in one safe line, without addresses and what looks like a secret."""
    return _ADDRESS.sub("(an address)", _SECRET.sub(lambda found: f"{found[1]}=…" if found[1] else "…", shown(text)))


def _thread_broke(args: threading.ExceptHookArgs) -> None:
    name = args.thread.name if args.thread else "?"
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        log.critical(
            "The thread %s ended by an error.", name, exc_info=args.exc_value, extra={"event": "process.broken"}
        )
