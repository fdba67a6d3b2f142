"""Who runs a job: a process that can be told from a later one with the same number."""

import os
import socket
from pathlib import Path


def me() -> str:
    """Return this process's name as an owner: host, process number and start."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def is_dead(owner: str) -> bool:
    """Tell whether the owner was a process of this host that runs no more; of other hosts nothing is known."""
    host, pid, started = owner.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _started(int(pid)) != started


def _started(pid: int) -> str:
    """The process's start in clock ticks (Linux, proc(5) field 22), "" where the system does not say."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]
