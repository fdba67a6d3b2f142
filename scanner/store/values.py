"""Frozen values into JSON columns and back, by pydantic: what does not fit the type is refused, not guessed."""

from typing import Any, TypeVar

from pydantic import TypeAdapter

from connector import Coverage
from scanner.model.document import DocumentFacts, Earlier
from scanner.model.gap import FileRef, GapReport
from scanner.model.verdict import Citation
from scanner.model.waiver import Waiver

T = TypeVar("T")

CITATIONS: TypeAdapter[tuple[Citation, ...]] = TypeAdapter(tuple[Citation, ...])
COVERAGE: TypeAdapter[Coverage] = TypeAdapter(Coverage)
FACTS: TypeAdapter[DocumentFacts] = TypeAdapter(DocumentFacts)
EARLIER: TypeAdapter[tuple[Earlier, ...]] = TypeAdapter(tuple[Earlier, ...])
FILE: TypeAdapter[FileRef] = TypeAdapter(FileRef)
WAIVER: TypeAdapter[Waiver] = TypeAdapter(Waiver)
REPORT: TypeAdapter[GapReport] = TypeAdapter(GapReport)


def to_json(adapter: TypeAdapter[T], value: T) -> Any:
    """Return the value as plain JSON data."""
    return adapter.dump_python(value, mode="json")


def from_json(adapter: TypeAdapter[T], data: Any) -> T:
    """Return the value that the JSON data was made from. Raises pydantic.ValidationError."""
    return adapter.validate_python(data)
