"""scan: the candidates that wait, or local files for a first try without Drive or database."""

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.progress import track

from scanner.checks.base import Judge
from scanner.checks.bounds import judged
from scanner.cli.chosen import chosen
from scanner.cli.console import Format, FormatOption, err, out, plainly, plainly_saying, settings
from scanner.cli.walk import Found, opened, walk
from scanner.extract.base import Unreadable
from scanner.extract.isolation import ExtractPool
from scanner.gaps.assess import retired
from scanner.gaps.release import detected, newest
from scanner.gaps.report import Picture, report_of
from scanner.model.clause import ClausePack
from scanner.model.display import counted, shown
from scanner.model.document import Document
from scanner.model.gap import CoverageLine, Evidence, FileRef, Unchecked
from scanner.model.verdict import Judgement
from scanner.parts import judge_of, reader, text_goes
from scanner.report.base import ScannedFile, ScanStatus, undetermined_file
from scanner.report.matrix import matrix
from scanner.report.registry import FORMATS
from scanner.settings import Settings

MAX_FILES = 20_000  # a first try on a whole disk is a mistake; say so instead of running for days


@plainly
def scan(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files and folders to judge here and now. Without: the candidates found in Drive."),
    ] = None,
    clause: Annotated[
        str, typer.Option("--clause", help="Which clause pack to judge local files by: its id, clause or file.")
    ] = "",
    by: Annotated[
        Literal["local", "llm"] | None, typer.Option("--judge", help="Who judges local files; else CROSSWALK_JUDGE.")
    ] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """Read candidates and judge them, each constraint proved with quotes.

    With PATHS it needs no Drive, no account and no database: every file is read in an isolated process, judged, and
    forgotten. Hidden files are left out; what is a link or no regular file is named, with the reason.
    [bold]--format jsonl[/] prints one line a file.
    """
    if paths:
        _scan_local(settings(judge=by) if by else settings(), paths, clause, output)
    elif by:
        err.print("Candidates in Drive are judged by one judge, night after night: set CROSSWALK_JUDGE instead.")
        raise typer.Exit(1)
    else:
        # Late, so that local files wait for nothing of the database and of Google's client.
        from scanner.cli.night import scan_candidates  # noqa: PLC0415

        scan_candidates(output)


@plainly_saying("Stopped. Nothing was kept: a scan of local files starts over each time.")
def _scan_local(settings: Settings, paths: list[Path], clause: str, output: Format) -> None:
    pack, files = _one(clause), _found(paths)
    workers, by = settings.readers or os.cpu_count() or 1, judge_of(settings)
    if where := text_goes(settings):
        err.print(where, markup=False)
    with reader(settings) as pool, _threads(workers) as threads:
        looks = threads.map(lambda file: look(file, pool=pool, judge=by, pack=pack), files)
        seen = track(looks, description="scan", total=len(files), console=err, transient=True)
        if output is Format.TABLE and len(files) > 1:
            _show_together(tuple(seen), pack, by.version)
        else:
            FORMATS[output.value].write_files((one.scanned for one in seen), pack=pack, out=out.file)


def _one(clause: str) -> ClausePack:
    """Return the pack that is meant; with several in use it has to be named."""
    packs = [pack for _, pack in chosen(clause)]
    if len(packs) > 1:
        names = ", ".join(pack.id for pack in packs)
        err.print(f"There are several clause packs: name one with --clause ({names}).", markup=False)
        raise typer.Exit(1)
    return packs[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One local file, scanned; with what judging it gave where it could be read."""

    scanned: ScannedFile
    judgement: Judgement | None


def look(found: Found, *, pool: ExtractPool, judge: Judge, pack: ClausePack) -> Look:
    """Read and judge one local file; a file that cannot be read is an outcome, not an error."""
    path, started = found.path, time.monotonic()
    try:
        document = _document(found, pool)
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


def _document(found: Found, pool: ExtractPool) -> Document:
    if found.unread:
        raise Unreadable(found.unread)
    with opened(found.path) as stream:
        return pool.extract(stream, name=found.path.name)


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
    today = datetime.now(UTC).date()
    release = newest(detected([one for one in evidence if not retired(one)], today))
    return Picture(evidence=tuple(evidence), unchecked=tuple(unchecked), coverage=seen, release=release)


def _found(paths: list[Path]) -> Sequence[Found]:
    try:
        seen = walk(paths)
    except FileNotFoundError as error:
        err.print(f"{shown(str(error.filename))} does not exist.", markup=False)
        raise typer.Exit(1) from None
    if seen.linked:
        err.print(f"{counted(seen.linked, 'link')} to what is read by its own name was left out.")
    if not seen.found:
        err.print("There is no file to scan at the given paths.")
        raise typer.Exit(1)
    if len(seen.found) > MAX_FILES:
        err.print(f"These are {len(seen.found)} files; name a smaller folder (at most {MAX_FILES}).")
        raise typer.Exit(1)
    return seen.found


@contextmanager
def _threads(number: int) -> Iterator[ThreadPoolExecutor]:
    """Yield threads; when ctrl-C ends the block, nobody waits for the files that are left."""
    threads = ThreadPoolExecutor(number)
    try:
        yield threads
    except BaseException:
        threads.shutdown(wait=False, cancel_futures=True)
        raise
    threads.shutdown()
