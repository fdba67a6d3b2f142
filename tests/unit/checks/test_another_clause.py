"""Another clause is one YAML file: its facets are judged without a line of Python of their own."""

from pathlib import Path

from scanner.checks.registry import judge
from scanner.clauses.load import load_pack
from scanner.model.verdict import FacetState, Outcome
from tests.checks_builders import a_guide

PACK = """\
id: house/sbom
standard: HOUSE
edition: "1"
clause: sbom
title: Component list
requirement: Users are given a list of components and are told what to do with it.
background: None.
signals:
  - {id: name, kind: FILE_EXISTS, text: SBOM, source: ours}
vocabulary:
  list: [sbom, components, cyclonedx, spdx]
constraints:
  - id: component-list
    text: A list of components is delivered, and its users are told what to do with it.
    short: Component list
    provenance: interpretation
    source: ours
    over: set
    severity: low
    facets:
      - id: delivered
        label: where the list is
        counts: The format or place of the list.
        does_not_count: That a list exists.
        cues: [<list> .. delivered|download*|stored|found]
        detect: {needs: fact, never: [on request]}
      - id: use
        label: what to do with it
        counts: An action of the hospital's.
        does_not_count: The maker's own scans.
        cues: [import|compare|check|scan .. <list>]
        detect: {needs: action}
    satisfied: {all_of: [delivered, use]}
    partial: {at_least: 1}
common_gap: {title: No list, severity: low, text: No list is delivered.}
audit_defence: The list of {product} is delivered.
"""


def test_facets_of_another_clause_are_judged(tmp_path: Path) -> None:
    file = tmp_path / "sbom.yaml"
    file.write_text(PACK, encoding="utf-8")
    pack = load_pack(file)
    body = "## Components\n\nThe components are delivered as CycloneDX file with each release.\n"
    partly = judge().judge(pack, a_guide(body)).verdicts[0]
    wholly = (
        judge().judge(pack, a_guide(body + "Import the SBOM into the hospital's scanner every month.\n")).verdicts[0]
    )
    assert (partly.outcome, partly.facets["use"]) == (Outcome.PARTIAL, FacetState.ABSENT)
    assert wholly.outcome is Outcome.SATISFIED
    assert wholly.reason == "Found: where the list is and what to do with it."
