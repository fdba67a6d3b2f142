"""One JSON object a line, for pipes: the scan line of a file is a stable contract."""

import json
from collections.abc import Iterable
from typing import IO

from scanner.model.clause import ClausePack
from scanner.model.gap import GapReport
from scanner.report.base import ScannedFile
from scanner.report.plain import (
    Plain,
    drift_object,
    overtaken_object,
    report_head,
    scan_line,
    standing_object,
    unchecked_object,
)


class AsJsonl:
    """A Format; all characters beyond ASCII are escaped, so that a line is a line everywhere."""

    def write_report(self, report: GapReport, *, pack: ClausePack, out: IO[str]) -> None:
        """Write the report's head, then its parts; `record` says which is which."""
        _write({"record": "report", **report_head(report, pack=pack)}, out)
        for standing in report.standings:
            _write({"record": "standing", **standing_object(standing)}, out)
        for drift in report.drift:
            _write({"record": "drift", **drift_object(drift)}, out)
        for drift in report.ours:
            _write({"record": "ours", **drift_object(drift)}, out)
        for unchecked in report.unchecked:
            _write({"record": "unchecked", **unchecked_object(unchecked)}, out)
        for overtaken in report.overtaken:
            _write({"record": "overtaken", **overtaken_object(overtaken)}, out)

    def write_files(self, files: Iterable[ScannedFile], *, pack: ClausePack, out: IO[str]) -> None:  # noqa: ARG002 -- the seam's shape
        """Write one line a file, each as soon as its scan has ended."""
        for file in files:
            _write(scan_line(file), out)


def _write(thing: Plain, out: IO[str]) -> None:
    """Write a line and hand it on at once."""
    out.write(json.dumps(thing, ensure_ascii=True) + "\n")
    out.flush()
