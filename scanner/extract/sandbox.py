"""What a reader process gives up before it sees a stranger's file: files, processes, the network, core dumps."""

import contextlib
import ctypes
import errno
import fcntl
import os
import platform
import resource
import select
import signal
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

MEGABYTE = 1024 * 1024

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2  # linux/prctl.h, linux/seccomp.h
_LOAD, _EQUAL, _GREATER_EQUAL, _RETURN = 0x20, 0x15, 0x35, 0x06  # linux/bpf_common.h, combined
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_EVERY_ACCESS, _READ_FILES, _READ_FOLDERS = 0x1FFF, 1 << 2, 1 << 3
# Refused: sockets, new programs, other processes, changes to the file system, name spaces, and the doors to the kernel
# that attacks like; numbers from asm/unistd_64.h and asm-generic/unistd.h.
_SYSCALLS = {
    "x86_64": (0xC000003E, (
        41, 42, 43, 49, 50, 53, 57, 58, 59, 62, 76, 82, 83, 84, 86, 87, 88, 90, 92, 101, 165, 250, 258, 263, 264, 265,
        266, 268, 272, 288, 308, 311, 316, 321, 322, 425, 438,
    )),
    "aarch64": (0xC00000B7, (
        34, 35, 36, 37, 38, 40, 45, 53, 97, 117, 129, 198, 199, 200, 201, 202, 203, 219, 221, 242, 268, 271, 276, 280,
        281, 425, 438,
    )),
}  # fmt: skip


def confine(lifeline: int, *, memory_mb: int) -> None:
    """Give up, for good, what a reader does not need; end with the parent, whose end of the lifeline closes with it."""
    _end_with_parent(lifeline)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, 64)
    _limit(resource.RLIMIT_NPROC, 0)
    if warm := _address_space():
        _limit(resource.RLIMIT_AS, warm + memory_mb * MEGABYTE)
    allow_reading_only([sys.prefix, sys.base_prefix, *sys.path])
    refuse_system_calls()


def limit_processor_time(seconds: float) -> None:
    """Allow so many more seconds of processor time; beyond them the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 2
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def allow_reading_only(folders: Iterable[str]) -> bool:
    """Have the kernel (Landlock, linux/landlock.h) refuse every file but those below these folders, for reading.

    The document itself is an open descriptor, which this does not touch. Returns False where the kernel cannot.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    handled = struct.pack("Q", _EVERY_ACCESS)
    rules = libc.syscall(_CREATE_RULESET, handled, len(handled), 0) if platform.system() == "Linux" else -1
    if rules < 0 or libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    for folder in dict.fromkeys(folders):
        with contextlib.suppress(OSError):
            place = os.open(folder, os.O_PATH | os.O_CLOEXEC | os.O_DIRECTORY)
            libc.syscall(_ADD_RULE, rules, 1, struct.pack("=Qi", _READ_FILES | _READ_FOLDERS, place), 0)
            os.close(place)
    confined = libc.syscall(_RESTRICT_SELF, rules, 0) == 0
    os.close(rules)
    return bool(confined)


def refuse_system_calls() -> bool:
    """Have the kernel refuse sockets, new programs and other processes.

    Returns False where it cannot: then no reader uses a socket because none of its code does, which is policy alone.
    """
    known = _SYSCALLS.get(platform.machine())
    if known is None or platform.system() != "Linux":
        return False
    packed = _filter(*known)
    room = ctypes.create_string_buffer(packed, len(packed))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(packed) // 8, ctypes.addressof(room)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, program, 0, 0) == 0)


def _filter(architecture: int, refused: tuple[int, ...]) -> bytes:
    """Return the program (linux/filter.h) that refuses these calls, and ends what speaks another architecture's."""
    count = len(refused)
    rules = [
        (_LOAD, 0, 0, 4),  # seccomp_data.arch
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),  # seccomp_data.nr
        (_GREATER_EQUAL, count + 1, 0, 0x40000000),  # the x32 numbers of x86_64
        *((_EQUAL, count - place, 0, call) for place, call in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("HBBI", *rule) for rule in rules)


def _end_with_parent(lifeline: int) -> None:
    """Have the kernel signal the hang-up of the lifeline; SIGIO ends a process, busy or not, whatever it is doing.

    Unlike the parent-death signal, this does not fire when the thread ends that started this process.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    with contextlib.suppress(OSError):
        fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    poll = select.poll()
    poll.register(lifeline, select.POLLHUP)
    if poll.poll(0):
        os._exit(0)


def _limit(what: int, value: int) -> None:
    with contextlib.suppress(ValueError, OSError):  # a stricter limit is in force already
        resource.setrlimit(what, (value, value))


def _address_space() -> int:
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return 0
