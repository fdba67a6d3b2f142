"""The strict shape of a clause pack's YAML, and how it becomes the words of scanner/model."""

from typing import Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from scanner.clauses.nodes import PackError
from scanner.clauses.patterns import problem_of
from scanner.model.clause import SignalKind

__all__ = ["PackError", "PackModel"]

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
SearchWords = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[^\"\\\\]+$", min_length=3, max_length=60)
]
Severity = Literal["high", "moderate", "low"]
Phrases = Annotated[list[Phrase], Field(max_length=200)]


class Strict(BaseModel):
    """Unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class SignalModel(Strict):
    """One way in which evidence shows itself."""

    id: Id
    kind: SignalKind
    text: Text = Field(description="The file-name pattern (FILE_EXISTS) or the question (CONTENT_MATCH).")
    source: Word = Field(description="Where it comes from: the clause page, or ours.")

    @model_validator(mode="after")
    def _pattern(self) -> Self:
        if self.kind is SignalKind.FILE_EXISTS and (problem := problem_of(self.text)):
            raise ValueError(problem)
        return self


class DetectModel(Strict):
    """Further keys of a facet, beside its cues; all phrases are in the small language of cues."""

    needs: Literal["setting", "action", "value", "fact"] = Field(
        default="setting",
        description="What a passage must give: an action, a value, either of them (setting), or a concrete fact.",
    )
    count: Annotated[int, Field(ge=1, le=20)] = Field(default=1, description="So many passages make the facet met.")
    beside: Phrases = Field(default=[], description="One of these must stand in the passage or its headings too.")
    somewhere: Phrases = Field(default=[], description="One of these must stand anywhere in the document's body.")
    sections: Phrases = Field(default=[], description="Under a heading with one of these, every action bears.")
    facts: Phrases = Field(default=[], description="Cues that bear already as a plain statement of fact.")
    hints: Phrases = Field(
        default=[], description="Looser cues: two passages with one count as much as one with a cue."
    )
    never: Phrases = Field(default=[], description="A passage with one of these never bears.")
    moot: Phrases = Field(default=[], description="A statement that makes the facet not applicable.")
    also_from: list[Literal["internal", "index"]] = Field(
        default=[], description="Kinds of document that may bear it although they address nobody who operates."
    )
    touch: bool = Field(default=True, description="Whether a mention without action or value touches the facet.")


class FacetModel(Strict):
    """One part of a constraint that can be found by itself."""

    id: Id
    label: Word
    counts: Text
    does_not_count: Text
    cues: Phrases
    detect: DetectModel = DetectModel()


class RuleModel(Strict):
    """When facets add up to an outcome."""

    all_of: list[Id] = []
    at_least: Annotated[int, Field(ge=0, le=40)] = 0

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not self.all_of and not self.at_least:
            raise ValueError("a rule asks for something: all_of, at_least or both")
        return self


class ConstraintModel(Strict):
    """One atomic, testable sentence of the clause."""

    id: Id
    text: Text
    short: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    provenance: Literal["clause", "interpretation"]
    source: Word
    check: Literal["facets", "risks", "release", "coverage"] = "facets"
    over: Literal["set", "document", "each"]
    severity: Severity
    may_not_apply: bool = False
    suggest: Annotated[list[SearchWords], Field(max_length=5)] = Field(
        default=[],
        description=(
            "Phrases that the source's full-text search is asked for: a document with one that no name gave away is "
            "suggested to people. No cue, and no proof."
        ),
    )
    facets: Annotated[list[FacetModel], Field(min_length=1, max_length=40)]
    satisfied: RuleModel
    partial: RuleModel

    @field_validator("facets")
    @classmethod
    def _facets_differ(cls, facets: list[FacetModel]) -> list[FacetModel]:
        return _differ(facets, "facet")

    @model_validator(mode="after")
    def _rules_can_hold(self) -> Self:
        known = [facet.id for facet in self.facets]
        for name, rule in (("satisfied", self.satisfied), ("partial", self.partial)):
            if unknown := [facet for facet in rule.all_of if facet not in known]:
                raise ValueError(f"the rule {name!r} names the facet {unknown[0]!r}, which {self.id} does not have")
            if rule.at_least > len(known):
                raise ValueError(f"the rule {name!r} asks for {rule.at_least} of {len(known)} facets")
        return self


class CommonGapModel(Strict):
    """A gap that is often seen."""

    title: Word
    severity: Severity
    text: Text


class PackModel(Strict):
    """A clause pack: one requirement of a standard, in parts that can be judged."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+/[a-z0-9.-]+$", max_length=80)]
    standard: Word
    edition: Word
    clause: Word
    title: Word
    requirement: Text
    background: Text
    signals: Annotated[list[SignalModel], Field(min_length=1, max_length=60)]
    vocabulary: dict[Id, Phrases] = Field(
        default={}, description="Named lists of words; <name> in a cue stands for any one of them."
    )
    constraints: Annotated[list[ConstraintModel], Field(min_length=1, max_length=60)]
    common_gap: CommonGapModel
    audit_defence: Text = Field(description="Printed when the clause is met; may hold {product} and {document_id}.")

    @field_validator("signals")
    @classmethod
    def _signals_differ(cls, signals: list[SignalModel]) -> list[SignalModel]:
        return _differ(signals, "signal")

    @field_validator("constraints")
    @classmethod
    def _constraints_differ(cls, constraints: list[ConstraintModel]) -> list[ConstraintModel]:
        return _differ(constraints, "constraint")

    @field_validator("audit_defence")
    @classmethod
    def _fills(cls, text: str) -> str:
        try:
            text.format(product="", document_id="")
        except (KeyError, IndexError, ValueError, AttributeError) as error:
            raise ValueError("the audit defence has no placeholders but {product} and {document_id}") from error
        return text


Named = TypeVar("Named", SignalModel, FacetModel, ConstraintModel)


def _differ(values: list[Named], noun: str) -> list[Named]:
    seen: set[str] = set()
    for value in values:
        if value.id in seen:
            raise ValueError(f"the {noun} {value.id!r} stands here twice")
        seen.add(value.id)
    return values
