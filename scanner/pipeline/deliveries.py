"""What a program delivers over a hook: whether it proves itself, and which release it tells of; pure.

GitHub: an HMAC-SHA256 of the body in X-Hub-Signature-256, the events `release` and `create`
(docs.github.com, "Validating webhook deliveries" and "Webhook events and payloads"). Others: the same over
"<unix time>.<body>", so that a delivery that was overheard is worth nothing some minutes later.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scanner.model.display import shown
from scanner.model.hook import HookKind
from scanner.pipeline.tagged import NotARelease, released, version_of

MAX_BYTES = 1_000_000  # a `release` event with the longest notes that GitHub allows is far below it
STALE_SECONDS = 300
SIGNATURE, TIMESTAMP = "x-crosswalk-signature", "x-crosswalk-timestamp"
GITHUB_SIGNATURE, GITHUB_EVENT = "x-hub-signature-256", "x-github-event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What came over a hook."""

    headers: Mapping[str, str]  # names in small letters
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A release that a delivery tells of."""

    version: str
    released_on: date | None
    product: str = ""
    of: str = ""  # which repository


class Malformed(Exception):
    """The delivery proves itself, and yet cannot be understood; the message says what is expected."""


def proves_itself(kind: HookKind, delivery: Delivery, key: bytes, *, now: datetime) -> bool:
    """Tell whether a delivery was signed with the hook's key, and not long ago where it says when."""
    if kind is HookKind.GITHUB:
        return _signed(key, delivery.body, delivery.headers.get(GITHUB_SIGNATURE, ""))
    written = delivery.headers.get(TIMESTAMP, "")
    if not re.fullmatch(r"[0-9]{1,12}", written) or abs(now.timestamp() - int(written)) > STALE_SECONDS:
        return False
    return _signed(key, written.encode() + b"." + delivery.body, delivery.headers.get(SIGNATURE, ""))


def sign(key: bytes, body: bytes) -> str:
    """Return the signature of a body, as both kinds of webhook carry it."""
    return "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest()


def told_by(kind: HookKind, delivery: Delivery, *, product: str, today: date) -> Told:
    """Return the release that a delivery tells of; `product` is the name of ours. Raises NotARelease, Malformed."""
    try:
        if kind is not HookKind.GITHUB:
            plain = _Plain.model_validate_json(delivery.body)
            named = shown(plain.product, 100)
            return Told(version=released(plain.version), released_on=plain.released_on, product=named)
        event = delivery.headers.get(GITHUB_EVENT, "")
        if event == "release":
            return _of_release(_ReleaseEvent.model_validate_json(delivery.body), product)
        if event == "create":
            return _of_tag(_CreateEvent.model_validate_json(delivery.body), product, today)
    except ValidationError as error:
        raise Malformed(_expected(error)) from error
    raise NotARelease("only the events `release` and `create` tell of releases")


def _signed(key: bytes, body: bytes, signature: str) -> bool:
    return hmac.compare_digest(sign(key, body).encode(), signature.encode(errors="replace"))


class _Loose(BaseModel):
    """A part of what somebody else sends: what is not named here is left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Plain(_Loose):
    version: str = Field(min_length=1, max_length=60)
    released_on: date | None = None
    product: str = Field(default="", max_length=100)


class _Repository(_Loose):
    full_name: str = Field(max_length=200)


class _Release(_Loose):
    tag_name: str = Field(min_length=1, max_length=250)
    draft: bool = False
    prerelease: bool = False
    published_at: datetime | None = None


class _ReleaseEvent(_Loose):
    action: str
    release: _Release
    repository: _Repository


class _CreateEvent(_Loose):
    ref: str = Field(min_length=1, max_length=250)
    ref_type: str
    repository: _Repository


def _of_release(event: _ReleaseEvent, product: str) -> Told:
    release = event.release
    if event.action not in {"published", "released"} or release.draft or release.prerelease:
        raise NotARelease("it is not a published release: a draft, a pre-release or another change")
    day = release.published_at.date() if release.published_at else None
    return _of(release.tag_name, product, event.repository, on=day)


def _of_tag(event: _CreateEvent, product: str, today: date) -> Told:
    if event.ref_type != "tag":
        raise NotARelease("a branch was made, not a tag")
    return _of(event.ref, product, event.repository, on=today)


def _of(tag: str, product: str, repository: _Repository, *, on: date | None) -> Told:
    version = version_of(tag, product=product, repository=repository.full_name)
    return Told(version=version, released_on=on, of=shown(repository.full_name, 200))


def _expected(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where or 'the body'}: {first['msg']}"
