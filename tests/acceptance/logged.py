"""Runs a command with all that is logged in a file: `python -m tests.acceptance.logged FILE demo --serve`.

It is written as production would write it, and more of it: from all libraries, at every level.
"""

import logging
import sys
from pathlib import Path

from scanner.cli import main
from scanner.seeing import logs

if __name__ == "__main__":
    file = Path(sys.argv.pop(1)).open("w", encoding="utf-8")  # noqa: SIM115 -- it is open for as long as the command runs
    logging.getLogger().addHandler(logs.handler(file, style="json"))
    logging.getLogger().setLevel(logging.DEBUG)
    main()
