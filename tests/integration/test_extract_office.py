"""Old Word files go through LibreOffice where an operator names it: confined, with limits, in a folder of the job's.

A small program stands in for it; the last test asks the real one, where READ_OFFICE names it.
"""

import ctypes
import fcntl
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scanner.extract.base import Unreadable
from scanner.extract.isolation import ExtractPool, Limits
from scanner.extract.office import FAILED, OLD_WORD, PREFIX, REMARK, sweep
from scanner.extract.reading import Reading
from scanner.model.document import Document
from tests.extract_builders import a_docx, a_zip
from tests.extract_samples.compound import a_compound_file

OLD = a_compound_file({"WordDocument": bytes(4096)})
WHERE = 'here=$(dirname "$0"); while [ $# -gt 1 ]; do [ "$1" = --outdir ] && out=$2; shift; done; mkdir -p "$out"; '
GOOD = WHERE + 'cp "$here/new.docx" "$out/document.docx"'


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for stand-ins, beside the one in which jobs get theirs."""
    (tmp_path / "jobs").mkdir()
    (tmp_path / "programs").mkdir()
    (tmp_path / "programs" / "new.docx").write_bytes(a_docx())
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "jobs"))
    return tmp_path / "programs"


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractPool]:
    with ExtractPool(workers=1, limits=Limits(seconds=20)) as pool:
        yield pool


def read_by(pool: ExtractPool, program: Path, does: str, *, data: bytes = OLD, name: str = "guide.doc") -> Document:
    """Read an old file with a stand-in that does this; a shared pool, since readers are slow to start."""
    program /= "soffice"
    program.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    program.chmod(0o755)
    pool._reading = Reading(office=str(program))
    return pool.extract(io.BytesIO(data), name=name)


def test_an_old_word_file_is_read_as_what_it_became_and_says_so(pool: ExtractPool, programs: Path) -> None:
    document = read_by(pool, programs, GOOD)
    assert "Disable Telnet on port 23." in [one.text for one in document.passages]
    assert (document.name, document.mislabelled) == ("guide.doc", REMARK)
    assert list((programs.parent / "jobs").iterdir()) == []


def test_without_a_program_it_could_not_be_checked_with_what_to_do(pool: ExtractPool) -> None:
    pool._reading = Reading()
    with pytest.raises(Unreadable, match=OLD_WORD):
        pool.extract(io.BytesIO(OLD), name="guide.doc")


@pytest.mark.parametrize(
    "does", ["exit 1", WHERE + 'ln -s "$here/new.docx" "$out/document.docx"', WHERE + 'mkfifo "$out/document.docx"']
)
def test_a_program_that_fails_or_tricks_gives_a_reason(pool: ExtractPool, programs: Path, does: str) -> None:
    with pytest.raises(Unreadable) as why:
        read_by(pool, programs, does)
    assert str(why.value) == FAILED
    assert list((programs.parent / "jobs").iterdir()) == []


def test_only_files_that_nothing_else_reads_are_given_to_it(pool: ExtractPool, programs: Path) -> None:
    ran = programs / "ran"
    document = read_by(pool, programs, f"touch {ran}", data=a_docx(), name="guide.doc")
    assert document.mislabelled == "named .doc, but it is a Word document"
    assert read_by(pool, programs, f"touch {ran}", data=a_zip({"a.txt": "A text.", "b.doc": OLD}), name="a.zip").unread
    assert not ran.exists()


def test_it_sees_no_file_of_ours(pool: ExtractPool, programs: Path) -> None:
    if ctypes.CDLL(None).syscall(444, None, 0, 1) < 1:
        pytest.skip("this kernel has no Landlock")
    secret = programs.parent / "secret"
    secret.write_text("a secret", encoding="utf-8")
    does = f"if cat {secret} || echo x > {secret}; then exit 1; fi; {GOOD}"
    assert read_by(pool, programs, does).mislabelled == REMARK
    assert secret.read_text(encoding="utf-8") == "a secret"


def test_one_that_hangs_is_ended_with_all_that_it_started(programs: Path) -> None:
    with ExtractPool(workers=1, limits=Limits(seconds=1)) as hasty, pytest.raises(Unreadable) as why:
        read_by(hasty, programs, f"{sys.executable} -c 'import time; time.sleep(77.123)' & sleep 77.123")
    assert str(why.value) == "LibreOffice took longer than 1 seconds for it"
    assert not _running("77.123")
    assert list((programs.parent / "jobs").iterdir()) == []


def test_what_a_killed_worker_left_ends_and_is_swept_at_the_next_start(programs: Path) -> None:
    program = programs / "soffice"
    program.write_text("#!/bin/sh\nsleep 78.321\n", encoding="utf-8")
    program.chmod(0o755)
    script = (
        "import io, sys, tempfile\n"
        "program, tempfile.tempdir, data, *sys.path = sys.argv[1:]\n"
        "from scanner.extract.isolation import ExtractPool\n"
        "from scanner.extract.reading import Reading\n"
        "ExtractPool(workers=1, reading=Reading(office=program)).extract(open(data, 'rb'), name='a.doc')\n"
    )
    (programs / "old.doc").write_bytes(OLD)
    jobs = programs.parent / "jobs"
    worker = subprocess.Popen(
        [sys.executable, "-c", script, str(program), str(jobs), str(programs / "old.doc"), *sys.path]
    )
    _await(lambda: _running("78.321"))
    worker.kill()
    worker.wait()
    _await(lambda: not _running("78.321"))
    assert [one.name.startswith(PREFIX) for one in jobs.iterdir()] == [True]
    sweep(jobs)
    assert list(jobs.iterdir()) == []


def test_the_folder_of_a_living_job_is_not_swept(tmp_path: Path) -> None:
    living = tmp_path / f"{PREFIX}x"
    living.mkdir()
    with (living / "in-use").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sweep(tmp_path)
        assert living.exists()


@pytest.mark.skipif("READ_OFFICE" not in os.environ, reason="READ_OFFICE names no LibreOffice, which takes its time")
def test_the_real_one_reads_what_it_wrote(tmp_path: Path) -> None:
    program = os.environ["READ_OFFICE"]
    (tmp_path / "guide.docx").write_bytes(a_docx())
    subprocess.run(
        [program, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "doc",
         "--outdir", str(tmp_path), str(tmp_path / "guide.docx")],
        check=True, capture_output=True, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    with ExtractPool(workers=1, reading=Reading(office=program)) as pool:
        document = pool.extract(io.BytesIO((tmp_path / "guide.doc").read_bytes()), name="guide.doc")
    assert "Disable Telnet on port 23." in [one.text for one in document.passages]
    assert "Accounts" in [one.text for one in document.passages if one.kind == "heading"]


def _running(words: str) -> bool:
    """Tell whether a process whose command has these words is there."""
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if words.encode() in process.read_bytes() and process.parent.name != str(os.getpid()):
                return True
        except OSError:
            continue
    return False


def _await(met: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not met():
        assert time.monotonic() < deadline
        time.sleep(0.05)
