"""The full walk: every corpus listed flat, slices side by side, from any place where it was interrupted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from datetime import datetime

from connector.drive.client import DriveClient
from connector.drive.cursor import Phase, Place
from connector.drive.files import Limits
from connector.drive.folders import MY_DRIVE, SEPARATOR, Folders
from connector.drive.items import FOLDER, SHORTCUT, Item, Listing
from connector.drive.notes import Notes
from connector.drive.shortcuts import resolved, target_of
from connector.drive.slices import Slice, What, cut, estimate, parts_of, probe_moments
from connector.errors import CursorRejected, FileUnavailable
from connector.source import Folder, Removed, RemovedBecause, SourceFile

RESTARTS = 3  # of one slice whose page token Google stops knowing
_LAST = frozenset({What.SHORTCUTS, What.REACH, What.CHILDREN})  # they look at what all other slices saw
_BEFORE_FILES = frozenset({What.EVERYTHING, What.FOLDERS})
_NO_FILES = frozenset({FOLDER, SHORTCUT})
_LATER = frozenset({What.EVERYTHING, What.FILES})  # the shortcuts in them wait for the files that they may lead to

Found = tuple[
    tuple[SourceFile, ...], tuple[Removed, ...], tuple[Folder, ...], Place
]  # files, what lies outside of the limits, folders, the place after


def first_slices(drives: Iterable[str]) -> tuple[Slice, ...]:
    """Return the slices that a walk begins with: each corpus, and the folders that others shared.

    Most shared drives end with their first page; the person's own corpus seldom does, and its first would be in vain.
    """
    own = tuple(Slice(corpus="", what=what) for what in (What.FOLDERS, What.FILES, What.REACH))
    return (*own, *(Slice(corpus=drive, what=What.EVERYTHING) for drive in drives))


class Walk:
    """Lists every file; only Google's page tokens tell where a listing ends."""

    def __init__(self, client: DriveClient, start: Place, *, limits: Limits, now: datetime) -> None:
        """Go on from this place, through this client."""
        self._client = client
        self._limits = limits
        self._now = now
        self._place = start
        self._notes = Notes()
        self._folders = Folders(client, {}, self._notes)
        for drive, name in start.drives.items():
            self._folders.learn_drive(drive, name)
        self._waiting = _fresh(start.slices)
        self._running: dict[Future[Listing], Slice] = {}
        self._outside: list[Removed] = []

    def pages(self) -> Iterator[Found]:
        """Yield the files and folders of each page, and what it held outside of the limits, with the place after it.

        The last place has no slices left.
        """
        try:
            self._start()
            while self._running:
                done, _ = wait(self._running, return_when=FIRST_COMPLETED)
                future = next(one for one in self._running if one in done)  # the one that waits longest
                files = self._take(self._running.pop(future), future)
                self._start()  # the streams stay busy while this page is stored
                outside, self._outside = tuple(self._outside), []
                yield files, outside, self._folders.news(), self._here()
            yield (), (), self._folders.news(), self._ended()
        finally:
            for future in self._running:
                future.cancel()
            self._notes.close()

    def _here(self) -> Place:
        """Return the place with every slice whose page was not handed on yet."""
        alive = (*self._running.values(), *self._waiting)
        return self._place.at(slices=alive, listed=_sum([self._place.listed, *(one.listed for one in alive)]))

    def _ended(self) -> Place:
        lost = self._folders.unlisted(self._place.begun)
        if lost:
            self._doubt(f"Google's listing left out folders that are there ({lost})")
        return self._here()

    def _start(self) -> None:
        """Give every free stream a slice that can be listed by now."""
        for one in self._ready():
            if len(self._running) >= self._client.streams:
                return
            self._waiting.remove(one)
            if one.what is What.REACH:
                self._waiting += [below(top, deep=not direct) for top, direct in self._folders.tops()]
                self._start()
                return
            call = self._client.submit(self._client.files, one.query, drive=one.corpus, page_token=one.page)
            self._running[call] = one

    def _ready(self, *others: Slice) -> list[Slice]:
        """Return what can be listed beside others that are not at their end.

        Folders come before the files in them, in any corpus, so that none is left alone with both at the end; and what
        looks at everything that was seen comes last.
        """
        alive = [*self._running.values(), *self._waiting, *others]
        unplaced = {one.corpus for one in alive if one.what in _BEFORE_FILES}
        early = any(one.what not in _LAST for one in alive)
        ready = [
            one
            for one in self._waiting
            if not (early and one.what in _LAST) and not (one.what is What.FILES and one.corpus in unplaced)
        ]
        return sorted(ready, key=lambda one: one.what not in _BEFORE_FILES)

    def _take(self, one: Slice, future: Future[Listing]) -> tuple[SourceFile, ...]:
        """Keep what a page held, and put what follows it among the waiting."""
        try:
            page = future.result()
        except CursorRejected:
            if one.restarts >= RESTARTS:
                raise
            self._waiting.insert(0, one.restarted().at(restarts=one.restarts + 1))
            return ()
        except FileUnavailable as error:
            self._give_up(one, str(error))
            return ()
        token = page.next_page_token
        if one.what is What.EVERYTHING and token:
            self._waiting += [Slice(corpus=one.corpus, what=what) for what in (What.FOLDERS, What.FILES)]
            return ()
        one = one.at(pages=one.pages + 1, incomplete=one.incomplete or page.incomplete_search)
        files = self._files(one, page.files)
        self._count(files)
        self._follow(one.at(listed=_sum([one.listed, by_corpus(files)])), token)
        return files

    def _follow(self, one: Slice, token: str | None) -> None:
        if token and one.circles(token):
            one, token = one.at(incomplete=True), None
        if token:
            one = one.turned(token)
            self._waiting[:0] = self._cut([one, *self._alike(one)]) if self._hurried(one) else [one]
        elif one.incomplete and not one.again:  # what was seen already is passed over
            self._waiting.insert(0, one.restarted().at(again=True, incomplete=False))
        else:
            if one.incomplete:
                self._doubt(f"Google's listing of {self._name(one)} is incomplete")
            self._done(one)

    def _files(self, one: Slice, items: Iterable[Item]) -> tuple[SourceFile, ...]:
        """Return the files that are new in this walk; a shared drive's file comes with its drive, a shortcut last."""
        if not one.corpus:
            items = [item for item in items if not (item.drive_id and self._folders.knows_drive(item.drive_id))]
        folders = {item.id: item for item in items if item.mime_type == FOLDER}
        links = [item for item in items if item.mime_type == SHORTCUT]
        files = {item.id: item for item in items if item.mime_type not in _NO_FILES}
        self._folders.learn(folders.values())
        unseen = self._notes.unseen([*folders, *files])
        if one.what is What.CHILDREN:
            self._deeper(one, folders, new=bool(unseen))
        found = [self._file(item, item) for key, item in files.items() if key in unseen]
        if links and one.what in _LATER:
            self._later(Slice(corpus=one.corpus, what=What.SHORTCUTS))
        elif links:
            found += self._targets(links)
        return tuple(file for file in found if file is not None)

    def _later(self, one: Slice) -> None:
        """List something that this page was the first to tell of, when all else is listed."""
        if all((other.corpus, other.what) != (one.corpus, one.what) for other in self._waiting):
            self._waiting.append(one)

    def _targets(self, links: Iterable[Item]) -> Iterator[SourceFile | None]:
        """Ask for the targets that no listing held, each once; a dangling shortcut leads nowhere and is no error."""
        wanted = {target: link for link in links if (target := target_of(link))}
        unseen = self._notes.unseen(list(wanted))
        calls = [(wanted[one], self._client.submit(resolved, self._client, wanted[one])) for one in sorted(unseen)]
        for link, call in calls:
            item = call.result()
            if item is not None:
                yield self._file(item, item if item.parents else link)

    def _deeper(self, one: Slice, folders: Iterable[str], *, new: bool) -> None:
        """Go on below a shared folder where the flat listing left something out, or may have."""
        if one.deep or new:
            self._waiting += [below(folder, deep=True, corpus=one.corpus) for folder in folders]

    def _file(self, item: Item, placed: Item) -> SourceFile | None:
        above = self._folders.above(placed) if self._limits.within else ()
        path = self._folders.path(placed)
        found = self._limits.source_file(item, path=path, folder=placed.parent, above=above)
        if found is None and self._place.phase is not Phase.WALK:  # a whole walk tells by what it does not list
            self._outside.append(Removed(id=item.id, because=RemovedBecause.MOVED_OUT))
        return found

    def _cut(self, whole: Sequence[Slice]) -> list[Slice]:
        """Return long slices as parts, by how dense a few probes find them."""
        moments = [probe_moments(one, self._now) for one in whole]
        asked = [[self._probe(one, until) for until in places[:-1]] for one, places in zip(whole, moments, strict=True)]
        found: list[Slice] = []
        for one, places, calls in zip(whole, moments, asked, strict=True):
            samples = [call.result() for call in calls]
            items, size, streams = estimate(places, samples), self._client.page_size, self._client.streams
            parts = cut(one, places, samples, parts_of(one, items, page_size=size, streams=streams))
            if len(parts) > 1:
                self._done(one)
            found += parts
        return found

    def _probe(self, one: Slice, until: datetime) -> Future[Sequence[datetime]]:
        return self._client.submit(self._client.moments, one.query, until, drive=one.corpus)

    def _alike(self, one: Slice) -> list[Slice]:
        """Take the files of a corpus with many folders out of the waiting: they are many too, and cut beside these."""
        files = Slice(corpus=one.corpus, what=What.FILES)
        if one.what is not What.FOLDERS or files not in self._waiting:
            return []
        self._waiting.remove(files)
        return [files]

    def _hurried(self, one: Slice) -> bool:
        """Tell whether to look if a slice is long enough to be cut.

        It is where streams stand idle beside it, or will soon: all files wait for their corpus's folders.
        """
        idle = len(self._running) + len(self._ready(one)) + 1 < self._client.streams
        return one.worth_cutting and self._client.streams > 1 and (idle or one.what is What.FOLDERS)

    def _give_up(self, one: Slice, because: str) -> None:
        self._done(one)
        if one.what is What.CHILDREN:  # the folder went away meanwhile
            return
        self._doubt(f"{self._name(one)} could not be listed: {because}")
        self._waiting = [other for other in self._waiting if other.corpus != one.corpus or other.what is What.REACH]

    def _done(self, one: Slice) -> None:
        self._place = self._place.at(listed=_sum([self._place.listed, one.listed]))

    def _count(self, files: Iterable[SourceFile]) -> None:
        reasons = Counter(file.blocked for file in files if file.blocked)
        if reasons:
            self._place = self._place.at(unreadable=_sum([self._place.unreadable, reasons]))

    def _doubt(self, because: str) -> None:
        self._place = self._place.doubted(because)

    def _name(self, one: Slice) -> str:
        return "a shared folder" if one.what is What.CHILDREN else self._place.drives.get(one.corpus, MY_DRIVE)


def below(folder: str, *, deep: bool, corpus: str = "") -> Slice:
    """Return the slice of what lies directly in a folder; `deep` goes on below it whatever was seen already."""
    return Slice(corpus=corpus, what=What.CHILDREN, parent=folder, deep=deep)


def by_corpus(files: Iterable[SourceFile]) -> dict[str, int]:
    """Count files by where they are."""
    return dict(Counter(file.path.split(SEPARATOR, 1)[0] for file in files))


def _fresh(slices: Iterable[Slice]) -> list[Slice]:
    """Return the slices as another process can go on with them: the folders of a corpus are listed anew."""
    kept = [one for one in slices if one.what is not What.FOLDERS]
    begun = {one.corpus for one in slices if one.what in {What.FOLDERS, What.FILES, What.SHORTCUTS}}
    begun -= {one.corpus for one in kept if one.what is What.EVERYTHING}
    return [*(Slice(corpus=corpus, what=What.FOLDERS) for corpus in sorted(begun)), *kept]


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(total)
