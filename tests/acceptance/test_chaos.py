"""Workers, web, schedule and database are killed at random: the reports and the emails are those of a calm night."""

from pathlib import Path
from random import Random

import pytest

from tests.chaos.story import a_seed, told_in_peace, told_under_kills
from tests.postgres import Server

pytestmark = pytest.mark.xdist_group("postgres")


def test_a_story_under_kills_ends_as_it_does_in_peace(tmp_path: Path, postgres: Server) -> None:
    seed = a_seed(tmp_path / "seed")
    calm = told_in_peace(tmp_path / "calm", seed)
    assert [subject for subject, _ in calm.mails] == [
        "[Monitor 2.1.0] 7 gaps, 1 file unchecked – IEC 81001-5-1 §5.8.2",
        "[Monitor 2.2.0] 2 new gaps, 1 worse – IEC 81001-5-1 §5.8.2",
    ]
    database = postgres.new_database("chaos")
    hurt, house = told_under_kills(tmp_path / "hurt", seed, Random(1), kills=7, server=postgres, database=database)
    assert set(house.killed) == {"web", "schedule", "worker 1", "worker 2", "database"}
    assert house.killed.total() == 7
    assert hurt.reports == calm.reports
    assert hurt.mails == calm.mails
    assert hurt.repeated <= 7  # a kill between a mail's sending and its mark sends it once more
