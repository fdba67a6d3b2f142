"""Makes the example that the pages show to newcomers, from the demo itself: `python -m tests.example`."""

import io
import json
import re
import tempfile
from collections import Counter
from pathlib import Path

from rich.console import Console

from scanner.demo.company.build import COMPANY
from scanner.demo.story import run
from scanner.jobs.engine import queue_of
from scanner.model.connection import ScanState
from scanner.model.gap import GapReport
from scanner.store.database import Database
from scanner.store.store import Store
from scanner.versions.version import order
from scanner.web.activity import activity_page
from scanner.web.constraint import MOST_MOVES
from scanner.web.documents import Asked, Suggested, documents_page
from scanner.web.example import EXAMPLE, SHIPPED, Example
from scanner.web.views import ReleasesPage

JOBS = 12  # of late: the second night
_LINK = re.compile(r'"link": "[^"]*"')


def example_of(home: Path, report: GapReport) -> Example:
    """Return what the demo in this folder would show after the night of the report; its files are nowhere to open."""
    database = Database(f"sqlite:///{home / 'crosswalk.db'}")
    constraints = [standing.constraint for standing in report.standings]
    with Store(database).reading() as unit:
        (connection,) = unit.connections.all()
        (product,) = unit.products.of_connection(connection.id)
        found = unit.candidates.all(connection.id, report.clause)
        known = sorted(unit.products.releases(product.id), key=lambda one: order(one.version), reverse=True)
        made = Example(
            company=COMPANY,
            email=connection.email,
            report=report,
            candidates=documents_page(
                sorted(found, key=lambda one: one.state is not ScanState.UNDETERMINED),
                found=len(found),
                asked=Asked(),
                counts=Counter(one.state for one in found),
                suggested=Suggested(),
            ).rows,
            releases=ReleasesPage(waiting=(), known=tuple(known), hooks=(), feed=None),
            activity=activity_page(
                queue_of(database).list(connection=connection.id, limit=JOBS),
                connection=connection,
                names={one.candidate.file.id: one.candidate.file.name for one in found},
                unhealed=(),
                night=None,
                deeds=unit.deeds.of_product(connection.id, product.id),
            ),
            rulings={
                one: unit.listings.rulings(connection.id, report.clause, one, extent=product.extent)
                for one in constraints
            },
            moves={
                one: unit.moves.of_constraint(product.id, report.clause, one, limit=MOST_MOVES) for one in constraints
            },
        )
    database.dispose()
    return EXAMPLE.validate_json(_LINK.sub('"link": ""', json.dumps(EXAMPLE.dump_python(made, mode="json"))))


def main() -> None:
    """Tell the demo's story and keep its end in the package."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        *_, second = run(serve=False, port=0, home=home, console=Console(file=io.StringIO(), width=140))
        made = EXAMPLE.dump_python(example_of(home, second), mode="json", exclude_defaults=True)
    SHIPPED.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
