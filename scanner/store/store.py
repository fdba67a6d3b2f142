"""The store: one database, one unit of work with every aggregate in it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from scanner.model.connection import Connection
from scanner.store.api_tokens import ApiTokens
from scanner.store.belonging import Belonging
from scanner.store.candidates import Candidates
from scanner.store.channels import Channels
from scanner.store.choices import Choices
from scanner.store.connections import Connections, SealedTokens
from scanner.store.counts import Counts
from scanner.store.database import Database
from scanner.store.deeds import Deeds
from scanner.store.feeds import Feeds
from scanner.store.files import Files
from scanner.store.folders import Folders
from scanner.store.hooks import Hooks
from scanner.store.listed import Listed
from scanner.store.listings import Listings
from scanner.store.mails import Mails
from scanner.store.moves import Moves
from scanner.store.nights import NightNotes
from scanner.store.objections import Objections
from scanner.store.people import People
from scanner.store.products import Products
from scanner.store.recipients import Recipients
from scanner.store.reports import Reports
from scanner.store.sign_ins import SignIns
from scanner.store.suggestions import Suggestions
from scanner.store.taking import Taking
from scanner.store.waivers import Waivers


class Unit:
    """All aggregates over one transaction: what is written through them stands or falls together."""

    def __init__(self, session: Session) -> None:
        """Put every aggregate on this session."""
        self.connections = Connections(session)
        self.channels = Channels(session)
        self.choices = Choices(session)
        self.files = Files(session)
        self.folders = Folders(session)
        self.belonging = Belonging(session)
        self.candidates = Candidates(session)
        self.listings = Listings(session)
        self.products = Products(session)
        self.nights = NightNotes(session)
        self.reports = Reports(session)
        self.moves = Moves(session)
        self.recipients = Recipients(session)
        self.mails = Mails(session)
        self.waivers = Waivers(session)
        self.objections = Objections(session)
        self.suggestions = Suggestions(session)
        self.hooks = Hooks(session)
        self.feeds = Feeds(session)
        self.people = People(session)
        self.sign_ins = SignIns(session)
        self.deeds = Deeds(session)
        self.api_tokens = ApiTokens(session)
        self.counts = Counts(session)
        self.listed = Listed(session)
        self.taking = Taking(session)

    def reviews_due(self, connection: Connection, *, but: str = "") -> bool:
        """Tell whether a sync or a scan of the connection ended after the last report on some product, but one."""
        scanned = self.candidates.last_scan(connection.id)
        moments = [moment for moment in (connection.synced_at, scanned) if moment is not None]
        runs = self.reports.last_runs(connection.id)
        reported = [moment for product, moment in runs.items() if product != but]
        return bool(moments) and any(moment is None or max(moments) > moment for moment in reported)


class Store:
    """What the pipeline remembers."""

    def __init__(self, database: Database) -> None:
        """Remember it in this database."""
        self._database = database
        self.tokens = SealedTokens(database)

    @contextmanager
    def transaction(self) -> Iterator[Unit]:
        """Yield a unit of work: committed at the end, rolled back on an exception."""
        with self._database.transaction() as session:
            yield Unit(session)

    @contextmanager
    def reading(self) -> Iterator[Unit]:
        """Yield a unit for reading only; it takes no write lock."""
        with self._database.reading() as session:
            yield Unit(session)
