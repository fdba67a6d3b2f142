"""Readers are processes behind limits: what goes wrong in one ends there, with a reason for people."""

import io
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

import pytest

from scanner.extract.base import Unreadable
from scanner.extract.isolation import ExtractPool, Limits
from scanner.model.document import Document
from tests.extract_builders import DEFAULT_PASSWORD, a_docx, a_pdf, a_zip

SENTENCE = b"Disable Telnet on port 23."


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractPool]:
    with ExtractPool(workers=2) as pool:
        yield pool


def test_a_document_comes_back_with_its_locators(pool: ExtractPool) -> None:
    document = pool.extract(io.BytesIO(a_pdf()), name="guide.pdf")
    (proof,) = [passage for passage in document.passages if passage.text == DEFAULT_PASSWORD]
    assert (proof.locator.page, proof.locator.heading) == (1, ("1 Accounts",))


def test_what_comes_back_is_what_is_read_directly(pool: ExtractPool) -> None:
    from scanner.extract.direct import read

    for name, data in (("guide.pdf", a_pdf()), ("guide.docx", a_docx()), ("guide.txt", SENTENCE)):
        assert pool.extract(io.BytesIO(data), name=name) == read(io.BytesIO(data), name=name)


def test_files_and_spooled_files_are_read_whole_from_wherever_they_stand(pool: ExtractPool, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(SENTENCE)
    with path.open("rb") as real, tempfile.SpooledTemporaryFile() as spooled, tempfile.TemporaryFile() as unnamed:
        real.read(5)
        spooled.write(SENTENCE)
        unnamed.write(SENTENCE)
        for stream in (real, spooled, unnamed):
            assert [one.text for one in pool.extract(stream, name="a.txt").passages] == [SENTENCE.decode()]


def test_many_threads_share_few_readers(pool: ExtractPool) -> None:
    def words(number: int) -> int:
        return pool.extract(io.BytesIO(b"word " * number), name=f"{number}.txt").words

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(words, range(1, 60))) == list(range(1, 60))


def test_a_reader_killed_while_idle_costs_nothing() -> None:
    with ExtractPool(workers=1) as pool:
        first = _pid(pool)
        assert pool.extract(io.BytesIO(SENTENCE), name="a.txt").words == 5
        os.kill(first, signal.SIGKILL)
        _await_end(first)
        assert pool.extract(io.BytesIO(SENTENCE), name="a.txt").words == 5
        assert _pid(pool) != first


def test_a_reader_that_hangs_is_replaced_when_its_time_is_over() -> None:
    with ExtractPool(workers=1, limits=Limits(seconds=1.5)) as pool:
        pool.extract(io.BytesIO(SENTENCE), name="a.txt")
        os.kill(_pid(pool), signal.SIGSTOP)
        with pytest.raises(Unreadable, match=r"^reading it took longer than 1\.5 seconds$"):
            pool.extract(io.BytesIO(SENTENCE), name="a.txt")
        assert pool.extract(io.BytesIO(SENTENCE), name="a.txt").words == 5


def killed_over(pool: ExtractPool, stream: IO[bytes], how: signal.Signals, *, times: int, name: str) -> Document:
    """Read a file while its readers are killed when they have it, so many of them; the first is held until then."""
    pool.extract(io.BytesIO(SENTENCE), name="a.txt")
    seat = pool._seats[0]
    first, read = _pid(pool), seat._child.documents
    os.kill(first, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as thread:
        reading = thread.submit(pool.extract, stream, name=name)
        for number in range(times):
            while seat._child.documents <= (0 if number else read) or _pid(pool) == (first if number else 0):
                assert not reading.done()
                threading.Event().wait(0.001)
            os.kill(_pid(pool), how)
            os.kill(_pid(pool), signal.SIGCONT)
        return reading.result(timeout=20)


def endless() -> IO[bytes]:
    """A text that keeps a reader busy for long."""
    return io.BytesIO(b"> " * 400_000 + b"[" * 3_000_000)


@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_a_file_whose_reader_died_once_is_read_by_the_next_one(how: signal.Signals) -> None:
    with ExtractPool(workers=1) as pool:
        assert killed_over(pool, io.BytesIO(SENTENCE), how, times=1, name="a.txt").words == 5


@pytest.mark.parametrize(
    ("how", "because"),
    [
        (signal.SIGSEGV, "its reader crashed on it, twice"),
        (signal.SIGKILL, "reading it needed more memory than allowed"),  # by the kernel, when memory is short
    ],
)
def test_a_file_that_ends_two_readers_is_given_up_with_a_reason_and_the_next_is_read(
    how: signal.Signals, because: str
) -> None:
    with ExtractPool(workers=1) as pool:
        with pytest.raises(Unreadable) as why:
            killed_over(pool, endless(), how, times=2, name="a.md")
        assert str(why.value) == because
        assert pool.extract(io.BytesIO(SENTENCE), name="a.txt").words == 5


def test_a_reader_out_of_memory_is_replaced() -> None:
    with ExtractPool(workers=1, limits=Limits(memory_mb=96)) as pool:
        first = _pid(pool)
        with pytest.raises(Unreadable, match=r"^(reading it needed more memory|its reader crashed)"):
            pool.extract(io.BytesIO(b"word\n\n" * 5_000_000), name="big.txt")
        assert pool.extract(io.BytesIO(SENTENCE), name="a.txt").words == 5
        assert _pid(pool) != first


def test_a_reply_larger_than_allowed_is_not_taken_in() -> None:
    with ExtractPool(workers=1, limits=Limits(reply_mb=1)) as pool:
        with pytest.raises(Unreadable, match=r"^reading it gave more text than allowed$"):
            pool.extract(io.BytesIO(b"A sentence of some words. " * 70_000), name="a.txt")
        assert pool.extract(io.BytesIO(SENTENCE), name="a.txt").words == 5


def test_a_reader_retires_after_its_share_of_documents() -> None:
    with ExtractPool(workers=1, limits=Limits(documents=2)) as pool:
        first = _pid(pool)
        for _ in range(3):
            assert pool.extract(io.BytesIO(SENTENCE), name="a.txt").words == 5
        assert _pid(pool) != first


def test_neighbours_are_unharmed_by_a_file_that_breaks_its_reader(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.txt"
    bomb.write_bytes(b"word\n\n" * 5_000_000)

    with ExtractPool(workers=2, limits=Limits(memory_mb=96)) as two, ThreadPoolExecutor(4) as threads:

        def words(number: int) -> int:
            with bomb.open("rb") as hostile:
                name, stream = ("bomb.txt", hostile) if number % 5 == 0 else ("a.txt", io.BytesIO(b"word " * number))
                try:
                    return two.extract(stream, name=name).words
                except Unreadable:
                    return -1

        told = list(threads.map(words, range(20)))
    assert told == [-1 if number % 5 == 0 else number for number in range(20)]


def test_a_file_too_large_is_refused_before_it_is_read(pool: ExtractPool) -> None:
    with tempfile.TemporaryFile() as sparse:
        sparse.truncate(2**30)
        with pytest.raises(Unreadable, match=r"^it is larger than 256 MB$"):
            pool.extract(sparse, name="a.pdf")


def test_a_closed_pool_leaves_no_process_behind() -> None:
    pool = ExtractPool(workers=2)
    pids = [seat._child.pid for seat in pool._seats]
    pool.close()
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def test_readers_end_when_their_worker_is_killed() -> None:
    script = (
        "import io, sys, threading\n"
        "sys.path[:] = sys.argv[1:]\n"
        "from scanner.extract.isolation import ExtractPool\n"
        "pool = ExtractPool(workers=2)\n"
        "pool.extract(io.BytesIO(b'a word'), name='a.txt')\n"
        "slow = io.BytesIO(b'> ' * 400_000 + b'[' * 3_000_000)\n"  # keeps one reader busy for long
        "threading.Thread(target=pool.extract, args=(slow,), kwargs={'name': 'a.md'}, daemon=True).start()\n"
        "print(*[seat._child.pid for seat in pool._seats], flush=True)\n"
        "threading.Event().wait()\n"
    )
    worker = subprocess.Popen([sys.executable, "-c", script, *sys.path], stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    pids = [int(one) for one in worker.stdout.readline().split()]
    worker.kill()
    worker.wait()
    worker.stdout.close()
    assert len(pids) == 2
    for pid in pids:
        _await_end(pid)


def test_the_worker_itself_never_loads_a_parser() -> None:
    script = (
        "import sys; sys.path[:] = sys.argv[1:]; import scanner.extract.isolation; "
        "parsers = {'lxml', 'docx', 'pypdfium2', 'pdfminer', 'python_calamine', 'markdown_it', 'striprtf'}; "
        "print(parsers & set(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", script, *sys.path], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


def test_a_reader_has_no_environment_and_leaves_no_core() -> None:
    with ExtractPool(workers=1) as pool:
        pool.extract(io.BytesIO(SENTENCE), name="a.txt")
        process = Path(f"/proc/{_pid(pool)}")
        variables = (process / "environ").read_bytes().split(b"\0")
        assert [one for one in variables if one and not one.startswith(b"LC_")] == []
        limits = (process / "limits").read_text(encoding="ascii")
        assert limits.splitlines()[5].split()[4:6] == ["0", "0"]  # core file size
        held = {str(one.readlink()) for one in (process / "fd").iterdir()}
        assert not [one for one in held if one.startswith("/") and one != "/dev/null"]


def _pid(pool: ExtractPool) -> int:
    return pool._seats[0]._child.pid


def _await_end(pid: int) -> None:
    """Wait until the process is gone, or only its name is left."""
    try:
        gone = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    poll = select.poll()
    poll.register(gone, select.POLLIN)
    ended = poll.poll(10_000)
    os.close(gone)
    assert ended


def test_an_archive_whose_time_is_over_keeps_what_was_read_and_names_the_rest() -> None:
    slow = "# a\n\n*b* [c](d)\n\n" * 100_000
    data = a_zip({"a.txt": SENTENCE.decode(), "b.md": slow, "c.txt": "A text.", "d.txt": "A text."})
    with ExtractPool(workers=1, limits=Limits(seconds=2)) as pool:
        document = pool.extract(io.BytesIO(data), name="all.zip")
        assert pool.extract(io.BytesIO(SENTENCE), name="a.txt").words == 5  # the clock of one file is not another's
    assert [one.text for one in document.passages] == [SENTENCE.decode()]
    assert [note.split(" was not read: ") for note in document.notes] == [
        [f"file {name}", "reading the archive took too long"] for name in ("b.md", "c.txt", "d.txt")
    ]
