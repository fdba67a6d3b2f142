"""The seam of printing: what was found in, text for a person or a program out."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Protocol

from scanner.model.clause import ClausePack
from scanner.model.gap import GapReport
from scanner.model.verdict import Outcome, Verdict


class ScanStatus(StrEnum):
    """Whether one file could be read and judged."""

    SCANNED = "scanned"
    UNDETERMINED = "undetermined"  # could not check, because …


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedFile:
    """What one scan found in one file: the line that `crosswalk scan` prints."""

    file: str  # the path or name that the person gave
    media_type: str  # what the bytes really were, "" where nobody knows
    status: ScanStatus
    reason: str  # completes "could not check, because …", or of a scanned file "read only in part, because …"
    words: int
    seconds: float
    verdicts: tuple[Verdict, ...]  # in the pack's order

    def __post_init__(self) -> None:
        """Refuse an undetermined file without a reason, or with an outcome that nobody can know."""
        if self.status is ScanStatus.UNDETERMINED:
            if not self.reason.strip():
                raise ValueError(f"an undetermined file needs a reason: {self.file}")
            if any(verdict.outcome is not Outcome.UNDETERMINED for verdict in self.verdicts):
                raise ValueError(f"a file that could not be checked has no other outcome: {self.file}")


class Format(Protocol):
    """One way of printing; writes as it goes, so that a long scan shows its first line early."""

    def write_report(self, report: GapReport, *, pack: ClausePack, out: IO[str]) -> None:
        """Write a gap report."""
        ...

    def write_files(self, files: Iterable[ScannedFile], *, pack: ClausePack, out: IO[str]) -> None:
        """Write what scans found, one entry a file."""
        ...


def undetermined_file(*, file: str, media_type: str, reason: str, seconds: float, pack: ClausePack) -> ScannedFile:
    """Build the entry of a file that could not be checked: every constraint undetermined, with the reason."""
    verdicts = tuple(
        Verdict(constraint=constraint.id, outcome=Outcome.UNDETERMINED, reason=f"Could not check, because {reason}")
        for constraint in pack.constraints
    )
    return ScannedFile(
        file=file,
        media_type=media_type,
        status=ScanStatus.UNDETERMINED,
        reason=reason,
        words=0,
        seconds=seconds,
        verdicts=verdicts,
    )
