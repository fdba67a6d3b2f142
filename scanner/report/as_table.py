"""Tables for a terminal: readable without colour, and safe whatever the names in them hold."""

from collections.abc import Iterable, Sequence
from typing import IO

from rich import box
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.style import Style
from rich.table import Table
from rich.text import Text

from scanner.model.clause import ClausePack
from scanner.model.coverage import coverage_words
from scanner.model.display import counted, day, safe_link, shown, symbol
from scanner.model.gap import Drift, DriftKind, FileRef, GapReport, SetCitation, Standing, UpdateCheck, grouped
from scanner.model.verdict import Citation, Outcome, Verdict
from scanner.report.base import ScannedFile, ScanStatus
from scanner.report.width import width_of

_QUOTE = 110


class AsTable:
    """A Format for people."""

    def write_report(self, report: GapReport, *, pack: ClausePack, out: IO[str]) -> None:
        """Write the review table, what drifted, and what could not be checked."""
        Console(file=out, width=width_of(out), highlight=False).print(review_table(report, pack=pack))

    def write_files(self, files: Iterable[ScannedFile], *, pack: ClausePack, out: IO[str]) -> None:
        """Write one table a file, each as soon as its scan has ended."""
        console = Console(file=out, width=width_of(out), highlight=False)
        for file in files:
            console.print(file_table(file, pack=pack))
            console.print()


def review_table(report: GapReport, *, pack: ClausePack) -> RenderableType:
    """Return the ten constraints with outcome, reason and best citation, then drift and what could not be checked."""
    table = _table(f"{report.product} {report.release.version if report.release else ''} – {_clause(pack)}")
    for standing in report.standings:
        said = _outcome(standing.outcome).append("\nwaived" if standing.is_waived else "", style="dim")
        table.add_row(_plain(_short(pack, standing.constraint)), said, _standing_proof(standing))
    parts: list[RenderableType] = [table]
    checks = [check for standing in report.standings for check in standing.checks]
    if checks:
        parts += [Text(), _checks_table(checks)]
    if report.drift:
        parts += [Text(), _drift_table(report.drift, pack, title="What changed")]
    if report.note:
        parts += [Text(), _plain(report.note, style="dim")]
    if report.ours:
        parts += [_drift_table(report.ours, pack, title="What our judging changed")]
    if report.unchecked:
        parts += [Text(), _unchecked_table(report)]
    parts.append(_plain(_facts(report), style="dim"))
    if report.audit_defence:
        parts += [Text(), _plain(report.audit_defence, style="green")]
    return Group(*parts)


def file_table(scanned: ScannedFile, *, pack: ClausePack) -> RenderableType:
    """Return what one scan found: its constraints, or the one reason why it could not be checked."""
    head = Text.assemble(
        (shown(scanned.file), "bold"),
        (f"  {shown(scanned.media_type)}, {counted(scanned.words, 'word')}, {scanned.seconds:.1f} s", "dim"),
    )
    if scanned.status is ScanStatus.UNDETERMINED:
        return Group(
            head, Text.assemble(_outcome(Outcome.UNDETERMINED), f" could not check, because {shown(scanned.reason)}")
        )
    if scanned.reason:
        head.append(f"\nread only in part, because {shown(scanned.reason)}", style="magenta")
    table = _table("")
    for verdict in scanned.verdicts:
        table.add_row(_plain(_short(pack, verdict.constraint)), _outcome(verdict.outcome), _verdict_proof(verdict))
    return Group(head, table)


def _table(title: str) -> Table:
    """Return an empty table of constraints."""
    table = Table(
        box=box.SIMPLE_HEAD, title=escape(shown(title)) or None, title_justify="left", padding=(0, 1), expand=False
    )
    table.add_column("Constraint", no_wrap=True)
    table.add_column("Outcome", no_wrap=True)
    table.add_column("Why, and the best citation", ratio=1)
    return table


def _standing_proof(standing: Standing) -> Text:
    """Say why, and quote the best citation with its file and place."""
    proof = _plain(standing.reason)
    if standing.is_waived and standing.waiver:
        waiver = standing.waiver
        proof.append(f"\nWaived by {shown(waiver.approver)} until {day(waiver.until)}: ", style="dim")
        proof.append(shown(waiver.reason, _QUOTE), style="dim")
    if standing.citations:
        proof.append("\n")
        proof.append_text(_cited(standing.citations[0]))
    return proof


def _cited(citation: SetCitation) -> Text:
    """Quote a citation of a set: quote, file, place."""
    line = Text.assemble((f"“{shown(citation.quote, _QUOTE)}” ", "italic"), _file(citation.file))
    return line.append(f", {shown(str(citation.locator), 80)}", style="dim")


def _verdict_proof(verdict: Verdict) -> Text:
    """Say why, and quote the best citation with its place."""
    proof = _plain(verdict.reason)
    if verdict.citations:
        best: Citation = verdict.citations[0]
        proof.append(f"\n“{shown(best.quote, _QUOTE)}” ", style="italic")
        proof.append(shown(str(best.locator), 80), style="dim")
    return proof


def _checks_table(checks: Sequence[UpdateCheck]) -> Table:
    """Return the seven questions behind "updated with each release"."""
    table = Table(box=box.SIMPLE_HEAD, title="Updated with the release?", title_justify="left", padding=(0, 1))
    table.add_column("Question", no_wrap=True)
    table.add_column("Outcome", no_wrap=True)
    table.add_column("Why, and a citation", ratio=1)
    for check in checks:
        why = _plain(check.reason)
        if check.citations:
            why.append("\n").append_text(_cited(check.citations[0]))
        table.add_row(_plain(check.id.label), _outcome(check.outcome), why)
    return table


def _drift_table(drift: Sequence[Drift], pack: ClausePack, *, title: str) -> Table:
    """Return what drifted."""
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", padding=(0, 1))
    table.add_column("Constraint", no_wrap=True)
    table.add_column("Drift", no_wrap=True)
    table.add_column("Why", ratio=1)
    for group in grouped(drift):
        head = group.head
        moved = f"{head.before.words} → {head.now.words}" if head.before is not head.now else f"still {head.now.words}"
        table.add_row(
            _plain(_short(pack, head.constraint)),
            Text(f"{head.kind.value}\n{moved}", style=_drift_style(head.kind)),
            Text("\n").join(_drift_reason(drift) for drift in group.entries),
        )
    return table


def _drift_reason(drift: Drift) -> Text:
    """Say why, with a link on the file's name where the sentence begins with it."""
    if drift.file is None:
        return _plain(drift.reason)
    if drift.reason.startswith(f"{drift.file.name} "):
        return Text.assemble(_file(drift.file), " ", _plain(drift.reason.removeprefix(drift.file.name).strip()))
    return Text.assemble(_plain(drift.reason), "\n", _file(drift.file))


def _unchecked_table(report: GapReport) -> Table:
    """Return the files that could not be checked."""
    table = Table(box=box.SIMPLE_HEAD, title="Could not check", title_justify="left", padding=(0, 1))
    table.add_column("File")
    table.add_column("Because", ratio=1)
    for unchecked in report.unchecked:
        how = ("still: " if unchecked.still else "") + ("read only in part: " if unchecked.in_part else "")
        table.add_row(_file(unchecked.file), _plain(f"{how}{unchecked.because}"))
    return table


def _facts(report: GapReport) -> str:
    """Say what stands behind a report."""
    return f"{coverage_words(report.coverage)} Pack {report.pack_digest[:12]}, judge {report.judge}."


def _file(file: FileRef) -> Text:
    """Name a file, with a link where the terminal can follow one."""
    link = safe_link(file.link)
    return Text(shown(file.name, 70), style=Style(bold=True, link=link) if link else Style(bold=True))


def _outcome(outcome: Outcome) -> Text:
    """Say an outcome by symbol, word and colour."""
    return Text(f"{symbol(outcome)} {outcome.words}", style=_style(outcome))


def _style(outcome: Outcome) -> str:
    """Return the colour of an outcome."""
    match outcome:
        case Outcome.SATISFIED:
            return "green"
        case Outcome.PARTIAL:
            return "yellow"
        case Outcome.MISSING:
            return "red"
        case Outcome.NOT_APPLICABLE:
            return "dim"
        case Outcome.UNDETERMINED:
            return "magenta"


def _drift_style(kind: DriftKind) -> str:
    """Return the colour of a drift."""
    match kind:
        case DriftKind.LOST | DriftKind.CONTRADICTED | DriftKind.WAIVER_EXPIRED:
            return "red"
        case DriftKind.STALE | DriftKind.WAIVER_ENDING:
            return "yellow"
        case DriftKind.UNDETERMINED_NOW:
            return "magenta"
        case DriftKind.WON:
            return "green"


def _plain(text: str, style: str = "") -> Text:
    """Return text in which nothing is markup and nothing steers the terminal."""
    return Text(shown(text), style=style)


def _short(pack: ClausePack, constraint: str) -> str:
    """Return a constraint's short name, or its id where the pack no longer has it."""
    return next((known.short for known in pack.constraints if known.id == constraint), constraint)


def _clause(pack: ClausePack) -> str:
    """Name the clause."""
    return f"{pack.standard} §{pack.clause} {pack.title}"
