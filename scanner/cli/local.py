"""scan: the candidates that wait, or local files for a first try without Drive or database."""

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.progress import track

from scanner.app import judge_of, reader, text_goes
from scanner.checks.base import Judge
from scanner.checks.bounds import judged
from scanner.clauses.load import load_packs
from scanner.cli.console import Format, FormatOption, app, err, fail_if, out, plainly
from scanner.cli.night import connected
from scanner.cli.rows import print_rows
from scanner.extract.base import Unreadable
from scanner.extract.isolation import ExtractPool
from scanner.gaps.assess import retired
from scanner.gaps.release import detected, newest
from scanner.gaps.report import Picture, report_of
from scanner.model.clause import ClausePack
from scanner.model.gap import CoverageLine, Evidence, FileRef, Unchecked
from scanner.model.verdict import Judgement
from scanner.report.base import ScannedFile, ScanStatus, undetermined_file
from scanner.report.matrix import matrix
from scanner.report.registry import FORMATS
from scanner.settings import Settings, load
from scanner.verbs import Verbs

MAX_FILES = 20_000  # a first try on a whole disk is a mistake; say so instead of running for days


@plainly
def scan(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files and folders to judge here and now. Without: the candidates found in Drive."),
    ] = None,
    clause: Annotated[str, typer.Option("--clause", help="Which clause pack to judge local files by.")] = "",
    by: Annotated[
        Literal["local", "llm"] | None, typer.Option("--judge", help="Who judges local files; else CROSSWALK_JUDGE.")
    ] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """Read candidates and judge them, each constraint proved with quotes.

    With PATHS it needs no Drive, no account and no database: every file is read in an isolated process, judged, and
    forgotten. [bold]--format jsonl[/] prints one line a file.
    """
    if paths:
        _scan_local(load(judge=by) if by else load(), paths, clause, output)
    elif by:
        err.print("Candidates in Drive are judged by one judge, night after night: set CROSSWALK_JUDGE instead.")
        raise typer.Exit(1)
    else:
        _scan_candidates(output)


def _scan_candidates(output: Format) -> None:
    with app() as assembled:
        connected(assembled)
        done = Verbs(assembled, err).scan()
        with assembled.store.reading() as unit:
            rows = [
                {
                    "file": one.candidate.file.name,
                    "state": one.state.value,
                    "kind": one.facts.kind.value if one.facts else "",
                    "because": one.because,
                }
                for connection in assembled.readable_connections()
                for pack in assembled.packs
                for one in unit.candidates.all(connection, pack.id)
            ]
        print_rows(rows, output)
        err.print(f"{done.documents} documents scanned in {done.seconds:.1f} s.")
        fail_if(done.failed)


def _scan_local(settings: Settings, paths: list[Path], clause: str, output: Format) -> None:
    packs = [pack for pack in load_packs(settings.clause_folder) if clause in {"", pack.id, pack.clause}]
    if not packs:
        err.print(f"There is no clause pack {clause!r}. `crosswalk clauses show` lists all.", markup=False)
        raise typer.Exit(1)
    files = list(_files(paths))
    if not files:
        err.print("There is no file to scan at the given paths.")
        raise typer.Exit(1)
    if len(files) > MAX_FILES:
        err.print(f"These are {len(files)} files; name a smaller folder (at most {MAX_FILES}).")
        raise typer.Exit(1)
    pack, workers, by = packs[0], settings.readers or os.cpu_count() or 1, judge_of(settings)
    if where := text_goes(settings):
        err.print(where, markup=False)
    with reader(settings) as pool, ThreadPoolExecutor(workers) as threads:
        looks = threads.map(lambda file: look(file, pool=pool, judge=by, pack=pack), files)
        seen = track(looks, description="scan", total=len(files), console=err, transient=True)
        if output is Format.TABLE and len(files) > 1:
            _show_together(tuple(seen), pack, by.version)
        else:
            FORMATS[output.value].write_files((one.scanned for one in seen), pack=pack, out=out.file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One local file, scanned; with what judging it gave where it could be read."""

    scanned: ScannedFile
    judgement: Judgement | None


def look(path: Path, *, pool: ExtractPool, judge: Judge, pack: ClausePack) -> Look:
    """Read and judge one local file; a file that cannot be read is an outcome, not an error."""
    started = time.monotonic()
    try:
        with path.open("rb") as stream:
            document = pool.extract(stream, name=path.name)
    except (Unreadable, OSError) as error:
        because = f"the file cannot be opened ({error.strerror})" if isinstance(error, OSError) else str(error)
        seconds = time.monotonic() - started
        unread = undetermined_file(file=str(path), media_type="", reason=because, seconds=seconds, pack=pack)
        return Look(scanned=unread, judgement=None)
    judgement = judged(judge, pack, document)
    scanned = ScannedFile(
        file=str(path),
        media_type=document.media_type,
        status=ScanStatus.SCANNED,
        reason=judgement.unread,
        words=document.words,
        seconds=time.monotonic() - started,
        verdicts=judgement.verdicts,
    )
    return Look(scanned=scanned, judgement=judgement)


def _show_together(looks: Sequence[Look], pack: ClausePack, version: str) -> None:
    """Show every file in a line, then where the clause stands over all of them, as a review says it."""
    out.print(matrix((one.scanned for one in looks), pack=pack))
    picture = _picture(looks)
    report = report_of(pack, picture, id="local", now=datetime.now(UTC), judge=version)
    out.print("\nAll files together", style="bold")
    FORMATS["table"].write_report(report, pack=pack, out=out.file)


def _picture(looks: Sequence[Look]) -> Picture:
    """Put the files together as a review sees a product's documents; releases are those that they themselves name."""
    evidence, unchecked = [], []
    for one in looks:
        path, found = Path(one.scanned.file), one.judgement
        file = FileRef(id=str(path), name=path.name, path=str(path.parent), link="")
        if found is None:
            unchecked.append(Unchecked(file=file, because=one.scanned.reason))
        else:
            evidence.append(Evidence(file=file, facts=found.facts, verdicts=found.verdicts, unread=found.unread))
    seen = CoverageLine(complete=True, because="", files=len(looks), candidates=len(looks), scanned=len(evidence))
    release = newest(detected([one for one in evidence if not retired(one)]))
    return Picture(evidence=tuple(evidence), unchecked=tuple(unchecked), coverage=seen, release=release)


def _files(paths: list[Path]) -> Iterator[Path]:
    """Go through the files named and those in folders named, sorted; hidden ones and links are left out."""
    for path in paths:
        if path.is_dir():
            for folder, folders, names in os.walk(path):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                here = (Path(folder) / name for name in sorted(names) if not name.startswith("."))
                yield from (file for file in here if file.is_file() and not file.is_symlink())
        elif path.exists():
            yield path
        else:
            err.print(f"{path} does not exist.", markup=False)
            raise typer.Exit(1)
