"""Old Word and PowerPoint files by LibreOffice, where the operator names it: confined, in a folder of the job's own.

It turns them into DOCX and PPTX, which our readers then read in isolation like any other file.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import IO

from scanner.extract.base import Unreadable
from scanner.extract.sandbox import MEGABYTE, confine_program

OLD_WORD = "it is in the legacy format of old Word: save it as DOCX"
OLD_POWERPOINT = "it is in the legacy format of old PowerPoint: save it as PPTX"
BECOMES: Mapping[str, tuple[str, str]] = MappingProxyType({OLD_WORD: ("doc", "docx"), OLD_POWERPOINT: ("ppt", "pptx")})
REMARK = "in a legacy format, which LibreOffice turned into a new one: compare quotes with the file"
FAILED = "it is in a legacy format, and LibreOffice could not turn it into a new one: save it as DOCX or PPTX"
PREFIX = "crosswalk-office-"
_LOCK = "in-use"
_BOOT = (
    "import json, sys; lifeline, folder, seconds, command, *sys.path = sys.argv[1:]; "
    "from scanner.extract.office import become; become(int(lifeline), folder, float(seconds), json.loads(command))"
)
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


@contextlib.contextmanager
def renewed(descriptor: int, because: str, *, program: str, seconds: float, paths: list[str]) -> Iterator[IO[bytes]]:
    """Give the file in its new format, as LibreOffice wrote it. Raises Unreadable.

    `because` is the reason (a key of BECOMES) for which it was not read, `paths` where a new process finds our code.
    """
    old, new = BECOMES[because]
    with _folder() as folder:
        _lay_out(folder, descriptor, old)
        command = [program, f"-env:UserInstallation={_profile(folder)}", "--headless", "--norestore", "--nologo"]
        command += ["--convert-to", new, "--outdir", f"{folder}/out", f"{folder}/document.{old}"]
        _run(folder, command, seconds, paths)
        with _written(folder / "out" / f"document.{new}") as stream:
            yield stream


def sweep(inside: Path) -> None:
    """Remove the folders that a killed worker left; those of living ones are locked."""
    for folder in inside.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError), (folder / _LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)


def become(lifeline: int, folder: str, seconds: float, command: list[str]) -> None:
    """Give up what it does not need, and become LibreOffice, which ends with the owner of the lifeline."""
    confine_program(lifeline, folder, command[0], seconds=seconds)
    os.execve(command[0], command, {"HOME": folder, "TMPDIR": folder, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"})  # noqa: S606  # a program that the operator named, and no shell


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Make a folder that only we can look into, locked as long as somebody needs it, and gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as name,
        (Path(name) / _LOCK).open("wb") as lock,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield Path(name)


def _lay_out(folder: Path, descriptor: int, old: str) -> None:
    """Put the file and LibreOffice's settings there."""
    with (folder / f"document.{old}").open("wb") as copy, open(descriptor, "rb", closefd=False) as source:
        source.seek(0)
        shutil.copyfileobj(source, copy, MEGABYTE)
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_PROFILE, encoding="utf-8")


def _run(folder: Path, command: list[str], seconds: float, paths: list[str]) -> None:
    """Run it until it ends or its time is over, and leave nothing running. Raises Unreadable."""
    hold, lifeline = os.pipe()
    try:
        process = subprocess.Popen(  # noqa: S603  # our own interpreter, which becomes the program that the operator named
            [
                sys.executable,
                "-I",
                "-X",
                "utf8",
                "-c",
                _BOOT,
                str(hold),
                str(folder),
                str(seconds),
                json.dumps(command),
                *paths,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(hold,),
            env={},
            cwd=folder,
            start_new_session=True,
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Unreadable(f"LibreOffice took longer than {seconds:g} seconds for it") from None
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            _socket(folder).unlink(missing_ok=True)
    finally:
        os.close(hold)
        os.close(lifeline)


def _profile(folder: Path) -> str:
    return f"file://{folder}/profile"


def _socket(folder: Path) -> Path:
    """Return where LibreOffice puts the socket by which it would find itself running (its requesthandler.cxx)."""
    told = hashlib.md5(_profile(folder).encode("utf-16-le"), usedforsecurity=False).digest()
    return Path(f"/tmp/OSL_PIPE_{os.getuid()}_SingleOfficeIPC_" + "".join(f"{byte:x}" for byte in told))  # noqa: S108  # its choice


@contextlib.contextmanager
def _written(path: Path) -> Iterator[IO[bytes]]:
    """Open what it wrote, if that is a file. Raises Unreadable."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        raise Unreadable(FAILED) from None
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Unreadable(FAILED)
        yield stream
