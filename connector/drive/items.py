"""What Drive's answers hold, as Google documents them: https://developers.google.com/workspace/drive/api/reference/rest/v3."""

from msgspec import Struct

FOLDER = "application/vnd.google-apps.folder"
SHORTCUT = "application/vnd.google-apps.shortcut"


class Target(Struct, frozen=True, rename="camel", gc=False):
    """What a shortcut leads to, as it was when the shortcut was last looked at."""

    target_id: str = ""
    target_mime_type: str = ""
    target_resource_key: str = ""


class Capabilities(Struct, frozen=True, rename="camel", gc=False):
    """What the person may do with a file."""

    can_download: bool = True


class Owner(Struct, frozen=True, rename="camel", gc=False):
    """Whose a file is."""

    display_name: str = ""


class Item(Struct, frozen=True, rename="camel", gc=False):
    """A file, folder or shortcut: any field may be left out, and texts hold what strangers wrote."""

    id: str = ""  # where it stands in a page it has one
    name: str = ""
    mime_type: str = ""
    parents: tuple[str, ...] = ()  # one at most
    size: str = ""  # bytes, in digits
    md5_checksum: str = ""
    sha256_checksum: str = ""
    version: str = ""
    modified_time: str = ""  # RFC 3339; clients can set it
    trashed: bool = False
    web_view_link: str = ""
    drive_id: str = ""
    shared_with_me_time: str = ""  # of what was shared with this very person
    resource_key: str = ""
    shortcut_details: Target = Target()
    capabilities: Capabilities = Capabilities()
    owned_by_me: bool = False
    owners: tuple[Owner, ...] = ()  # one at most, and none in a shared drive

    @property
    def parent(self) -> str:
        """The id of the folder that it lies in, "" where none is told."""
        return self.parents[0] if self.parents else ""


class Listing(Struct, frozen=True, rename="camel", gc=False):
    """A page of a listing. NOTE: only a missing token says that there is no further one."""

    kind: str = ""  # of every answer the same, and asked for: what is no page has none
    files: tuple[Item, ...] = ()
    next_page_token: str | None = None
    incomplete_search: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be told apart. Raises ValueError."""
        if not (self.kind or self.files or self.next_page_token):
            raise ValueError("an answer that is no page")
        if not all(item.id for item in self.files):
            raise ValueError("an item without an id")


class Drive(Struct, frozen=True, gc=False):
    """A shared drive; where a change tells of one, the change has its id too."""

    id: str = ""
    name: str = ""


class DriveListing(Struct, frozen=True, rename="camel", gc=False):
    """A page of the shared drives that a person is a member of."""

    kind: str = ""  # see Listing
    drives: tuple[Drive, ...] = ()
    next_page_token: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be told apart. Raises ValueError."""
        if not (self.kind or self.drives or self.next_page_token):
            raise ValueError("an answer that is no page")
        if not all(drive.id for drive in self.drives):
            raise ValueError("a drive without an id")


class Change(Struct, frozen=True, rename="camel", gc=False):
    """A change of a file, or of a shared drive."""

    change_type: str = ""
    removed: bool = False
    file_id: str = ""
    drive_id: str = ""
    file: Item | None = None
    drive: Drive = Drive()

    def __post_init__(self) -> None:
        """Refuse what cannot be told apart. Raises ValueError."""
        if self.file is not None and not self.file.id:
            raise ValueError("an item without an id")


class ChangePage(Struct, frozen=True, rename="camel", gc=False):
    """A page of a change feed: it has a token for the next page, or for the place where the feed ends for now."""

    changes: tuple[Change, ...] = ()
    next_page_token: str | None = None
    new_start_page_token: str | None = None


def is_folder(item: Item) -> bool:
    """Tell whether it is a folder."""
    return item.mime_type == FOLDER


def is_shortcut(item: Item) -> bool:
    """Tell whether it is a shortcut to another item."""
    return item.mime_type == SHORTCUT
