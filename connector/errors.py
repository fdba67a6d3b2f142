"""What can go wrong with a source of files, and whether trying again can help.

ConnectorError
├── SourceUnavailable   the source did not answer, or asked us to wait (transient)
│   └── RateLimited     the source found us too fast
├── SourceRefused       the source answered no to everything: a setting or a switch must change
├── ConsentLost         this person's consent no longer holds: she has to connect again
├── CursorRejected      a place to resume from that the source no longer knows
└── FileUnavailable     this one file cannot be read; the others can
    └── FileGone        this one file is no longer there, or no longer shared with us
"""

from connector.lost import LostBecause


class ConnectorError(Exception):
    """Root of every error that leaves the connector; its text is a sentence for a person, without secrets."""

    def __init__(self, message: str, *, transient: bool = False, retry_after: float | None = None) -> None:
        """Keep the sentence, whether trying again may help, and after how many seconds if the source said so."""
        super().__init__(message)
        self.transient = transient
        self.retry_after = retry_after
        self.status: int | None = None  # of the HTTP answer that said so


class SourceUnavailable(ConnectorError):
    """The source did not answer, failed, or limits our rate; transient."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        """See ConnectorError."""
        super().__init__(message, transient=True, retry_after=retry_after)


class RateLimited(SourceUnavailable):
    """The source limits how fast it is asked; transient."""


class SourceRefused(ConnectorError):
    """The source refuses every call until somebody changes a setting (an API switched off, a missing scope)."""


class ConsentLost(ConnectorError):
    """The consent was withdrawn, expired or must be renewed."""

    def __init__(self, because: LostBecause) -> None:
        """Keep which of these it is; its words are the error's sentence."""
        super().__init__(because.words)
        self.because = because


class CursorRejected(ConnectorError):
    """The source no longer knows the place that the cursor points to."""


class FileUnavailable(ConnectorError):
    """One file's contents cannot be had; the sentence completes *could not check, because …*."""


class FileGone(FileUnavailable):
    """One file was deleted, or is no longer shared with this connection."""
