"""What the API says of what people say and who hears of it: objections, suggestions, mail, people, the trail."""

from typing import Annotated

from pydantic import ConfigDict, Field

from scanner.model.api_token import TokenScope
from scanner.model.hook import HookKind
from scanner.model.mail import MailState, Rhythm
from scanner.model.objection import MAX_REASON
from scanner.model.person import Role
from scanner.model.suggestion import SuggestionState
from scanner.model.verdict import Outcome
from scanner.web.api.report_shapes import File
from scanner.web.api.shapes import PLAIN, Moment, Shape

Address = Annotated[str, Field(min_length=1, max_length=254, pattern=PLAIN)]


class Objection(Shape):
    """A person's word that a verdict is wrong, beside what is there now."""

    id: int
    clause: str
    constraint: str
    file: str | None = Field(description="The document's id; null where it is about the standing over all documents.")
    file_name: str
    given: Outcome = Field(description="What the verdict was.")
    claimed: Outcome = Field(description="What the person thinks right.")
    reason: str
    by: str
    made_at: Moment
    withdrawn_at: Moment | None
    older: str = Field(description="Why it is about something older; empty while it is about what is there.")


class NewObjection(Shape):
    """A person's word that a verdict is wrong."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "constraint": "account-management",
                    "claimed": "satisfied",
                    "reason": "Chapter 4 names the roles.",
                    "file": "1AbC",
                }
            ]
        },
    )

    constraint: str = Field(min_length=1, max_length=100, pattern=PLAIN)
    claimed: Outcome = Field(description="What is right.")
    reason: str = Field(min_length=1, max_length=MAX_REASON, pattern=PLAIN)
    file: str = Field(
        default="", max_length=500, pattern=PLAIN, description="Whose verdict; left out, where the constraint stands."
    )


class Suggestion(Shape):
    """A file that no name gave away, and what a person said to it."""

    file: File
    words: list[str] = Field(description="Those of the clause that are found in it.")
    state: SuggestionState
    found_at: Moment
    decided_by: str
    decided_at: Moment | None


class SaidTo(Shape):
    """The suggestion that is answered."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"file": "1AbC"}]})

    file: str = Field(min_length=1, max_length=500, pattern=PLAIN, description="The file's id.")


class Recipient(Shape):
    """A person who gets mail about a product."""

    address: str
    rhythm: Rhythm
    silent: str = Field(description="Why no mail goes there, empty while it does.")


class Rhythms(Shape):
    """Which recipient is to hear when."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"address": "quality@maker.example", "rhythm": "weekly"}]}
    )

    address: Address
    rhythm: Rhythm = Rhythm.ON_CHANGE


class Reader(Shape):
    """The recipient that is meant."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"address": "quality@maker.example"}]})

    address: Address


class Alerts(Shape):
    """What holds for all mail about a product."""

    quotes: bool = Field(description="Mails show short quotes from documents.")
    by_smtp: bool = Field(description="A mail server is set; without one mails are written to the outbox folder only.")


class Quotes(Shape):
    """What mails are to show."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"quotes": False}]})

    quotes: bool = Field(strict=True, description="Show short quotes from documents.")


class Mail(Shape):
    """A mail of late, and what became of it."""

    id: str
    made_at: Moment
    tells: str
    address: str
    state: MailState
    said: str


class Preview(Shape):
    """The mail as it would be sent now."""

    to: str
    news: bool = Field(description="It tells of anything new; else it goes out only because a week began.")
    subject: str
    text: str
    html: str


class Deed(Shape):
    """One thing that somebody did."""

    id: int
    at: Moment
    by: str
    act: str
    about: str


class Member(Shape):
    """A person with whom a product is shared, or an invitation that waits for her."""

    id: str
    address: str
    role: Role
    invited_by: str
    invited_at: Moment
    accepted_at: Moment | None
    over: bool = Field(description="She did not accept in time.")


class Hook(Shape):
    """A way in for a program without a token to tell of releases."""

    id: str
    kind: HookKind
    made_at: Moment
    heard_at: Moment | None


class OwnToken(Shape):
    """A token of the person who asks; its secret is nowhere."""

    id: str
    name: str
    scope: TokenScope
    made_at: Moment
    expires_at: Moment
    used_at: Moment | None = Field(description="Within some minutes.")
    in_force: bool
