"""The story under many kills, again and again: `make chaos`, or `make chaos ARGS=200` for so many kills."""

import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

from tests.chaos.story import a_seed, told_in_peace, told_under_kills
from tests.postgres import running_postgres

KILLS_A_STORY = 10


def main() -> int:
    """Tell the story until so many were killed, on SQLite and PostgreSQL in turn; 1 where one ended otherwise."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    killed, repeated, wrong, number = Counter[str](), 0, 0, 0
    with tempfile.TemporaryDirectory() as kept, running_postgres() as server:
        folder = Path(kept)
        seed = a_seed(folder / "seed")
        calm = told_in_peace(folder / "calm", seed)
        _say(f"undisturbed: {len(calm.mails)} mails; killing from now on")
        while killed.total() < wanted:
            number += 1
            where = {"server": server, "database": server.new_database(f"c{number}")} if server and number % 2 else {}
            hurt, house = told_under_kills(folder / str(number), seed, Random(number), kills=KILLS_A_STORY, **where)
            killed += house.killed
            repeated += hurt.repeated
            same = (hurt.reports, hurt.mails) == (calm.reports, calm.mails) and hurt.repeated <= house.killed.total()
            wrong += not same
            engine = "PostgreSQL" if where else "SQLite"
            _say(f"story {number} on {engine}: {house.killed.total()} killed, {'as' if same else 'NOT as'} undisturbed")
    _say(f"{killed.total()} kills in {number} stories ({_listed(killed)})")
    _say(f"{wrong} stories ended otherwise, {repeated} mails came more than once")
    return 1 if wrong else 0


def _listed(killed: Counter[str]) -> str:
    return ", ".join(f"{who} {times}" for who, times in sorted(killed.items()))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
