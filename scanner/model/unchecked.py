"""Why a file could not be checked, as one of a few words: for figures, where the sentence itself is for people."""

from enum import StrEnum


class Uncheckable(StrEnum):
    """The closed set of reasons that figures are kept by."""

    GONE = "gone"
    NOT_ALLOWED = "not allowed"
    NO_EXPORT = "no export"
    HARMFUL = "harmful"
    PROTECTED = "protected"
    TOO_LARGE = "too large"
    TOO_SLOW = "too slow"
    CRASHED = "reader crashed"
    NO_TEXT = "no text"
    DAMAGED = "damaged"
    TYPE = "type"
    SOURCE = "source failed"
    OURS = "our error"
    OTHER = "other"


# By what its sentence says, the first that fits; the sentences are those of scanner/extract, connector/drive and jobs.
_SAID: tuple[tuple[str, Uncheckable], ...] = (
    ("was deleted", Uncheckable.GONE),
    ("in the trash", Uncheckable.GONE),
    ("switched off downloading", Uncheckable.NOT_ALLOWED),
    ("has not allowed", Uncheckable.NOT_ALLOWED),
    ("leads to somebody else", Uncheckable.NOT_ALLOWED),
    ("malware or spam", Uncheckable.HARMFUL),
    ("made to do harm", Uncheckable.HARMFUL),
    ("harmful files", Uncheckable.HARMFUL),
    ("more than any real document", Uncheckable.HARMFUL),
    ("longer than any real email", Uncheckable.HARMFUL),
    ("Google format", Uncheckable.NO_EXPORT),
    ("Google exports", Uncheckable.NO_EXPORT),
    ("could not export", Uncheckable.NO_EXPORT),
    ("no form of it", Uncheckable.NO_EXPORT),
    ("no link to it", Uncheckable.NO_EXPORT),
    ("password", Uncheckable.PROTECTED),
    ("longer than", Uncheckable.TOO_SLOW),
    ("larger than", Uncheckable.TOO_LARGE),
    ("more memory", Uncheckable.TOO_LARGE),
    ("more text", Uncheckable.TOO_LARGE),
    ("more cells", Uncheckable.TOO_LARGE),
    ("crashed", Uncheckable.CRASHED),
    ("without a text layer", Uncheckable.NO_TEXT),
    ("no text", Uncheckable.NO_TEXT),
    ("is empty", Uncheckable.NO_TEXT),
    ("damaged", Uncheckable.DAMAGED),
    ("nested too deeply", Uncheckable.DAMAGED),
    ("legacy format", Uncheckable.TYPE),
    ("lies too deep", Uncheckable.TYPE),
    ("not one that can be read", Uncheckable.TYPE),
    ("quota at Google", Uncheckable.SOURCE),
    ("Google", Uncheckable.SOURCE),
    ("on our side", Uncheckable.OURS),
    ("the worker was killed", Uncheckable.OURS),
)


def uncheckable(because: str) -> Uncheckable:
    """Return which of the reasons a sentence tells; *other* for one that nobody put into the set."""
    return next((reason for said, reason in _SAID if said in because), Uncheckable.OTHER)
