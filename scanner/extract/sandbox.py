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
from collections.abc import Callable, Iterable
from pathlib import Path

from scanner.extract.syscalls import program, program_without_network

MEGABYTE = 1024 * 1024
PROGRAM_MB = 768  # of memory, and of any file, that a foreign program may take
SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/etc",
    "/opt",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
)  # where programs and what they need are kept

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2  # linux/prctl.h, linux/seccomp.h
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_EVERY_ACCESS, _RUN, _WRITE_FILES, _READ_FILES, _READ_FOLDERS = 0x1FFF, 1, 1 << 1, 1 << 2, 1 << 3
_MAKE_AND_REMOVE_SOCKETS = 1 << 9 | 1 << 5  # the latter goes for files as well
SOCKETS = ("/tmp", _MAKE_AND_REMOVE_SOCKETS)  # noqa: S108  # LibreOffice makes one there, and nowhere else
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


def confine_program(lifeline: int, folder: str, program: str, *, seconds: float) -> None:
    """Give up what a foreign program does not need: the network, all files but the system's and those of one folder.

    With all that it starts it ends with the owner of the lifeline, and after so much of the processor's time.
    """
    _end_with_parent(lifeline, whose=-os.getpgrp())
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, PROGRAM_MB * MEGABYTE)
    _limit(resource.RLIMIT_DATA, PROGRAM_MB * MEGABYTE)
    _limit(resource.RLIMIT_NOFILE, 512)
    _limit(resource.RLIMIT_CPU, int(seconds) + 1)
    give_up_privileges()
    system = _RUN | _READ_FILES | _READ_FOLDERS
    places = [(one, system) for one in (*SYSTEM, str(Path(program).resolve().parent))]
    _allow_only([*places, (folder, _EVERY_ACCESS), ("/dev", _READ_FILES | _WRITE_FILES), SOCKETS])
    refuse_system_calls(program_without_network)


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
    return _allow_only([(folder, _READ_FILES | _READ_FOLDERS) for folder in folders])


def _allow_only(places: Iterable[tuple[str, int]]) -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    handled = struct.pack("Q", _EVERY_ACCESS)
    rules = libc.syscall(_CREATE_RULESET, handled, len(handled), 0) if platform.system() == "Linux" else -1
    if rules < 0 or libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    for folder, access in dict.fromkeys(places):
        with contextlib.suppress(OSError):
            place = os.open(folder, os.O_PATH | os.O_CLOEXEC | os.O_DIRECTORY)
            libc.syscall(_ADD_RULE, rules, 1, struct.pack("=Qi", access, place), 0)
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


def refuse_system_calls(filtering_by: Callable[[str, int], bytes | None] = program) -> bool:
    """Have the kernel refuse sockets, new programs and other processes, or what another filter refuses.

    Returns False where it cannot: then no reader uses a socket because none of its code does, which is policy alone.
    """
    packed = filtering_by(platform.machine(), os.getpid()) if platform.system() == "Linux" else None
    if packed is None:
        return False
    room = ctypes.create_string_buffer(packed, len(packed))
    filtering = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(packed) // 8, ctypes.addressof(room)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, filtering, 0, 0) == 0)


def _end_with_parent(lifeline: int, *, whose: int = 0) -> None:
    """Have the kernel signal the hang-up of the lifeline; SIGIO ends a process, busy or not, whatever it is doing.

    `whose` is the negative id of a group of processes that ends as one. Unlike the parent-death signal, this does not
    fire when the thread ends that started this process.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    with contextlib.suppress(OSError):
        fcntl.fcntl(lifeline, fcntl.F_SETOWN, whose or os.getpid())
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
