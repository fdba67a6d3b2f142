"""A read-only source of files. This door is all that the scanner may import."""

from connector.calls import Call
from connector.channel import Channel
from connector.errors import (
    ConnectorError,
    ConsentLost,
    CursorRejected,
    FileGone,
    FileUnavailable,
    SourceRefused,
    SourceUnavailable,
)
from connector.grant import VaultState
from connector.lost import LostBecause
from connector.mounted import secret_files, unusable_folder
from connector.refused import refused
from connector.settings import setting_names
from connector.source import (
    Completeness,
    Coverage,
    Cursor,
    FileSource,
    Folder,
    Found,
    Page,
    Removed,
    RemovedBecause,
    SourceFile,
    SyncKind,
)

__all__ = [
    "Call",
    "Channel",
    "Completeness",
    "ConnectorError",
    "ConsentLost",
    "Coverage",
    "Cursor",
    "CursorRejected",
    "FileGone",
    "FileSource",
    "FileUnavailable",
    "Folder",
    "Found",
    "LostBecause",
    "Page",
    "Removed",
    "RemovedBecause",
    "SourceFile",
    "SourceRefused",
    "SourceUnavailable",
    "SyncKind",
    "VaultState",
    "refused",
    "secret_files",
    "setting_names",
    "unusable_folder",
]
