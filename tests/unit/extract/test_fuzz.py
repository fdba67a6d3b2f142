"""What `make fuzz` changes at random: the same again from the same seed, and still files that their readers open."""

import io
from collections import Counter
from random import Random

import pytest

from scanner.extract.base import Unreadable
from scanner.extract.direct import read
from scanner.model.document import Document
from tests.extract_samples.every import BY_NAME
from tests.fuzz.mutate import mutated
from tests.fuzz.seeds import seeds
from tests.fuzz.shapes import taken_apart
from tests.fuzz.shrink import shrunk


def read_or_refused(data: bytes, name: str) -> Document | str:
    try:
        return read(io.BytesIO(data), name=name)
    except Unreadable as why:
        return str(why)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_file_taken_apart_and_put_together_reads_as_before(name: str) -> None:
    sample = BY_NAME[name].data
    apart = taken_apart(sample)
    assert read_or_refused(apart.whole(apart.parts), name) == read_or_refused(sample, name)
    inside = len(apart.parts) > 1
    assert inside or not name.endswith((".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".zip", ".xls", ".msg", ".eml"))


@pytest.mark.parametrize("ending", ["ods", "msg", "rtf", "mhtml", "rst"])
def test_the_same_seed_changes_files_in_the_same_way_and_many_are_still_read(ending: str) -> None:
    population = seeds(ending)[:1]

    def some() -> list[bytes]:
        chance = Random(ending)
        return [mutated(chance.choice(population), chance, population) for _ in range(12)]

    files = some()
    assert files == some()
    ended = Counter(type(read_or_refused(data, f"a.{ending}")) for data in files)
    assert ended[Document] >= 3


def test_a_finding_is_made_small_inside_of_its_container() -> None:
    sample = BY_NAME["guide.docx"].data

    def still(data: bytes) -> bool:
        return any(b"Telnet" in part for part in taken_apart(data).parts)

    small = shrunk(sample, still, seconds=5)
    assert sorted(taken_apart(small).parts)[-1] == b"Telnet"
