"""What is sent to the API of a product: its names, and which folders belong to it."""

from typing import Annotated

from pydantic import ConfigDict, Field

from scanner.clauses.naming import LONGEST_PATTERN, MOST_PATTERNS
from scanner.model.choice import MAX_ADDRESS
from scanner.pipeline.portfolio import LONGEST_NAME, MOST_FOLDERS, MOST_NAMES
from scanner.web.api.shapes import PLAIN, Shape

Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=PLAIN)]
Pattern = Annotated[str, Field(min_length=1, max_length=LONGEST_PATTERN, pattern=PLAIN)]
Place = Annotated[str, Field(min_length=1, max_length=MAX_ADDRESS, pattern=PLAIN)]
_PLACES = "Addresses in a browser, ids, or whole names of folders and shared drives that a look at the Drive has seen."


class NewName(Shape):
    """What a product is to be called."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "PulseView"}]})

    name: Name = Field(description="As its documents write it.")


class NewNaming(Shape):
    """All other names of a product, and all patterns of its documents' names."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"also_called": ["PV-200"], "naming": ["DHF-*-SEC*"]}]}
    )

    also_called: list[Name] = Field(max_length=MOST_NAMES)
    naming: list[Pattern] = Field(max_length=MOST_PATTERNS, description="Globs; files named so become candidates.")


class Places(Shape):
    """What belongs to a product."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"folders": ["Gateway"]}]})

    folders: list[Place] = Field(max_length=MOST_FOLDERS, description=_PLACES)


class NewProduct(Shape):
    """Another product of a Drive."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "Gateway", "folders": ["Gateway"]}]}
    )

    name: Name = Field(description="As its documents write it.")
    folders: list[Place] = Field(default=[], max_length=MOST_FOLDERS, description=_PLACES)
