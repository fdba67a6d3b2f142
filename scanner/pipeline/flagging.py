"""Which files become candidates, and why: by a pack's signals, by a product's own naming, or since a person said so."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product as pairs

from connector import SourceFile
from scanner.clauses.match import Flags
from scanner.clauses.naming import NAMED, Naming
from scanner.model.candidate import Candidate, SignalHit
from scanner.model.connection import Product
from scanner.model.job import NewJob, Priority
from scanner.pipeline.orders import revision_of, scan_job
from scanner.pipeline.suggest import accepted_by
from scanner.store.store import Unit

Hits = tuple[SignalHit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagging:
    """Flags the files of a connection."""

    flags: tuple[Flags, ...]  # one a pack
    judge: str  # the judge's version

    def __call__(
        self, unit: Unit, connection: str, files: Sequence[SourceFile], *, priority: Priority
    ) -> list[tuple[Candidate, NewJob | None]]:
        """Flag each file for every pack whose signals fire, for all where it is called as a product's documents are,
        and for those for which a person accepted it.

        A scan job comes with it where its revision is to be scanned.
        """
        ids = [file.id for file in files]
        known, accepted = unit.candidates.among(connection, ids), unit.suggestions.accepted(connection, ids)
        named = _named(unit, connection, files)
        found = []
        for file, flags in pairs(files, self.flags):
            pack = flags.pack
            match = _match(flags, file, named(file), accepted.get((file.id, pack.id)))
            if match is None:
                if (file.id, pack.id) in known:
                    unit.candidates.unflag(connection, file.id, pack.id)
                continue
            revision = revision_of(file, pack_digest=pack.digest, judge=self.judge)
            due = unit.candidates.flag(connection, match, revision=revision)
            job = scan_job(connection, file.id, pack.id, revision, priority=priority) if due else None
            found.append((match, job))
        return found

    def digest(self, products: Sequence[Product]) -> str:
        """Return what changes when files that are known have to be flagged anew."""
        naming = [[one.id, sorted(one.folders), one.naming] for one in products if one.naming]
        own = [hashlib.sha256(json.dumps(sorted(naming)).encode()).hexdigest()[:16]] if naming else []
        return " ".join([*(one.pack.digest[:16] for one in self.flags), self.judge, *own])


def _named(unit: Unit, connection: str, files: Sequence[SourceFile]) -> Callable[[SourceFile], Hits]:
    """Return what tells the products' naming that a file bears: only where it belongs to the product."""
    products = [(one, Naming(one.naming)) for one in unit.products.of_connection(connection) if one.naming]
    places = {place for file in files for place in (file.folder, file.drive) if place}
    limited = any(one.extent for one, _ in products)
    where = unit.belonging.of_folders(connection, places) if limited else {}

    def hits(file: SourceFile) -> Hits:
        here = where.get(file.folder, set()) | where.get(file.drive, set())
        mine = [naming for one, naming in products if not one.extent or one.id in here]
        fitting = dict.fromkeys(pattern for naming in mine for pattern in naming.found_in(file.name))
        return tuple(SignalHit(signal=NAMED, field="name", text=pattern) for pattern in fitting)

    return hits


def _match(flags: Flags, file: SourceFile, named: Hits, accepted: str | None) -> Candidate | None:
    """Return the file with all that flags it."""
    match = flags.candidate(file)
    said = (accepted_by(accepted),) if accepted is not None else ()
    hits = (*(match.hits if match else ()), *named, *said)
    if not hits:
        return None
    return replace(match, hits=hits) if match else Candidate(file=file, clause=flags.pack.id, hits=hits)
