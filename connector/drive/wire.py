"""Google's answers from bytes into values: quickly, since a whole walk is little else."""

import json
from typing import Any

import orjson
from googleapiclient.model import JsonModel


class Wire(JsonModel):  # type: ignore[misc]  # Google's client ships no types
    """Reads what Google answers; an answer is an object, or it is none."""

    def __init__(self) -> None:
        """Drive wraps its answers in nothing."""
        super().__init__(data_wrapper=False)

    def deserialize(self, content: bytes) -> dict[str, Any]:
        """Return the object. Raises ValueError for anything else, such as a page for people with status 200.

        NOTE: names come from strangers. The standard library reads what the quick one refuses as no good JSON: half
        characters, numbers that are none.
        """
        try:
            body = orjson.loads(content)
        except orjson.JSONDecodeError:
            body = _slowly(content)
        if not isinstance(body, dict):
            raise ValueError("an answer that is no object")  # noqa: TRY004 -- to the client it is like one cut off
        return body


def _slowly(content: bytes) -> Any:
    try:
        return json.loads(content)
    except RecursionError as error:
        raise ValueError("an answer that is too deep") from error
