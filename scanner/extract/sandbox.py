"""What a reader process gives up before it sees a stranger's file: files, processes, the network, core dumps."""

import contextlib
import ctypes
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

from scanner.extract.syscalls import program

MEGABYTE = 1024 * 1024

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2  # linux/prctl.h, linux/seccomp.h
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_EVERY_ACCESS, _READ_FILES, _READ_FOLDERS = 0x1FFF, 1 << 2, 1 << 3
_CAPABILITIES_3 = 0x20080522  # linux/capability.h


def confine(lifeline: int, *, memory_mb: int) -> None:
    """Give up, for good, what a reader does not need; end with the parent, whose end of the lifeline closes with it."""
    _end_with_parent(lifeline)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, 64)
    _limit(resource.RLIMIT_NPROC, 0)
    if warm := _address_space():
        _limit(resource.RLIMIT_AS, warm + memory_mb * MEGABYTE)
    give_up_privileges()
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


def give_up_privileges() -> bool:
    """Give up what root may do beyond others, such as raising its own limits. Returns False where it cannot."""
    if platform.system() != "Linux":
        return False
    none_of_them = struct.pack("6I", 0, 0, 0, 0, 0, 0)
    return bool(ctypes.CDLL(None).capset(struct.pack("Ii", _CAPABILITIES_3, 0), none_of_them) == 0)


def refuse_system_calls() -> bool:
    """Have the kernel refuse sockets, new programs and other processes.

    Returns False where it cannot: then no reader uses a socket because none of its code does, which is policy alone.
    """
    packed = program(platform.machine(), os.getpid()) if platform.system() == "Linux" else None
    if packed is None:
        return False
    room = ctypes.create_string_buffer(packed, len(packed))
    filtering = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(packed) // 8, ctypes.addressof(room)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, filtering, 0, 0) == 0)


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
