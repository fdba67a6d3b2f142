"""What a tag or a version that somebody tells of names: a release of the product, or why it is none; pure."""

import re

from scanner.model.display import shown
from scanner.versions.version import FINAL, read, same
from scanner.versions.written import only_versions_in

_TAG_WORDS = frozenset({"refs", "tag", "tags", "release", "releases", "rel", "version", "ver"})


class NotARelease(Exception):
    """What was told is heard, and yet is no release; the message says why."""


def version_of(tag: str, *, product: str, repository: str) -> str:
    """Return the version in a tag, as people write it: 1.12.4 of "Orthanc-1.12.4".

    `product` is the name of ours, `repository` whose tag it is. Raises NotARelease for one that names no version, that
    comes before a release, or where the words before it name something else than the two: "sdk-v9.0.0".
    """
    found = next(iter(only_versions_in(tag.rsplit("/", 1)[-1])), "")
    before = tag[: tag.rindex(found)] if found else re.sub(r"[\d_.]*$", "", tag)
    words = [word for word in _words(before) if word not in _TAG_WORDS]
    ours = [_words(product), _words(repository.rsplit("/", 1)[-1])]
    if read(tag) and not ({*words} <= {*ours[0], *ours[1]} or "".join(words) in map("".join, ours)):
        raise NotARelease(f"{shown(tag, 60)} is a tag of something else than {product or repository}")
    return released(re.sub(r"^[vV](?=\d)", "", found) if found and same(found, tag) else tag)


def released(version: str) -> str:
    """Return a version, fit to be shown. Raises NotARelease for what is none, or comes before a release."""
    version = shown(version, 60)
    known = read(version)
    if known is None or known.any_from is not None:
        raise NotARelease(f"{version} names no version")
    if known.stage < FINAL:
        raise NotARelease(f"{version} comes before a release")
    return version


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]{2,}", text.casefold())
