"""Slices: whatever the cuts, together they are the whole; and cuts are about even."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from connector.drive.slices import DRIVE_BEGAN, Slice, What, cut, estimate, probe_moments, rfc3339

NOW = datetime(2026, 3, 1, tzinfo=UTC)
WHOLE = Slice(corpus="", what=What.FILES)
SAMPLE = 200


def samples(times: list[datetime], moments: list[datetime]) -> list[list[datetime]]:
    """Answer the probes as Drive does: the newest files at or before each moment."""
    newest_first = sorted(times, reverse=True)
    return [[time for time in newest_first if time <= moment][:SAMPLE] for moment in moments]


def held(one: Slice, time: datetime) -> bool:
    """Tell whether Drive would list a file of that time in the slice."""
    text = rfc3339(time)
    return (not one.after or text > one.after) and (not one.until or text <= one.until)


moments_of_files = st.lists(
    st.integers(-400, 7_700).map(lambda days: NOW - timedelta(days=days, hours=days % 24)), max_size=400
)


@settings(deadline=None)  # other tests use the machine too
@given(moments_of_files, st.integers(1, 40))
def test_every_file_is_in_exactly_one_part(times: list[datetime], parts: int) -> None:
    moments = probe_moments(WHOLE, NOW)
    found = cut(WHOLE, moments, samples(times, moments), parts)
    assert all(sum(held(one, time) for one in found) == 1 for time in times)
    for one in found:
        within = probe_moments(one, NOW)
        again = cut(one, within, samples([time for time in times if held(one, time)], within), parts)
        assert all(sum(held(part, time) for part in again) == 1 for time in times if held(one, time))
        assert not any(held(part, time) for part in again for time in times if not held(one, time))


def test_the_parts_of_an_uneven_drive_are_about_even() -> None:
    """Ten thousand files: half of them of the last half year, a bulk import, the rest over eight years."""
    times = [NOW - timedelta(days=180 * number / 5000) for number in range(5000)]
    times += [NOW - timedelta(days=700)] * 300
    times += [NOW - timedelta(days=180 + 2700 * number / 4700) for number in range(4700)]
    moments = probe_moments(WHOLE, NOW)
    answers = samples(times, moments)
    assert 7_000 < estimate(moments, answers) < 20_000
    counts = [sum(held(one, time) for time in times) for one in cut(WHOLE, moments, answers, 16)]
    assert sum(counts) == 10_000
    assert max(counts) < 1_500


def test_an_empty_drive_and_one_of_a_single_moment_are_not_cut_into_nothing() -> None:
    moments = probe_moments(WHOLE, NOW)
    assert cut(WHOLE, moments, [[] for _ in moments], 8) == [WHOLE]
    one_moment = [NOW - timedelta(days=30)] * 5000
    parts = cut(WHOLE, moments, samples(one_moment, moments), 8)
    assert sum(held(one, one_moment[0]) for one in parts) == 1


def test_the_query_of_a_slice_is_half_open_and_names_one_parent_at_most() -> None:
    part = WHOLE.at(after="2026-01-01T00:00:00.000+00:00", until="2026-02-01T00:00:00.000+00:00")
    assert part.query == (
        "trashed = false and mimeType != 'application/vnd.google-apps.folder' "
        "and modifiedTime > '2026-01-01T00:00:00.000+00:00' and modifiedTime <= '2026-02-01T00:00:00.000+00:00'"
    )
    folder = Slice(corpus="", what=What.CHILDREN, parent="a'b\\c")
    assert folder.query == "'a\\'b\\\\c' in parents and trashed = false"
    assert probe_moments(WHOLE, NOW)[-1] == DRIVE_BEGAN
