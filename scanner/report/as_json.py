"""One JSON document, for a program that reads everything at once."""

import json
from collections.abc import Iterable
from typing import IO

from scanner.model.clause import ClausePack
from scanner.model.gap import GapReport
from scanner.report.base import ScannedFile
from scanner.report.plain import report_object, scan_line


class AsJson:
    """A Format; all characters beyond ASCII are escaped, so that a name cannot steer the terminal it is printed on."""

    def write_report(self, report: GapReport, *, pack: ClausePack, out: IO[str]) -> None:
        """Write one object."""
        _write(report_object(report, pack=pack), out)

    def write_files(self, files: Iterable[ScannedFile], *, pack: ClausePack, out: IO[str]) -> None:
        """Write one object: the clause, and a list of scan lines."""
        _write({"clause": pack.id, "pack_digest": pack.digest, "files": [scan_line(file) for file in files]}, out)


def _write(thing: object, out: IO[str]) -> None:
    """Write an object, indented."""
    json.dump(thing, out, indent=2, ensure_ascii=True)
    out.write("\n")
