"""What the API says of products, releases, decisions and work: shapes of answers, and of what is sent."""

import re
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from scanner.model.api_token import TokenScope
from scanner.model.connection import ConnectionState
from scanner.model.job import JobKind, JobState
from scanner.model.person import Role
from scanner.model.release import ReleaseOrigin, ReleaseState
from scanner.model.waiver import WaiverKind

# Moments and days are said by scanner/report/plain.py, the same everywhere, and are only described here.
Moment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
# What a database cannot keep, or a reader would not see, is refused: controls. (Half a character no text holds here.)
PLAIN = r"^[^\x00-\x1f\x7f-\x9f]*$"


def _as_day(written: object) -> object:
    """Refuse what pydantic would take for a day besides: seconds since 1970, moments."""
    if written is None or (isinstance(written, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", written, re.ASCII)):
        return written
    raise PydanticCustomError("day", "Give the day as year, month and day: 2026-11-20")


GivenDay = Annotated[date, BeforeValidator(_as_day)]


class Shape(BaseModel):
    """An object with just these members."""

    model_config = ConfigDict(extra="forbid")


class Me(Shape):
    """The token that asks, and whose it is."""

    person: str = Field(description="The person's address.")
    token: str = Field(description="The name that she gave the token.")
    scope: TokenScope
    expires_at: Moment


class Facet(Shape):
    """A part of a constraint that can be found by itself."""

    id: str
    label: str
    counts: str = Field(description="What a passage must give to bear it.")
    needed: bool = Field(description="The constraint cannot be satisfied without it.")


class Constraint(Shape):
    """One atomic, testable sentence of a clause."""

    id: str
    text: str
    short: str
    provenance: str = Field(description="Whether the clause says it, or it is an interpretation.")
    source: str
    severity: str = Field(description="Of the gap where it is not satisfied.")
    may_not_apply: bool = Field(description="A person may decide that it does not apply to a product.")
    facets: list[Facet]


class Clause(Shape):
    """A clause that documents are held against."""

    id: str = Field(description="As the parameter `clause` takes it.")
    standard: str
    clause: str
    title: str
    requirement: str
    pack_digest: str
    constraints: list[Constraint]


class Drive(Shape):
    """The connection behind a product."""

    account: str
    state: ConnectionState
    because: str = Field(description="Why it cannot be read, empty while it can.")
    connected_at: Moment
    consented_at: Moment | None = Field(description="When the consent in use was given.")
    looked_through_at: Moment | None = Field(description="When the last look ended.")
    looked_through: str = Field(description="What that look saw, in words.")


class Candidates(Shape):
    """How many candidates there are, by how far their scan is."""

    to_scan: int
    scanned: int
    undetermined: int


class ProductFolder(Shape):
    """A folder or shared drive that belongs to a product."""

    id: str
    name: str


class Product(Shape):
    """What the customer ships."""

    id: str
    name: str = Field(description="Empty until a release or a document names it.")
    also_called: list[str] = Field(description="Its other names, as documents write them.")
    naming: list[str] = Field(description="How the files of its documents are called: globs that make them candidates.")
    folders: list[ProductFolder] = Field(description="What lies in them belongs to it; none where everything does.")
    role: Role = Field(description="As what the token's person sees it.")
    drive: Drive
    candidates: Candidates


class Release(Shape):
    """One version of a product, and how we came to know of it."""

    version: str
    released_on: Day | None
    source: str
    origin: ReleaseOrigin
    state: ReleaseState


class NewRelease(Shape):
    """A release that happened."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"version": "4.3.0", "released_on": "2026-11-20"}]}
    )

    version: str = Field(min_length=1, max_length=60, pattern=PLAIN, description="As on your release notes.")
    released_on: GivenDay | None = Field(default=None, description="The day; left out where it is not known.")


class Feed(Shape):
    """The public list of tags or releases that is read each night, and how the last look at it ended."""

    address: str
    set_at: Moment
    looked_at: Moment | None = Field(description="The last look, however it ended.")
    answered_at: Moment | None = Field(description="The last look that could be read.")
    because: str = Field(description="Why the last look could not be read, empty where it could.")
    failing_since: Moment | None
    wait_until: Moment | None = Field(description="The server asked not to come before.")


class NewFeed(Shape):
    """Where the releases of a product are told of in public."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"address": "https://github.com/maker/pulseview/tags.atom"}]}
    )

    address: str = Field(
        min_length=1,
        max_length=500,
        pattern=PLAIN,
        description="An Atom or RSS feed, a Git repository over HTTPS, or its page on GitHub, GitLab or Codeberg.",
    )


class Answered(Shape):
    """The release that is answered for."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"version": "4.3.0"}]})

    version: str = Field(min_length=1, max_length=60, pattern=PLAIN)


class Waiver(Shape):
    """A person's decision on one constraint."""

    id: int
    clause: str
    constraint: str
    kind: WaiverKind
    reason: str
    approver: str
    by: str = Field(description="Who entered it; empty where that is not known.")
    decided_at: Moment
    until: Day = Field(description="The last day on which it holds.")
    ended_at: Moment | None = Field(description="When a person ended it before that.")
    in_force: bool


class NewWaiver(Shape):
    """A decision to be made."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "constraint": "residual-risks",
                    "kind": "waived",
                    "reason": "The risk file is under review.",
                    "approver": "Mara Voss",
                    "until": "2027-03-31",
                }
            ]
        },
    )

    constraint: str = Field(min_length=1, max_length=100, pattern=PLAIN)
    kind: WaiverKind = WaiverKind.WAIVED
    reason: str = Field(min_length=1, max_length=500, pattern=PLAIN)
    approver: str = Field(min_length=1, max_length=120, pattern=PLAIN, description="Who answers for it.")
    until: GivenDay = Field(description="The last day on which it holds.")


class Job(Shape):
    """One durable unit of work."""

    id: str
    kind: JobKind
    state: JobState
    attempts: int
    may_run_at: Moment
    because: str = Field(description="The last failure, in a sentence.")
    progress: str
    file: str | None = Field(description="Of a scan, the id of the file.")
    file_name: str
    can_retry: bool = Field(description="It failed, and nothing since has made it good.")


class Progress(Shape):
    """What is being done right now, and what comes next."""

    live: bool = Field(description="Whether anything is queued or at work.")
    doing: list[str] = Field(description="A sentence for each verb at work.")
    scanned: int = Field(description="Candidates that are done.")
    candidates: int
    failed: list[str] = Field(description="Why work failed, the newest first.")
    next_night: Moment | None = Field(description="Null while the Drive cannot be read.")
    zone: str = Field(description="Whose clocks the night follows.")
    searched_at: Moment | None = Field(description="When the Drive's own search was last asked for suggestions.")
    search_because: str = Field(description="Why that search may have left something out.")


class Asked(Shape):
    """What became of a wish for work."""

    new: bool = Field(description="False where the same is queued or running already, which is enough.")
