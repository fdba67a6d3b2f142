"""Drive's full-text search: which files have some words in them, as far as Google's index knows.

https://developers.google.com/workspace/drive/api/guides/ref-search-terms: `fullText contains` takes a phrase in double
quotes, and cannot be sorted; `incompleteSearch` says that not all drives were searched.
"""

from connector.drive.client import DriveClient
from connector.drive.corpora import ANYWHERE
from connector.drive.items import FOLDER, SHORTCUT
from connector.source import Found

SPARE_PAGES = 3  # some come short or empty, with word of a next one
_FIELDS = "kind,nextPageToken,incompleteSearch,files(id)"


def search(client: DriveClient, words: str, *, limit: int) -> Found:
    """See FileSource."""
    ids: dict[str, None] = {}
    token: str | None = None
    because = ""
    for _ in range(limit // client.page_size + SPARE_PAGES):
        page = client.files(query_of(words), drive=ANYWHERE, page_token=token, fields=_FIELDS)
        ids |= {item.id: None for item in page.files}
        if page.incomplete_search:
            because = "Google searched only a part of what can be seen"
        token = page.next_page_token
        if not token or len(ids) >= limit:
            break
    if token or len(ids) > limit:
        because = because or "there are more than were asked for"
    return Found(ids=tuple(ids)[:limit], because=because)


def query_of(words: str) -> str:
    """Return the query for these words as a phrase; a double quote would end it early, and is no word."""
    phrase = " ".join(words.replace('"', " ").split()).replace("\\", "\\\\").replace("'", "\\'")
    return (
        f"fullText contains '\"{phrase}\"' and trashed = false and mimeType != '{FOLDER}' and mimeType != '{SHORTCUT}'"
    )
