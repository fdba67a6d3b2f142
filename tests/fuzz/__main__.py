"""Feeds the readers samples that were changed at random: `python -m tests.fuzz [NAME …] [--minutes N] [--seed N]`.

NAME is an ending such as pdf; without any, all formats have their turn. A finding (a reader crashed, hung, needed more
than its limits, met an exception of ours, or gave a document that breaks a promise) is made small and kept in
var/fuzz, and the process ends with 1. Mend it, and keep it as a test that builds the file.
"""

import argparse
import hashlib
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from scanner.extract.isolation import ExtractPool, Limits
from tests.fuzz.mutate import mutated
from tests.fuzz.reading import End, Reader
from tests.fuzz.seeds import endings, reading_of, seeds
from tests.fuzz.shrink import shrunk

KEPT = Path("var/fuzz")
LIMITS = Limits(seconds=30)
MAX_POPULATION, MAX_SEED_BYTES = 400, 300_000
TWICE = 0.05  # of the files are read once more, to see whether the same comes of them
OF_TEXTS = 0.85  # of the changes are made to files that were read
SHRINKING_SECONDS = 60.0


@dataclass(slots=True, kw_only=True)
class Hunt:
    """One format's turn."""

    ending: str
    reader: Reader
    chance: Random
    population: list[bytes]
    texts: list[bytes] = field(default_factory=list)  # those of the population that were read
    read: int = 0
    slowest: float = 0.0
    ways: set[str] = field(default_factory=set)
    ended: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)

    def go_on(self, until: float) -> None:
        """Read changed files until then; what ends in a new way is changed further, and most often what was read."""
        self.texts = [data for data in self.population if self._end(data).is_text]
        while time.monotonic() < until:
            of_texts = self.texts and self.chance.random() < OF_TEXTS
            data = mutated(
                self.chance.choice(self.texts if of_texts else self.population), self.chance, self.population
            )
            started = time.monotonic()
            end = self._end(data, twice=self.chance.random() < TWICE)
            self.slowest = max(self.slowest, time.monotonic() - started)
            self.read += 1
            self.ended[end.said] += 1
            if end.finding:
                self._keep(data, end.finding)
            elif end.how not in self.ways and len(data) <= MAX_SEED_BYTES and len(self.population) < MAX_POPULATION:
                self.population.append(data)
                self.texts += [data] if end.is_text else []
            self.ways.add(end.how)

    def _end(self, data: bytes, *, twice: bool = False) -> End:
        return self.reader.end(data, f"a.{self.ending}", twice=twice)

    def _keep(self, data: bytes, finding: str) -> None:
        """Make the first of its kind small and keep it."""
        self.findings[finding] += 1
        if self.findings[finding] > 1:
            return
        _say(f"{self.ending}: {finding}")

        def still(smaller: bytes) -> bool:
            return self._end(smaller, twice=finding.startswith("unstable")).finding == finding

        small = shrunk(data, still, seconds=SHRINKING_SECONDS) if still(data) else data
        KEPT.mkdir(parents=True, exist_ok=True)
        path = KEPT / f"{finding.split(':', maxsplit=1)[0]}-{hashlib.sha256(small).hexdigest()[:12]}.{self.ending}"
        path.write_bytes(small)
        _say(f"{self.ending}: kept {path}, {len(small):,} bytes")


def hunted(ending: str, *, minutes: float, seed: int) -> Hunt:
    """Hunt in one format for so long, and say how it went."""
    began, used = time.monotonic(), _processor_seconds()
    reading = reading_of(ending)
    with ExtractPool(workers=1, limits=LIMITS, reading=reading) as pool:
        reader = Reader(pool, reading)
        hunt = Hunt(ending=ending, reader=reader, chance=Random(f"{ending} {seed}"), population=seeds(ending))
        try:
            hunt.go_on(began + minutes * 60)
        finally:
            pool.close()
            _say_how_it_went(hunt, minutes=(time.monotonic() - began) / 60, used=_processor_seconds() - used)
    return hunt


def _say_how_it_went(hunt: Hunt, *, minutes: float, used: float) -> None:
    _say(
        f"{hunt.ending}: {minutes:.1f} minutes, {used:.0f} s of processor, {hunt.read:,} files, {len(hunt.ways)} ways "
        f"to end, slowest {hunt.slowest:.1f} s, findings {dict(hunt.findings)}"
    )
    for said, times in hunt.ended.most_common():
        _say(f"{hunt.ending}: {times / hunt.read:7.2%} {said}")


def _processor_seconds() -> float:
    """Return what this process and the readers that ended have used."""
    told = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in told)


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
