"""Every command a person types; this front door stands before the libraries are loaded."""

import gc
import os
import signal
import sys

INTERRUPTED, TERMINATED = 128 + signal.SIGINT, 128 + signal.SIGTERM  # as shells tell how a command ended


def main() -> None:
    """Run the command line. Ctrl-C and SIGTERM unwind it at any time, end what it started, and show no traceback."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    gc.disable()  # until the command is loaded: all of that stays
    try:
        from scanner.cli.main import command_line  # noqa: PLC0415 -- loading takes seconds, in which ctrl-C may come

        command_line()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        leave(INTERRUPTED)
    except SystemExit as end:
        if end.code in {INTERRUPTED, TERMINATED}:
            leave(int(end.code))
        raise


def leave(code: int) -> None:
    """End now: everything is unwound, and what threads still do is made again from the tables."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # nobody reads it any more
            continue
    os._exit(code)


__all__ = ["leave", "main"]
