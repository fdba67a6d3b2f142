"""What a reader process cannot do, tried from inside of one: the kernel refuses it, whatever our code would like."""

import contextlib
import ctypes
import io
import os
import platform
import random
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scanner.extract.handover import handed_over
from scanner.extract.isolation import ExtractPool
from scanner.extract.syscalls import ARCHITECTURES

FILTERED = pytest.mark.skipif(
    platform.system() != "Linux" or platform.machine() not in ARCHITECTURES, reason="the kernel filters no calls here"
)


def test_a_confined_process_reaches_no_network_starts_nothing_and_writes_nothing(tmp_path: Path) -> None:
    act = (
        "tries = [socket.socket, lambda: os.execv('/bin/true', ['true']), lambda: os.write(os.open(victim, 1), b'x'),\n"
        "  lambda: os.unlink(victim), lambda: os.rename(victim, victim + '2'), lambda: os.kill(os.getppid(), 0)]\n"
    )
    victim = tmp_path / "victim"
    victim.write_bytes(b"")
    assert _confined(act, victim) == ["refused"] * 6
    assert victim.read_bytes() == b""


def test_a_confined_process_reads_no_file_but_its_own_code(tmp_path: Path) -> None:
    if ctypes.CDLL(None).syscall(444, None, 0, 1) < 1:
        pytest.skip("this kernel has no Landlock")
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    act = (
        "tries = [lambda: open(victim).read(), lambda: os.listdir('/'), lambda: open('/etc/passwd').read(),\n"
        "  lambda: open('/proc/self/environ').read(), lambda: open(os.__file__).read()]\n"
    )
    assert _confined(act, secret) == ["refused"] * 4 + ["allowed"]


def _confined(tries: str, victim: Path) -> list[str]:
    """Return whether each of the acts was refused in a process that is confined as readers are."""
    script = (
        "import os, socket, sys\n"
        "victim, *sys.path = sys.argv[1:]\n"
        "from scanner.extract.sandbox import confine\n"
        f"{tries}"
        "hold, keep = os.pipe()\n"
        "confine(hold, memory_mb=256)\n"
        "for act in tries:\n"
        "    try:\n"
        "        act()\n"
        "    except OSError:\n"
        "        print('refused')\n"
        "    else:\n"
        "        print('allowed')\n"
    )
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, str(victim), *sys.path],
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.split()


@FILTERED
def test_a_confined_program_reaches_no_network_and_no_other_program(tmp_path: Path) -> None:
    script = (
        "import os, socket, sys\n"
        "folder, *sys.path = sys.argv[1:]\n"
        "from scanner.extract.sandbox import confine_program\n"
        "hold, keep = os.pipe()\n"
        "os.setsid()\n"
        "confine_program(hold, folder, sys.executable, seconds=5)\n"
        "def near():\n"
        "    socket.socket(socket.AF_UNIX).connect(folder + '/nobody')\n"
        "for act in (socket.socket, near, lambda: open(folder + '/own', 'w').close()):\n"
        "    try:\n"
        "        act()\n"
        "    except PermissionError:\n"
        "        print('refused')\n"
        "    else:\n"
        "        print('allowed')\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path), *sys.path]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["refused", "refused", "allowed"]


@FILTERED
def test_a_confined_process_starts_no_other_and_harms_none(tmp_path: Path) -> None:
    act = (
        "import ctypes, resource, signal, threading\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "def call(*arguments):\n"
        "    if libc.syscall(*arguments) < 0: raise OSError(ctypes.get_errno())\n"
        "parent = os.getppid()\n"
        "signals, limits = (234, 302) if os.uname().machine == 'x86_64' else (131, 261)\n"
        "tries = [os.fork, lambda: os.posix_spawn('/bin/true', ['true'], {}),\n"
        "  lambda: call(signals, parent, parent, 0), lambda: os.setpriority(0, parent, 19),\n"
        "  lambda: call(limits, parent, 7, None, ctypes.create_string_buffer(16)),\n"
        "  lambda: resource.prlimit(parent, resource.RLIMIT_CPU, (1, 1)), lambda: os.pidfd_open(parent),\n"
        "  lambda: call(signals, os.getpid(), threading.get_native_id(), 0)]\n"
    )
    assert _confined(act, tmp_path) == ["refused"] * 7 + ["allowed"]  # the last is how a library aborts


@FILTERED
def test_a_confined_process_fills_neither_disk_nor_memory_nor_descriptors(tmp_path: Path) -> None:
    (tmp_path / "full").write_bytes(b"x")
    act = (
        "import mmap, resource\n"
        "held = []\n"
        "def many():\n"
        "    for _ in range(200): held.append(os.dup(0))\n"
        "def large():\n"
        "    try: held.append(mmap.mmap(-1, 300 << 20))\n"
        "    except MemoryError: raise OSError from None\n"
        "def raised(what):\n"
        "    try: resource.setrlimit(what, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))\n"
        "    except ValueError: raise OSError from None\n"
        "tries = [lambda: os.memfd_create('x'), lambda: open(victim + '/new', 'w'),\n"
        "  lambda: os.mkdir(victim + '/new'), lambda: os.truncate(victim + '/full', 0), many, large,\n"
        "  lambda: raised(resource.RLIMIT_AS),\n"
        "  lambda: raised(resource.RLIMIT_FSIZE), lambda: raised(resource.RLIMIT_NOFILE)]\n"
    )
    assert _confined(act, tmp_path) == ["refused"] * 9
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("full", b"x")]


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="a copy in memory cannot be sealed here")
def test_a_reader_cannot_change_what_the_next_reader_gets() -> None:
    with handed_over(io.BytesIO(b"a word"), 1) as descriptor:
        for change in (lambda: os.ftruncate(descriptor, 0), lambda: os.pwrite(descriptor, b"x", 0)):
            with pytest.raises(PermissionError):
                change()


def test_a_worker_killed_while_it_reads_leaves_no_file_behind(tmp_path: Path) -> None:
    script = (
        "import io, sys, tempfile, threading\n"
        "sys.path[:] = sys.argv[1:]\n"
        "from scanner.extract.isolation import ExtractPool\n"
        "pool = ExtractPool(workers=1)\n"
        "spooled = tempfile.SpooledTemporaryFile(max_size=1000)\n"
        "spooled.write(b'> ' * 400_000 + b'[' * 3_000_000)\n"
        "threading.Thread(target=pool.extract, args=(spooled,), kwargs={'name': 'a.md'}, daemon=True).start()\n"
        "while not pool._seats[0]._child.documents: threading.Event().wait(0.01)\n"
        "print('reading', flush=True)\n"
        "threading.Event().wait()\n"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", script, *sys.path],
        stdout=subprocess.PIPE,
        text=True,
        env={"TMPDIR": str(tmp_path), "PATH": os.environ["PATH"]},
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "reading\n"
    assert list(tmp_path.iterdir()) == []  # nothing that is read has a name, so there is nothing to sweep
    worker.kill()
    worker.wait()
    worker.stdout.close()
    assert list(tmp_path.iterdir()) == []


def test_of_hundreds_of_results_none_is_lost_while_readers_are_killed_at_random() -> None:
    """Read on until five were killed: how soon that is depends on how fast this machine reads."""
    chance, done, enough = random.Random(400), threading.Event(), threading.Event()
    with ExtractPool(workers=2) as pool, ThreadPoolExecutor(5) as threads:

        def kill_now_and_then() -> None:
            count = 0
            while not done.wait(chance.uniform(0, 0.05)):
                child = chance.choice(pool._seats)._child
                if child.documents > 3:  # so that none is killed twice over one file
                    with contextlib.suppress(ProcessLookupError):  # it may have died of the last one
                        os.kill(child.pid, chance.choice((signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT)))
                        count += 1
                if count >= 5:
                    enough.set()

        def read(text: str) -> str:
            return pool.extract(io.BytesIO(text.encode()), name="a.txt").passages[0].text

        killing = threads.submit(kill_now_and_then)
        try:
            while not (enough.is_set() or killing.done()):
                texts = [f"This is text number {number}. " * 20 for number in range(200)]
                assert list(threads.map(read, texts)) == [text.strip() for text in texts]
        finally:
            done.set()
        killing.result(timeout=10)
