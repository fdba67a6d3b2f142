"""Feeds the readers samples that were changed at random: `python -m tests.fuzz [NAME …] [--minutes N] [--seed N]`.

NAME is an ending such as pdf; without any, all formats have their turn. A finding (a reader crashed, hung, needed more
than its limits, met an exception of ours, or gave a document that breaks a promise) is made small and kept in
var/fuzz, and the process ends with 1. Mend it, and keep it as a test that builds the file.
"""

import argparse
import hashlib
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from scanner.extract.isolation import ExtractPool, Limits
from tests.fuzz.mutate import mutated
from tests.fuzz.reading import read
from tests.fuzz.seeds import endings, seeds
from tests.fuzz.shrink import shrunk

KEPT = Path("var/fuzz")
LIMITS = Limits(seconds=30)
MAX_POPULATION, MAX_SEED_BYTES = 300, 300_000
SHRINKING_SECONDS = 60.0


@dataclass(slots=True, kw_only=True)
class Hunt:
    """One format's turn."""

    ending: str
    pool: ExtractPool
    chance: Random
    population: list[bytes]
    read: int = 0
    slowest: float = 0.0
    ended: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)

    def go_on(self, until: float) -> None:
        """Read changed files until then; what ends in a new way is changed further."""
        while time.monotonic() < until:
            data = mutated(self.chance.choice(self.population), self.chance, self.population)
            started = time.monotonic()
            finding, how = read(self.pool, data, f"a.{self.ending}")
            self.slowest = max(self.slowest, time.monotonic() - started)
            self.read += 1
            self.ended[how] += 1
            if finding:
                self._keep(data, finding)
            elif self.ended[how] == 1 and len(data) <= MAX_SEED_BYTES and len(self.population) < MAX_POPULATION:
                self.population.append(data)

    def _keep(self, data: bytes, finding: str) -> None:
        """Make the first of its kind small and keep it."""
        self.findings[finding] += 1
        if self.findings[finding] > 1:
            return
        _say(f"{self.ending}: {finding}")

        def still(smaller: bytes) -> bool:
            return read(self.pool, smaller, f"a.{self.ending}")[0] == finding

        small = shrunk(data, still, seconds=SHRINKING_SECONDS) if still(data) else data
        KEPT.mkdir(parents=True, exist_ok=True)
        path = KEPT / f"{finding.split(':', maxsplit=1)[0]}-{hashlib.sha256(small).hexdigest()[:12]}.{self.ending}"
        path.write_bytes(small)
        _say(f"{self.ending}: kept {path}, {len(small):,} bytes")


def hunted(ending: str, *, minutes: float, seed: int) -> Hunt:
    """Hunt in one format for so long."""
    with ExtractPool(workers=1, limits=LIMITS) as pool:
        hunt = Hunt(ending=ending, pool=pool, chance=Random(f"{ending} {seed}"), population=seeds(ending))
        hunt.go_on(time.monotonic() + minutes * 60)
    _say(
        f"{ending}: {minutes:g} minutes, {hunt.read:,} files, {len(hunt.ended)} endings, slowest {hunt.slowest:.1f} s, "
        f"findings {dict(hunt.findings)}"
    )
    return hunt


def main(arguments: Sequence[str]) -> int:
    """Hunt, and return 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("endings", nargs="*", metavar="NAME")
    parser.add_argument("--minutes", type=float, default=1.0, help="for each format")
    parser.add_argument("--seed", type=int, default=time.time_ns())
    asked = parser.parse_args(arguments)
    hunts = [hunted(ending, minutes=asked.minutes, seed=asked.seed) for ending in asked.endings or endings()]
    return int(any(hunt.findings for hunt in hunts))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
