"""What a document says it applies to, held against the version of a release."""

import re
from collections.abc import Iterable, Sequence

from scanner.versions.span import Fit
from scanner.versions.version import read
from scanner.versions.written import spans


def fit(written: Sequence[str], version: str) -> Fit:
    """Tell how the versions that a document says it applies to fit the version of a release: the best of them."""
    wanted = read(version)
    if wanted is None:
        return Fit.CURRENT if any(_names(text, version) for text in written) else Fit.UNKNOWN
    fits = {span.fit(wanted) for text in written for span in spans(text)}
    return next((one for one in Fit if one in fits), Fit.UNKNOWN)


def names_it(written: Iterable[str], version: str) -> bool:
    """Tell whether a text names just this version, not a range that happens to hold it."""
    wanted = read(version)
    if wanted is None:
        return any(_names(text, version) for text in written)
    return any(span.is_one and span.fit(wanted) is Fit.CURRENT for text in written for span in spans(text))


def _names(text: str, version: str) -> bool:
    return bool(version.strip()) and bool(re.search(rf"(?<![\w.]){re.escape(version.strip())}(?![\w.])", text, re.I))
