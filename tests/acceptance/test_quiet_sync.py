"""A second sync of a Drive in which nothing changed asks the change feeds and nothing else."""

from pathlib import Path

from tests.chaos.house import a_house
from tests.chaos.story import a_seed


def test_a_second_sync_with_nothing_changed_makes_one_call_to_each_change_feed(tmp_path: Path) -> None:
    with a_house(tmp_path, a_seed(tmp_path / "seed"), roles=()) as house:
        connection = house.connect()
        house.night(connection, disturb=lambda: house.app.work(until_idle=True))
        mark = len(house.drive_calls())
        house.night(connection, disturb=lambda: house.app.work(until_idle=True))
        feeds = house.drive_calls()[mark:]
    assert feeds == ["GET /drive/v3/changes"] * 2  # hers, and the shared drive's
