"""The composition root: every object is built here, once, and nothing is decided."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

from connector import Call, FileSource
from connector.service import Connector
from scanner.clauses.load import load_packs
from scanner.clauses.match import Flags
from scanner.extract.isolation import ExtractPool
from scanner.feeds.fetch import Fetch
from scanner.jobs.base import JobQueue
from scanner.jobs.engine import queue_of
from scanner.model.clause import ClausePack
from scanner.model.connection import ConnectionState
from scanner.model.deed import OPERATOR
from scanner.model.job import JobKind
from scanner.model.night import Night
from scanner.notify.base import Notifier
from scanner.notify.counted import Counted
from scanner.notify.inviting import inviting_link
from scanner.notify.leaving import leaving_link
from scanner.notify.registry import NotifySettings, notifier
from scanner.notify.server import smtp_of
from scanner.parts import judge_of, limits_of, reader, text_goes
from scanner.pipeline.beginning import Beginning
from scanner.pipeline.ending import Disconnected, Ending
from scanner.pipeline.feeds import Feeds
from scanner.pipeline.flagging import Flagging
from scanner.pipeline.forgetting import forget_old
from scanner.pipeline.handlers import Handlers, sweep
from scanner.pipeline.hints import Hints
from scanner.pipeline.hooks import Hooks
from scanner.pipeline.nights import Nights
from scanner.pipeline.outage import note_overdue
from scanner.pipeline.people import People
from scanner.pipeline.releases import Releases
from scanner.pipeline.review import Review
from scanner.pipeline.scan import Scan
from scanner.pipeline.summarize import Summarize
from scanner.pipeline.sync import Sync
from scanner.pipeline.watch import Watch
from scanner.pipeline.writing import Writing
from scanner.schedule import Scheduler
from scanner.seeing.figures import Figures
from scanner.seeing.meters import Meters
from scanner.settings import Settings, make_home
from scanner.store.database import Database
from scanner.store.leader import Leader
from scanner.store.store import Store


class App:
    """Crosswalk, assembled."""

    def __init__(
        self,
        settings: Settings,
        *,
        google: Mapping[str, str] | None = None,
        page_link: str | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Open the database and bring its schema up to date. Raises SettingsError, DatabaseError, PackError.

        `google` goes before the environment in the connector's settings: how the demo leads to its local Google.
        `page_link` is where emails lead to, by default the page's own address, "" for nowhere.
        """
        self.packs: tuple[ClausePack, ...] = load_packs(settings.clause_folder)
        self.smtp = smtp_of(settings)
        make_home(settings.home)
        self.settings = settings
        self.now = now
        self.meters = Meters()
        self._page_link = settings.base_url if page_link is None else page_link
        self._google: dict[str, Any] = {"vault_key_file": str(settings.home / "vault.key"), **(google or {})}
        self.database = Database(settings.url_of_database)
        self.database.upgrade()
        self.store = Store(self.database)
        self.judge = judge_of(settings)
        self.text_goes = text_goes(settings)
        self.queue: JobQueue = queue_of(self.database, limits_of(settings))

    @cached_property
    def people(self) -> People:
        """What people decide and say of their products."""
        return People.of(store=self.store, queue=self.queue, packs=self.packs, judge=self.judge.version, now=self.now)

    @cached_property
    def connector(self) -> Connector:
        """The door to Google, built when it is first needed: local scans do without."""
        return Connector.load(
            self.store.tokens, now=lambda: self.now().timestamp(), counted=self._count_call, **self._google
        )

    @cached_property
    def reader(self) -> ExtractPool:
        """The isolated reader processes, started with the first scan."""
        return reader(self.settings)

    @cached_property
    def scan(self) -> Scan:
        """The verb `scan`."""
        return Scan(
            store=self.store,
            queue=self.queue,
            source=self.source,
            packs=self.packs,
            reader=self.reader,
            judge=self.judge,
            now=self.now,
        )

    @cached_property
    def hints(self) -> Hints:
        """What makes a sync come sooner, where Google is asked for it."""
        settle = timedelta(seconds=self.settings.hint_seconds)
        return Hints(store=self.store, queue=self.queue, watching=lambda: self.connector, settle=settle, now=self.now)

    @cached_property
    def releases(self) -> Releases:
        """What takes word of releases."""
        return Releases(store=self.store, queue=self.queue, now=self.now)

    @cached_property
    def feeds(self) -> Feeds:
        """The public lists of releases that are read."""
        fetch = Fetch(named=self.settings.feed_host_names, now=self.now)
        return Feeds(store=self.store, queue=self.queue, releases=self.releases, fetch=fetch, now=self.now)

    @cached_property
    def hooks(self) -> Hooks:
        """The ways in for programs that tell of releases."""
        connector = self.connector
        return Hooks(
            store=self.store, releases=self.releases, seal=connector.seal, unseal=connector.unseal, now=self.now
        )

    @cached_property
    def summarize(self) -> Summarize:
        """The verb `summarize`."""
        return Summarize(
            store=self.store,
            packs=self.packs,
            write=self.writing,
            notifier=self.notifier,
            now=self.now,
            zone=ZoneInfo(self.settings.timezone),
            patience=self.patience,
        )

    @cached_property
    def writing(self) -> Writing:
        """What writes mails that lead to this installation's pages."""
        return Writing(
            page_link=self._page_link,
            connect_link=f"{self.settings.base_url}/connections/connect",
            leaving_link=lambda leave: leaving_link(self.connector, self.settings.base_url, leave),
            invitation_link=lambda invitation: inviting_link(self.connector, self.settings.base_url, invitation),
        )

    @property
    def patience(self) -> timedelta:
        """For how long nights may fail before people are told."""
        return timedelta(hours=self.settings.outage_hours)

    @cached_property
    def notifier(self) -> Notifier:
        """Every channel to a person. Raises SettingsError."""
        channels = NotifySettings(outbox=self.settings.outbox, sender=self.settings.smtp_from, smtp=self.smtp)
        return Counted(channel=notifier(channels, clock=self.now), count=self.meters.mail)

    def source(self, connection: str, *, within: Sequence[str] = ()) -> FileSource:
        """Return the files behind a connection, or only those below some folders. Raises ConsentLost."""
        return self.connector.source(connection, within=within)

    def handlers(self, watch: Watch | None = None) -> Handlers:
        """Return the four verbs as job handlers."""
        return Handlers(
            store=self.store,
            queue=self.queue,
            sync=Sync(
                store=self.store,
                queue=self.queue,
                source=self.source,
                choose=lambda of, names: self.connector.chosen(of, names),  # noqa: PLW0108 -- built when first needed
                flagging=Flagging(flags=tuple(map(Flags, self.packs)), judge=self.judge.version),
                look_for_releases=lambda of, /, *, priority: self.feeds.look(of, priority=priority),
                walk_every=timedelta(days=self.settings.walk_days),
                pages=self.settings.slice_pages,
                now=self.now,
            ),
            scan=lambda: self.scan,
            review=Review(store=self.store, queue=self.queue, packs=self.packs, judge=self.judge.version, now=self.now),
            summarize=lambda: self.summarize,
            watch=watch or Watch(),
            hints=self.hints,
            now=self.now,
            meters=self.meters,
        )

    def work(
        self,
        *,
        kinds: Sequence[JobKind] = tuple(JobKind),
        until_idle: bool,
        stop: Event | None = None,
        watch: Watch | None = None,
    ) -> int:
        """Run jobs of these kinds until told to stop, or until none is live; return how many ended.

        It sweeps first, and again when idle: a kill between a commit and its enqueue left work to the tables alone.
        """
        self.sweep()
        handlers = self.handlers(watch)
        return self.queue.work(
            {kind: handler for kind, handler in handlers.by_kind().items() if kind in kinds},
            gave_up=handlers.gave_up,
            until_idle=until_idle,
            stop=stop or Event(),
            slots=self.settings.slots,
            idle=self.sweep,
        )

    def sweep(self) -> int:
        """Queue what the tables say is to be done and no live job does; end what a kill left half disconnected."""
        for connection in self._connections_in(ConnectionState.DISCONNECTED):
            self.disconnect(connection)
        note_overdue(self.store, now=self.now())
        forget_old(self.store, now=self.now(), trail=timedelta(days=self.settings.trail_days))
        return sweep(self.store, self.queue, now=self.now(), settle=self.hints.settle, patience=self.patience)

    @property
    def usual_night(self) -> Night:
        """When nights begin of products that have none of their own."""
        return Night(hour=self.settings.night_hour, minute=self.settings.night_minute, zone=self.settings.timezone)

    def scheduler(self) -> Scheduler:
        """Return the clock that enqueues each product's night."""
        nights = Nights(
            store=self.store,
            queue=self.queue,
            usual=self.usual_night,
            jitter_seconds=self.settings.jitter_seconds,
            now=self.now,
        )
        return Scheduler(nights=nights, sweep=self.sweep, leader=Leader(self.database))

    def readable_connections(self) -> tuple[str, ...]:
        """Return the ids of the connections that can be read."""
        return self._connections_in(ConnectionState.ACTIVE)

    def connected(self, *, connection_id: str, subject: str, email: str, notify: str = "") -> None:
        """Take a fresh consent: keep the connection, give it a product, and ask for its first or next sync."""
        self._beginning.connected(connection_id, subject=subject, email=email, notify=notify or email)

    def limit(self, connection_id: str, within: Mapping[str, str], *, by: str = OPERATOR) -> None:
        """Limit a connection to folders and shared drives (names by id), {} for all, and look at it as a whole."""
        self._beginning.limit(connection_id, within, by=by)

    def disconnect(self, connection_id: str) -> Disconnected:
        """End a connection. See scanner.pipeline.ending."""
        kept = notifier(NotifySettings(outbox=self.settings.outbox), clock=self.now)
        ending = Ending(store=self.store, queue=self.queue, withdraw=self.connector.disconnect, notifier=kept)
        return ending(connection_id)

    def connection_routes(self, **callbacks: Any) -> Any:
        """Return the connector's routes (/connections/…), with the web layer's answers put in."""
        return self.connector.routes(base_url=self.settings.base_url, on_changed=self.hints.take, **callbacks)

    def figures(self) -> Figures:
        """Return how things stand, for figures."""
        with self.store.reading() as unit:
            unchecked, connections = unit.counts.unchecked(), unit.counts.connections()
            complete = unit.counts.complete()
        jobs = self.queue.waiting()
        return Figures(now=self.now(), jobs=jobs, unchecked=unchecked, connections=connections, complete=complete)

    def close(self) -> None:
        """Stop the reader processes, close what is open towards Google, let the database go."""
        if "reader" in self.__dict__:
            self.reader.close()
        if "connector" in self.__dict__:
            self.connector.close()
        self.database.dispose()

    @property
    def _beginning(self) -> Beginning:
        return Beginning(store=self.store, queue=self.queue, now=self.now())

    def _count_call(self, call: Call) -> None:
        self.meters.call(method=call.method, status=call.status, units=call.units, seconds=call.seconds)

    def _connections_in(self, state: ConnectionState) -> tuple[str, ...]:
        with self.store.reading() as unit:
            return tuple(one.id for one in unit.connections.all() if one.state is state)
