"""Readers are processes behind limits: what goes wrong in one ends there, with a reason for people."""

import io
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scanner.extract.isolation import ExtractPool
from tests.extract_builders import DEFAULT_PASSWORD, a_docx, a_pdf

SENTENCE = b"Disable Telnet on port 23."


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractPool]:
    with ExtractPool(workers=2) as pool:
        yield pool


def test_a_document_comes_back_with_its_locators(pool: ExtractPool) -> None:
    document = pool.extract(io.BytesIO(a_pdf()), name="guide.pdf")
    (proof,) = [passage for passage in document.passages if passage.text == DEFAULT_PASSWORD]
    assert (proof.locator.page, proof.locator.heading) == (1, ("1 Accounts",))


def test_what_comes_back_is_what_is_read_directly(pool: ExtractPool) -> None:
    from scanner.extract.direct import read

    for name, data in (("guide.pdf", a_pdf()), ("guide.docx", a_docx()), ("guide.txt", SENTENCE)):
        assert pool.extract(io.BytesIO(data), name=name) == read(io.BytesIO(data), name=name)


def test_files_and_spooled_files_are_read_whole_from_wherever_they_stand(pool: ExtractPool, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(SENTENCE)
    with path.open("rb") as real, tempfile.SpooledTemporaryFile() as spooled, tempfile.TemporaryFile() as unnamed:
        real.read(5)
        spooled.write(SENTENCE)
        unnamed.write(SENTENCE)
        for stream in (real, spooled, unnamed):
            assert [one.text for one in pool.extract(stream, name="a.txt").passages] == [SENTENCE.decode()]


def test_many_threads_share_few_readers(pool: ExtractPool) -> None:
    def words(number: int) -> int:
        return pool.extract(io.BytesIO(b"word " * number), name=f"{number}.txt").words

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(words, range(1, 60))) == list(range(1, 60))
