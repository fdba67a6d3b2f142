"""What programs deliver: signed or not, fresh or overheard, a release or something else."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.hook import HookKind
from scanner.pipeline.deliveries import Delivery, Malformed, Told, proves_itself, sign, told_by
from scanner.pipeline.tagged import NotARelease

KEY, NOW = b"a key that only two know", datetime(2026, 11, 28, 9, tzinfo=UTC)
GITHUB, WEBHOOK = HookKind.GITHUB, HookKind.WEBHOOK


def from_github(event: str, **body: Any) -> Delivery:
    written = json.dumps({"repository": {"full_name": "maker/pulseview"}, **body}).encode()
    return Delivery(headers={"x-github-event": event, "x-hub-signature-256": sign(KEY, written)}, body=written)


def from_another(body: dict[str, Any], *, at: datetime = NOW, key: bytes = KEY) -> Delivery:
    written, stamp = json.dumps(body).encode(), str(int(at.timestamp()))
    headers = {
        "x-crosswalk-timestamp": stamp,
        "x-crosswalk-signature": sign(key, stamp.encode() + b"." + written),
    }
    return Delivery(headers=headers, body=written)


def published(tag: str = "v4.3.0", action: str = "published", **release: Any) -> Delivery:
    fields = {"tag_name": tag, "draft": False, "prerelease": False, "published_at": "2026-11-27T22:30:00Z"}
    return from_github("release", action=action, release={**fields, **release})


def test_the_signature_is_githubs_own() -> None:
    # The example of docs.github.com, "Validating webhook deliveries": secret, body and signature.
    secret, body = b"It's a Secret to Everybody", b"Hello, World!"
    signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert proves_itself(GITHUB, Delivery(headers={"x-hub-signature-256": signature}, body=body), secret, now=NOW)


def test_a_delivery_that_was_changed_or_signed_by_another_proves_nothing() -> None:
    good = published()
    assert proves_itself(GITHUB, good, KEY, now=NOW)
    for bad in (
        Delivery(headers=good.headers, body=good.body + b" "),
        Delivery(headers={}, body=good.body),
        Delivery(headers={"x-hub-signature-256": "sha256=é"}, body=good.body),
        Delivery(headers={"x-hub-signature-256": sign(b"another", good.body)}, body=good.body),
    ):
        assert not proves_itself(GITHUB, bad, KEY, now=NOW)


def test_an_overheard_delivery_is_worth_nothing_some_minutes_later() -> None:
    fresh = from_another({"version": "4.3.0"})
    assert proves_itself(WEBHOOK, fresh, KEY, now=NOW + timedelta(minutes=4))
    assert not proves_itself(WEBHOOK, fresh, KEY, now=NOW + timedelta(minutes=6))
    assert not proves_itself(WEBHOOK, fresh, KEY, now=NOW - timedelta(minutes=6))
    moved = {**fresh.headers, "x-crosswalk-timestamp": str(int(NOW.timestamp()) + 60)}
    assert not proves_itself(WEBHOOK, Delivery(headers=moved, body=fresh.body), KEY, now=NOW)
    for stamp in ("", "soon", "-5", "٣", "9" * 40):
        bad = {**fresh.headers, "x-crosswalk-timestamp": stamp}
        assert not proves_itself(WEBHOOK, Delivery(headers=bad, body=fresh.body), KEY, now=NOW)


@pytest.mark.parametrize(
    ("tag", "version"),
    [
        ("v4.3.0", "4.3.0"),
        ("4.3.0", "4.3.0"),
        ("PulseView-1.12.4", "1.12.4"),
        ("pulse-view-1.12.4", "1.12.4"),
        ("pulseview/v1.12.4", "1.12.4"),
        ("refs/tags/v1.12.4", "1.12.4"),
        ("release/4.3.0", "4.3.0"),
        ("R2026b", "R2026b"),
        ("VA30A_SP02", "VA30A_SP02"),
        ("rel_4_3_0", "rel_4_3_0"),
    ],
)
def test_a_published_release_tells_its_version_and_day(tag: str, version: str) -> None:
    told = told_by(GITHUB, published(tag), product="PulseView", today=NOW.date())
    assert told == Told(version=version, released_on=date(2026, 11, 27), of="maker/pulseview")


@pytest.mark.parametrize("tag", ["sdk-v9.0.0", "pulseview-sdk-9.0.0", "charts/v9.0.0", "sdk_9_0_0", "docs@9.0.0"])
def test_a_tag_of_something_else_in_the_repository_is_no_release_of_the_product(tag: str) -> None:
    with pytest.raises(NotARelease, match="is a tag of something else than PulseView"):
        told_by(GITHUB, published(tag), product="PulseView", today=NOW.date())
    with pytest.raises(NotARelease, match="is a tag of something else than maker/pulseview"):
        told_by(GITHUB, from_github("create", ref=tag, ref_type="tag"), product="", today=NOW.date())


def test_a_repository_may_be_named_otherwise_than_its_product() -> None:
    told = told_by(GITHUB, published("pulseview-4.3.0"), product="Ward Monitor", today=NOW.date())
    assert told.version == "4.3.0"


def test_a_new_tag_tells_of_a_release_of_today() -> None:
    told = told_by(GITHUB, from_github("create", ref="v4.3.0", ref_type="tag"), product="PulseView", today=NOW.date())
    assert told == Told(version="4.3.0", released_on=NOW.date(), of="maker/pulseview")


@pytest.mark.parametrize(
    ("delivery", "because"),
    [
        (published(draft=True), "not a published release"),
        (published(prerelease=True), "not a published release"),
        (published(action="deleted"), "not a published release"),
        (published("v4.3.0-rc.1"), "comes before a release"),
        (published("nightly"), "names no version"),
        (from_github("create", ref="main", ref_type="branch"), "not a tag"),
        (from_github("ping", zen="Keep it simple."), "only the events"),
        (from_github("push"), "only the events"),
    ],
)
def test_what_is_no_release_says_why(delivery: Delivery, because: str) -> None:
    with pytest.raises(NotARelease, match=because):
        told_by(GITHUB, delivery, product="PulseView", today=NOW.date())


def test_another_program_gives_version_day_and_product() -> None:
    body = {"version": "4.3.0", "released_on": "2026-11-20", "product": "PulseView", "more": [1, 2]}
    told = told_by(WEBHOOK, from_another(body), product="PulseView", today=NOW.date())
    assert told == Told(version="4.3.0", released_on=date(2026, 11, 20), product="PulseView")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"version": 4}',
        b'{"version": "' + b"9" * 61 + b'"}',
        b'{"version":"4.3","released_on":"x"}',
    ],
)
def test_a_body_that_cannot_be_understood_is_said_to_be_so(body: bytes) -> None:
    with pytest.raises(Malformed):
        told_by(WEBHOOK, Delivery(headers={}, body=body), product="PulseView", today=NOW.date())


@given(st.binary(max_size=200), st.sampled_from(["release", "create", "push", ""]))
def test_no_body_does_anything_else(body: bytes, event: str) -> None:
    delivery = Delivery(headers={"x-github-event": event}, body=body)
    for kind in HookKind:
        with pytest.raises((NotARelease, Malformed)):
            told_by(kind, delivery, product="PulseView", today=NOW.date())
