"""Products of a connection: one is added, called by names, given folders and naming, and removed."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from scanner.clauses.naming import MOST_PATTERNS, problem_of
from scanner.jobs.base import JobQueue
from scanner.model.connection import Product
from scanner.model.deed import Act, Deed
from scanner.model.display import shown
from scanner.model.job import Priority
from scanner.pipeline.decisions import NotDecided
from scanner.pipeline.orders import review_job, sync_job
from scanner.store.store import Store, Unit

MOST_PRODUCTS = 50  # of a connection
MOST_FOLDERS = 50  # of a product
MOST_NAMES = 10
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """Takes what owners say of their products. Each method raises NotDecided, and KeyError for no such product.

    `by` is who says it, for the trail. All that is said asks for reviews: what belongs to one product concerns the
    others, and a document that names another product does not count.
    """

    store: Store
    queue: JobQueue
    now: Callable[[], datetime]

    def add(self, connection: str, name: str, *, folders: Sequence[str], notify: str, by: str) -> Product:
        """Add a product of these folders (ids), none for everything; its news go to an address."""
        called = _name(name)
        with self.store.transaction() as unit:
            known = unit.products.of_connection(connection)
            if len(known) >= MOST_PRODUCTS:
                raise NotDecided(f"{MOST_PRODUCTS} products are the most that a connection can have.")
            _refuse_twins(called, known)
            made = Product(id=f"p{secrets.token_hex(10)}", connection=connection, name=called)
            unit.products.add(made, notify=notify)
            self._choose(unit, made, folders)
            self._said(unit, made, Act.PRODUCT_ADDED, called, by)
        self._look(connection)
        return made

    def rename(self, product_id: str, name: str, *, by: str) -> None:
        """Call the product by another name."""
        called = _name(name)
        with self.store.transaction() as unit:
            product = unit.products.known(product_id)
            if called == product.name:
                return
            others = unit.products.of_connection(product.connection)
            _refuse_twins(called, [one for one in others if one.id != product.id])
            unit.products.name(product.id, called)
            self._said(unit, product, Act.PRODUCT_CHANGED, called, by)
        self._look(product.connection)

    def describe(self, product_id: str, *, also_called: Iterable[str], naming: Iterable[str], by: str) -> None:
        """Say what else the product is called, and how the files of its documents are."""
        names, patterns = _some(also_called), _some(naming)
        if len(names) > MOST_NAMES or len(patterns) > MOST_PATTERNS:
            raise NotDecided(f"{MOST_NAMES} other names and {MOST_PATTERNS} patterns are the most.")
        trouble = next((why for one in patterns if (why := problem_of(one))), None)
        if trouble:
            raise NotDecided(f"That is no pattern that can be used: {trouble}.")
        if any(len(one) > LONGEST_NAME for one in names):
            raise NotDecided(f"A name has at most {LONGEST_NAME} characters.")
        with self.store.transaction() as unit:
            product = unit.products.known(product_id)
            if (names, patterns) == (product.also_called, product.naming):
                return
            unit.products.describe(product.id, also_called=names, naming=patterns)
            self._said(unit, product, Act.PRODUCT_DESCRIBED, ", ".join((*names, *patterns)) or "nothing", by)
        self._look(product.connection, anew=patterns != product.naming)

    def choose(self, product_id: str, folders: Sequence[str], *, by: str) -> None:
        """Let what lies in these folders and shared drives (ids) belong to the product; with none, everything does."""
        with self.store.transaction() as unit:
            product = unit.products.known(product_id)
            if set(folders) == set(product.folders):
                return
            names = self._choose(unit, product, folders)
            self._said(unit, product, Act.PRODUCT_FOLDERS, ", ".join(names) or "everything", by)
        self._look(product.connection, anew=bool(product.naming))

    def remove(self, product_id: str, *, by: str) -> None:
        """Forget the product and all that is kept about it; its files stay, and what was read of them."""
        with self.store.transaction() as unit:
            product = unit.products.known(product_id)
            if len(unit.products.of_connection(product.connection)) < 2:
                raise NotDecided("It is the only product of its connection: disconnect the Drive to end both.")
            unit.products.remove(product.id)
            self._said(unit, product, Act.PRODUCT_REMOVED, product.name, by)
        self._look(product.connection, anew=bool(product.naming))

    def _choose(self, unit: Unit, product: Product, folders: Sequence[str]) -> tuple[str, ...]:
        if len(folders) > MOST_FOLDERS:
            raise NotDecided(f"{MOST_FOLDERS} folders and shared drives are the most that can be chosen.")
        seen = unit.folders.some(product.connection, folders)
        names = dict(product.folders) | {one: folder.name for one, folder in seen.items()}
        unknown = next((one for one in folders if one not in names), None)
        if unknown is not None:
            raise NotDecided(f"No look at the Drive has seen the folder {shown(unknown, 120)}.")
        chosen = {one: shown(names[one], 200) for one in folders}
        unit.belonging.choose(product.id, chosen)
        unit.belonging.reckon(product.connection)
        return tuple(chosen.values())

    def _said(self, unit: Unit, product: Product, act: Act, about: str, by: str) -> None:
        """Keep the deed, and let releases be looked for anew: whose a document's are may be another's now."""
        unit.products.forget_waiting(product.connection)
        deed = Deed(by=shown(by, 120), act=act, about=about, at=self.now(), product=product.id)
        unit.deeds.add(product.connection, deed)

    def _look(self, connection: str, *, anew: bool = False) -> None:
        """Ask for the reviews, and where files may be flagged otherwise, for the sync that sees to it before."""
        with self.store.reading() as unit:
            products = unit.products.of_connection(connection)
        jobs = [review_job(connection, one.id, priority=Priority.PERSON) for one in products]
        self.queue.enqueue([sync_job(connection, priority=Priority.PERSON), *jobs] if anew else jobs)


def folders_named(unit: Unit, connection: str, addresses: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of folders that addresses in a browser, ids or whole names give. Raises NotDecided."""
    found: dict[str, None] = {}
    for address in addresses:
        words = address.strip()
        known = unit.folders.named(connection, words)
        if not known:
            raise NotDecided(f"No look at the Drive has seen a folder “{shown(words, 120)}”.")
        if len(known) > 1:
            raise NotDecided(f"There are several folders “{shown(words, 120)}”: give the address of one.")
        found[known[0].id] = None
    return tuple(found)


def _name(written: str) -> str:
    called = shown(written, LONGEST_NAME)
    if not called:
        raise NotDecided("Write the name as your documents do.")
    return called


def _refuse_twins(called: str, others: Iterable[Product]) -> None:
    """Refuse a name that another product has: whose a document is, and which one a command means, hangs on it."""
    if any(one.name.casefold() == called.casefold() for one in others):
        raise NotDecided(f"There is a product {called} already: give this one another name.")


def _some(written: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for one in written if (found := shown(one))))
