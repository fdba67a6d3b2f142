"""The system calls that a reader process has no use for, and the kernel's filter that refuses them."""

import errno
import struct
from collections.abc import Mapping, Sequence
from types import MappingProxyType

_LOAD, _EQUAL, _GREATER_EQUAL, _RETURN = 0x20, 0x15, 0x35, 0x06  # linux/bpf_common.h, combined
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000  # linux/seccomp.h
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # places in seccomp_data; both machines put the low half first
_OTHER_NUMBERS = 0x40000000  # the x32 calls of x86_64 begin here

ARCHITECTURES = MappingProxyType({"x86_64": 0xC000003E, "aarch64": 0xC00000B7})  # linux/audit.h
# Numbers from asm/unistd_64.h and asm-generic/unistd.h.
REFUSED: Mapping[str, Sequence[int]] = MappingProxyType({
    "x86_64": (
        # the network
        41, 42, 43, 288, 49, 50, 53,
        # other processes, new ones and those of the same user, and new programs
        56, 435, 57, 58, 59, 322, 101, 310, 311, 440, 312, 434, 438,
        # signals to other processes
        62, 200, 129, 297, 424,
        # changes to the file system, and files in memory, which no limit of ours counts
        76, 77, 82, 264, 316, 83, 258, 84, 85, 86, 265, 87, 263, 88, 266, 90, 91, 268, 92, 93, 94, 260, 132, 235,
        280, 261, 133, 259, 188, 189, 190, 197, 198, 199, 285, 319, 447,
        # memory and messages that outlive the process
        29, 30, 31, 64, 65, 66, 220, 68, 69, 70, 71, 240, 241,
        # name spaces, roots and mounts
        272, 308, 161, 155, 165, 166, 442, 429, 428, 430, 431, 432, 433,
        # the kernel's own doors, which attacks like
        321, 425, 426, 427, 298, 323, 250, 248, 249, 175, 313, 176, 246, 320, 169, 167, 168, 163, 179, 304, 303,
        300, 253, 294, 135, 103, 164, 227, 159, 305, 170, 171, 172, 173,
        # others' priorities, and another user
        141, 142, 144, 314, 203, 251, 105, 106, 113, 114, 117, 119, 116, 126, 256, 279,
    ),
    "aarch64": (
        # the network
        198, 203, 202, 242, 200, 201, 199,
        # other processes, new ones and those of the same user, and new programs
        220, 435, 221, 281, 117, 270, 271, 440, 272, 434, 438,
        # signals to other processes
        129, 130, 138, 240, 424,
        # changes to the file system, and files in memory, which no limit of ours counts
        45, 46, 38, 276, 34, 37, 35, 36, 52, 53, 55, 54, 88, 33, 5, 6, 7, 14, 15, 16, 47, 279, 447,
        # memory and messages that outlive the process
        194, 196, 195, 190, 193, 191, 192, 186, 189, 188, 187, 180, 181,
        # name spaces, roots and mounts
        97, 268, 51, 41, 40, 39, 442, 429, 428, 430, 431, 432, 433,
        # the kernel's own doors, which attacks like
        280, 425, 426, 427, 241, 282, 219, 217, 218, 105, 273, 106, 104, 294, 142, 224, 225, 89, 60, 265, 264, 262,
        26, 92, 116, 170, 112, 171, 266, 161, 162,
        # others' priorities, and another user
        140, 118, 119, 274, 122, 30, 146, 144, 145, 143, 147, 149, 159, 91, 238, 239,
    ),
})  # fmt: skip
# connect, io_uring (which makes sockets), ptrace and its kin, from the same tables.
NETWORK: Mapping[str, Sequence[int]] = MappingProxyType(
    {"x86_64": (42, 425, 426, 427, 101, 310, 311), "aarch64": (203, 425, 426, 427, 117, 270, 271)}
)
SOCKET: Mapping[str, int] = MappingProxyType({"x86_64": 41, "aarch64": 198})
_UNIX = 1  # AF_UNIX, linux/socket.h
# Allowed where their first argument is the process itself: tgkill, by which a library aborts, and prlimit64.
OWN: Mapping[str, tuple[int, int]] = MappingProxyType({"x86_64": (234, 302), "aarch64": (131, 261)})


def program(machine: str, own: int) -> bytes | None:
    """Return the filter (linux/filter.h) for the process of this id; None for a machine whose numbers are not known.

    Besides it ends a process that speaks another architecture's calls.
    """
    if machine not in ARCHITECTURES:
        return None
    signal, limit = OWN[machine]
    return _packed(machine, [*_only_with(signal, own, own), *_only_with(limit, own, 0)], REFUSED[machine])


def program_without_network(machine: str, own: int) -> bytes | None:  # noqa: ARG001  # the same form as the other
    """Return the filter for a foreign program that starts others of its own: it reaches no network and nobody else.

    It may make sockets of the machine's own kind (LibreOffice wants one for itself), and connect none.
    """
    if machine not in ARCHITECTURES:
        return None
    return _packed(machine, _only_with(SOCKET[machine], _UNIX, _UNIX), NETWORK[machine])


def _packed(machine: str, first: Sequence[tuple[int, int, int, int]], refused: Sequence[int]) -> bytes:
    count = len(refused)
    rules = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, ARCHITECTURES[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_GREATER_EQUAL, 0, 1, _OTHER_NUMBERS),
        (_RETURN, 0, 0, _REFUSE),
        *first,
        *((_EQUAL, count - place, 0, call) for place, call in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("HBBI", *rule) for rule in rules)


def _only_with(call: int, *arguments: int) -> list[tuple[int, int, int, int]]:
    """Allow the call with one of two first arguments, and refuse it with any other."""
    one, two = arguments
    return [
        (_EQUAL, 0, 5, call),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 1, 0, one),
        (_EQUAL, 0, 1, two),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
