"""What the demo prints between the verbs."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scanner.app import App
from scanner.model.candidate import Candidate
from scanner.model.connection import ScanState
from scanner.model.coverage import looked_through
from scanner.model.display import counted, shown
from scanner.pipeline.summarize import Sent
from scanner.settings import Settings
from scanner.verbs import ScanDone, SyncDone


def show_coverage(console: Console, synced: SyncDone, calls: Sequence[str]) -> None:
    """Print how much the sync has seen, and with which calls."""
    coverage = synced.coverage
    if coverage is None:
        return
    console.print(looked_through(coverage), markup=False, style="yellow" if coverage.because else "")
    kinds = Counter(_kind(call) for call in calls if "/drive/v3/" in call)
    said = ", ".join(f"{count} × {kind}" for kind, count in kinds.most_common())
    console.print(f"{counted(sum(kinds.values()), 'API call')}: {said}.", markup=False)
    if synced.removed:
        console.print(f"{counted(synced.removed, 'file')} left the picture.")


def _kind(call: str) -> str:
    """Name the kind of a call: "GET /drive/v3/files/abc" is a files.get."""
    path = call.partition("/drive/v3/")[2].split("/")
    return "changes.start" if path[-1] == "startPageToken" else f"{path[0]}.{'get' if len(path) > 1 else 'list'}"


def show_candidates(console: Console, candidates: Sequence[Candidate]) -> None:
    """Print each candidate with the pattern that flagged it, and on what."""
    console.print(f"{counted(len(candidates), 'candidate')}:")
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in ("candidate", "flagged by", "on its"):
        table.add_column(column, overflow="fold")
    for one in candidates:
        hit = one.hits[0]
        table.add_row(Text(shown(one.file.name, 60)), Text(shown(f"{hit.signal}: “{hit.text}”", 60)), hit.field)
    console.print(table)


def show_scan(console: Console, app: App, done: ScanDone) -> None:
    """Print how many documents were read and how long it took, and what could not be checked."""
    console.print(f"{counted(done.documents, 'document')} in {done.seconds:.1f} s.")
    with app.store.reading() as unit:
        candidates = [
            one
            for connection in app.readable_connections()
            for pack in app.packs
            for one in unit.candidates.all(connection, pack.id)
            if one.because
        ]
    for one in candidates:
        if one.candidate.file.id in done.files:
            how = "could not check" if one.state is ScanState.UNDETERMINED else "read only in part"
            console.print(f"  {how}: {shown(one.candidate.file.name, 60)}, because {shown(one.because)}", markup=False)
    unread = [one for one in candidates if one.state is ScanState.UNDETERMINED]
    if still := sum(one.candidate.file.id not in done.files for one in unread):
        console.print(f"  {counted(still, 'document')} of earlier nights still could not be checked.", markup=False)


def show_sent(console: Console, sent: Sequence[Sent]) -> None:
    """Print where each email went."""
    if not sent:
        console.print("There was nothing new to tell, so no email was sent.")
    for one in sent:
        console.print(Text(shown(one.subject), style="bold"))
        console.print(f"  {shown(one.where)}", markup=False, soft_wrap=True)


def show_next(console: Console, settings: Settings, *, serving: bool) -> None:
    """Print what to try next."""
    console.print()
    console.print("What to try next", style="bold")
    lines = [
        f"open the emails in {settings.outbox}",
        "judge files of your own, no Drive needed:   .venv/bin/crosswalk scan ~/Documents/my-product",
        "read your own Drive:                        README, “Your own Drive”, then .venv/bin/crosswalk serve",
        "see what the clause asks:                   .venv/bin/crosswalk clauses show",
    ]
    if not serving:
        lines.insert(0, "look at the page:                           make demo ARGS=--serve")
    for line in lines:
        console.print(f"  • {line}", markup=False, soft_wrap=True)
