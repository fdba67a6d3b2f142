"""Tags out of what a server answers: Atom, RSS, or the list of references that every Git server gives over HTTP.

Atom: RFC 4287. RSS: rssboard.org/rss-specification. Git: gitprotocol-http(5), "Discovering References", and
gitprotocol-pack(5), "Reference Discovery".
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urlsplit

from lxml import etree

from scanner.extract.base import Unreadable
from scanner.extract.hardened import parse_xml
from scanner.feeds.base import Answer, NotRead, Tag
from scanner.model.display import shown

MOST_TAGS = 50_000
MAX_NAME = 250
_GIT = "application/x-git-upload-pack-advertisement"
_XML = frozenset({"application/atom+xml", "application/rss+xml", "application/rdf+xml", "application/xml", "text/xml"})
_FEEDS = frozenset({"feed", "rss", "RDF"})
_DAYS = ("published", "updated", "pubDate", "date")
# Where the pages of one tag or release are: GitHub and Gitea, GitLab, SourceHut. A release's title may be any words.
_PAGE = re.compile(r"/(?:releases/tag|src/tag|-/tags|-/releases|refs)/(?P<tag>.+)$")
_LENGTH = re.compile(rb"[0-9a-fA-F]{4}")
_REF = re.compile(rb"(?:[0-9a-f]{40}|[0-9a-f]{64}) refs/tags/(?P<tag>[^\0\n]+)")
_PEELED = b"^{}"  # the commit that an annotated tag stands for: the same tag once more


def tags_in(answer: Answer) -> tuple[Tag, ...]:
    """Return the tags of an answer, each once, in the answer's order. Raises NotRead."""
    if answer.kind == _GIT:
        found = _advertised(answer.body)
    elif answer.kind in _XML:
        found = _entries(answer.body)
    else:
        said = shown(answer.kind, 60) or "something without a type"
        raise NotRead(f"it answers with {said}, and not with a feed of tags or releases")
    tags = {tag.name: tag for tag in reversed([*found])}
    if len(tags) > MOST_TAGS:
        raise NotRead(f"it lists more than {MOST_TAGS:,} tags")
    return tuple(reversed(tags.values()))


def _entries(body: bytes) -> Iterator[Tag]:
    try:
        root = parse_xml(body)
    except Unreadable as error:
        raise NotRead("its XML holds a document type definition, which feeds do without") from error
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotRead("its answer is no XML") from error
    if _local(root) not in _FEEDS:
        raise NotRead("its answer is XML, and neither Atom nor RSS")
    for entry in root.iter():
        if _local(entry) in {"entry", "item"}:
            name = _name_of(entry)
            if name:
                yield Tag(name=name, on=_day_of(entry))


def _name_of(entry: etree._Element) -> str:
    links, title = [], ""
    for child in entry:
        match _local(child):
            case "link" if child.get("rel", "alternate") == "alternate":
                links.append(child.get("href") or child.text or "")
            case "title":
                title = title or "".join(map(str, child.itertext()))
    pages = (found["tag"] for link in links if (found := _PAGE.search(_path(link))))
    return next((unquote(page) for page in pages), title).strip().rstrip("/")[:MAX_NAME]


def _path(link: str) -> str:
    try:
        return urlsplit(link.strip()).path
    except ValueError:
        return ""


def _day_of(entry: etree._Element) -> date | None:
    """Return the day of an entry, by the clock of UTC: when it was published, else when it was last changed."""
    written = {_local(child): (child.text or "").strip() for child in entry}
    return next((day for name in _DAYS if (day := _day(written.get(name, "")))), None)


def _day(written: str) -> date | None:
    for reads in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = reads(written)
            return (moment.astimezone(UTC) if moment.tzinfo else moment).date()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _advertised(body: bytes) -> Iterator[Tag]:
    for line in _lines(body):
        if line.startswith(b"ERR "):
            raise NotRead("the Git server answers with an error")
        found = _REF.match(line)
        if found and not found["tag"].endswith(_PEELED):
            yield Tag(name=found["tag"].decode(errors="replace")[:MAX_NAME])


def _lines(body: bytes) -> Iterable[bytes]:
    """Yield the packets of a Git server's answer: four hexadecimal digits say how long each is, 0000 ends a part."""
    at, ended = 0, False
    while at < len(body):
        head = body[at : at + 4]
        size = int(head, 16) if _LENGTH.fullmatch(head) else -1
        ended = size == 0
        if size == 0:
            at += 4
            continue
        if size < 4 or at + size > len(body):
            raise NotRead("the Git server's answer is no list of references, or breaks off")
        yield body[at + 4 : at + size]
        at += size
    if not ended:
        raise NotRead("the Git server's answer breaks off")
