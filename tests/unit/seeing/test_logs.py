"""Each line of the log is a sentence and an event, with its ids; no line says who, and none what was read."""

import io
import json
import logging
import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from scanner.seeing import logs
from scanner.seeing.ids import about, also, known

OURS = logging.getLogger("scanner.pipeline.sync")
THEIRS = logging.getLogger("urllib3.connectionpool")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logs.handler(stream, style="json")
    handler.setLevel(logging.INFO)
    for logger in (OURS, THEIRS):
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield stream
    for logger in (OURS, THEIRS):
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)


def line(stream: io.StringIO) -> dict[str, object]:
    (one,) = stream.getvalue().splitlines()
    parsed: dict[str, object] = json.loads(one)
    return parsed


def test_a_line_is_a_sentence_an_event_its_ids_and_its_moment(lines: io.StringIO) -> None:
    with about(job="7", connection="c1"):
        also(sync="s1")
        OURS.info("A page of %s was kept.", "3 files", extra={"event": "sync.page", "calls": 4})
    told = line(lines)
    assert str(told.pop("at")).endswith("Z")
    assert told == {
        "level": "info",
        "event": "sync.page",
        "said": "A page of 3 files was kept.",
        "job": "7",
        "connection": "c1",
        "sync": "s1",
        "calls": 4,
    }


def test_ids_end_with_the_work_that_they_belong_to_and_go_to_no_other_thread() -> None:
    with about(job="7"):
        also(sync="s1")
        with about(job="8"):
            assert known() == {"job": "8", "sync": "s1"}
        with ThreadPoolExecutor(1) as threads:
            assert threads.submit(known).result() == {}
        assert known() == {"job": "7", "sync": "s1"}
    assert known() == {}


def test_a_librarys_line_is_named_after_it_and_loses_addresses_and_secrets(lines: io.StringIO) -> None:
    THEIRS.warning(
        "Retrying GET /drive/v3/files?q=name&access_token=abc with Bearer ya29.a0AfH6SMB for mara@tessbrook.example, "
        "refresh 1//0gAbCdEfGhIjKl, jwt eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln"
    )
    told = line(lines)
    assert told["event"] == "library.urllib3"
    assert told["said"] == (
        "Retrying GET /drive/v3/files?q=…&access_token=… with Bearer … for (an address), refresh …, jwt …"
    )


def test_an_error_is_told_by_its_type_and_place_and_never_by_its_text(lines: io.StringIO) -> None:
    def broken() -> None:
        raise RuntimeError("the sentence of a document") from ValueError("patient Anna Berg, room 4")

    try:
        broken()
    except RuntimeError:
        OURS.exception("A page failed.", extra={"event": "web.failed"})
    told = line(lines)
    assert told["error"] == "RuntimeError from ValueError"
    assert "tests/unit/seeing/test_logs.py:" in str(told["where"])
    assert "Anna" not in lines.getvalue()
    assert "sentence of" not in lines.getvalue()


def test_a_name_that_steers_a_terminal_steers_none(lines: io.StringIO) -> None:
    OURS.info("It is %s.", "\x1b[31mred\x1b[0m\nnext line", extra={"event": "x.y"})
    assert "\x1b" not in str(line(lines)["said"])
    assert "\n" not in str(line(lines)["said"])


def test_in_a_terminal_a_line_begins_with_its_sentence() -> None:
    stream = io.StringIO()
    record = logging.LogRecord("scanner.x", logging.WARNING, "", 0, "A connection can no longer be read.", (), None)
    record.event = "connection.lost"
    with about(job="7"):
        logs.handler(stream, style="text").emit(record)
    told = stream.getvalue()
    assert "A connection can no longer be read." in told
    assert told.index("A connection") < told.index("event=connection.lost") < told.index("job=7")


@contextmanager
def begun() -> Iterator[None]:
    root, hook = logging.getLogger(), threading.excepthook
    before, level = root.handlers[:], root.level
    logging.captureWarnings(capture=False)  # a command that ran before in this process may have left it on
    logs.begin(style="json", level="info")
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        threading.excepthook = hook
        root.handlers[:] = before
        root.setLevel(level)
        for name in logs.OURS:
            logging.getLogger(name).setLevel(logging.NOTSET)


def test_of_libraries_only_what_worries_them_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    with begun():
        logging.getLogger("apscheduler.scheduler").info("Added job")
        OURS.info("A page was kept.", extra={"event": "sync.page"})
        OURS.debug("A detail.", extra={"event": "sync.detail"})
    told = [json.loads(one)["event"] for one in capsys.readouterr().err.splitlines()]
    assert told == ["sync.page"]


def test_a_thread_that_breaks_is_told_without_its_errors_text(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> None:
        raise LookupError("what a document says")

    with begun():
        thread = threading.Thread(target=broken, name="worker")
        thread.start()
        thread.join()
    told = capsys.readouterr().err
    assert json.loads(told)["event"] == "process.broken"
    assert json.loads(told)["error"] == "LookupError"
    assert "what a document says" not in told


def test_a_warning_of_a_library_comes_through_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings(), begun():
        warnings.simplefilter("always")
        warnings.warn("an old way", DeprecationWarning, stacklevel=1)
    assert json.loads(capsys.readouterr().err)["event"] == "library.py"
