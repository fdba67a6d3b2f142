"""Loading clause packs: YAML files into frozen values, or one sentence that says what to change."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import ValidationError

from scanner.clauses.nodes import Marked, PackError, Place
from scanner.clauses.phrases import expanded
from scanner.clauses.schema import ConstraintModel, FacetModel, PackModel
from scanner.model.clause import ClausePack, CommonGap, Constraint, Facet, Over, Rule, Signal

FIXTURES = ".tests"  # the ending of a folder of fixtures, beside its pack
_LISTS: tuple[Literal["beside", "somewhere", "sections", "facts", "hints", "never", "moot"], ...] = (
    "beside",
    "somewhere",
    "sections",
    "facts",
    "hints",
    "never",
    "moot",
)

NO_PACK = (
    "there is no clause pack (*.yaml) here; set CROSSWALK_CLAUSES to a folder with some, or to nothing for the ones "
    "that ship with Crosswalk"
)


def load_packs(folder: Path) -> tuple[ClausePack, ...]:
    """Return every pack below the folder, ordered by id. Raises PackError, also for none, or two of the same id."""
    return tuple(pack for _, pack in packs_with_files(folder))


def packs_with_files(folder: Path) -> tuple[tuple[Path, ClausePack], ...]:
    """Return the same with the file that each pack stands in; what lies in a folder of fixtures is no pack."""
    packs: dict[str, tuple[Path, ClausePack]] = {}
    for path in sorted(folder.rglob("*.yaml")):
        if any(above.suffix == FIXTURES for above in path.relative_to(folder).parents):
            continue
        pack = load_pack(path)
        if pack.id in packs:
            raise PackError(path, 1, f"another pack has the id {pack.id!r} already")
        packs[pack.id] = path, pack
    if not packs:
        raise PackError(folder, 0, NO_PACK)
    return tuple(packs[name] for name in sorted(packs))


def load_pack(path: Path) -> ClausePack:
    """Return the pack in this file. Raises PackError, which names the file, the line and what to change."""
    return load_marked(path)[0]


def load_marked(path: Path) -> tuple[ClausePack, Marked]:
    """Return the pack with the lines on which its values stand, for what has more to say about it. Raises PackError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PackError(path, 1, f"cannot be read: {error.strerror}") from error
    return _read(path, data)


@lru_cache(maxsize=16)
def _read(path: Path, data: bytes) -> tuple[ClausePack, Marked]:
    """Read a pack's bytes; the same ones, read again in this process, are the same pack."""
    marked = Marked(path, data)
    try:
        model = PackModel.model_validate(marked.values)
    except ValidationError as error:
        raise _said(marked, error) from error
    return _pack(model, marked, hashlib.sha256(data).hexdigest()), marked


def json_schema() -> str:
    """Return the packs' JSON schema, as editors use it; config/schema/clause.schema.json is this text."""
    return json.dumps(PackModel.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


def _said(marked: Marked, error: ValidationError) -> PackError:
    """Say the first problem in the file's own places; a wrong key before the key that it leaves missing."""
    problems = sorted(
        error.errors(), key=lambda problem: (problem["type"] != "extra_forbidden", marked.line(problem["loc"]))
    )
    first = problems[0]
    words = {
        "extra_forbidden": "this key means nothing here",
        "missing": "a key is missing",
    }.get(first["type"], first["msg"].removeprefix("Value error, "))
    where = ".".join(str(part) for part in first["loc"])
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return PackError(marked.path, marked.line(first["loc"]), f"{where or 'the pack'}: {words}{more}")


def _pack(model: PackModel, marked: Marked, digest: str) -> ClausePack:
    return ClausePack(
        id=model.id,
        standard=model.standard,
        edition=model.edition,
        clause=model.clause,
        title=model.title,
        requirement=model.requirement,
        background=model.background,
        signals=tuple(Signal(id=one.id, kind=one.kind, text=one.text, source=one.source) for one in model.signals),
        constraints=tuple(
            _constraint(one, ("constraints", index), model, marked) for index, one in enumerate(model.constraints)
        ),
        common_gap=CommonGap(
            title=model.common_gap.title, severity=model.common_gap.severity, text=model.common_gap.text
        ),
        audit_defence=model.audit_defence,
        digest=digest,
    )


def _constraint(one: ConstraintModel, place: Place, model: PackModel, marked: Marked) -> Constraint:
    return Constraint(
        id=one.id,
        text=one.text,
        short=one.short,
        provenance=one.provenance,
        source=one.source,
        check=one.check,
        facets=tuple(
            _facet(facet, (*place, "facets", index), model.vocabulary, marked) for index, facet in enumerate(one.facets)
        ),
        satisfied=Rule(all_of=tuple(one.satisfied.all_of), at_least=one.satisfied.at_least),
        partial=Rule(all_of=tuple(one.partial.all_of), at_least=one.partial.at_least),
        over=Over(one.over),
        severity=one.severity,
        may_not_apply=one.may_not_apply,
        suggest=tuple(one.suggest),
    )


def _facet(one: FacetModel, place: Place, words: Mapping[str, Sequence[str]], marked: Marked) -> Facet:
    detect: dict[str, object] = {
        "needs": one.detect.needs,
        "count": one.detect.count,
        "touch": one.detect.touch,
        "also_from": tuple(one.detect.also_from),
    }
    for key in _LISTS:
        detect[key] = _phrases(getattr(one.detect, key), (*place, "detect", key), words, marked)
    return Facet(
        id=one.id,
        label=one.label,
        counts=one.counts,
        does_not_count=one.does_not_count,
        cues=_phrases(one.cues, (*place, "cues"), words, marked),
        detect=MappingProxyType(detect),
    )


def _phrases(
    phrases: Sequence[str], place: Place, words: Mapping[str, Sequence[str]], marked: Marked
) -> tuple[str, ...]:
    found = []
    for index, phrase in enumerate(phrases):
        try:
            found.append(expanded(phrase, words))
        except ValueError as error:
            raise PackError(marked.path, marked.line((*place, index)), str(error)) from error
    return tuple(found)
