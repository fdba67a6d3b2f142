"""Many files at a glance: one row a file that gives something, one symbol a constraint."""

from collections.abc import Iterable
from pathlib import PurePath

from rich import box
from rich.table import Table
from rich.text import Text

from scanner.model.clause import ClausePack
from scanner.model.display import counted, shown, symbol
from scanner.model.verdict import Outcome
from scanner.report.base import ScannedFile, ScanStatus


def matrix(files: Iterable[ScannedFile], *, pack: ClausePack) -> Table:
    """Return the table; files that give nothing are counted in its caption, what could not be checked is left out."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), caption_justify="left")
    table.add_column("File", overflow="ellipsis", no_wrap=True)
    table.add_column(" ".join(f"{place:>2}" for place in range(1, len(pack.constraints) + 1)), no_wrap=True)
    empty = 0
    for file in files:
        if file.status is ScanStatus.UNDETERMINED:
            continue
        if all(verdict.outcome is Outcome.MISSING for verdict in file.verdicts):
            empty += 1
            continue
        signs = (" " if verdict.outcome is Outcome.MISSING else symbol(verdict.outcome) for verdict in file.verdicts)
        table.add_row(Text(shown(PurePath(file.file).name, 60)), " ".join(f"{sign:>2}" for sign in signs))
    legend = ", ".join(
        f"{symbol(one)} {one.words}"
        for one in (Outcome.SATISFIED, Outcome.PARTIAL, Outcome.NOT_APPLICABLE, Outcome.UNDETERMINED)
    )
    keys = "; ".join(f"{place} {constraint.short}" for place, constraint in enumerate(pack.constraints, 1))
    table.caption = f"{counted(empty, 'more file')} read without evidence. {legend}, blank: missing.\n{keys}"
    return table
