"""Local files that meet the clause together are told the audit defence, as a review tells it."""

import json
from datetime import UTC, datetime
from pathlib import Path

from scanner.demo.company.build import build_seed
from scanner.demo.company.expected import (
    ADMIN_MANUAL,
    CONFORMANCE,
    FIRST_RELEASE,
    GUIDE,
    MDS2,
    NOTES_420,
    RISK_REPORT,
    WHITE_PAPER,
)
from tests.acceptance.test_local_scan import crosswalk

DOCUMENTS = {ADMIN_MANUAL, CONFORMANCE, GUIDE, MDS2, NOTES_420, RISK_REPORT, WHITE_PAPER}
INDEX = f"""# Accompanying Documentation Index

Applies to PulseView {FIRST_RELEASE}

## Coverage of Annex E of IEC 81001-5-1

| Annex E | Where it stands |
|---|---|
| E.2.1 Product documentation | Security Guide PV-SEC-001, chapter 1 |
| E.2.2 Defence in depth | Security White Paper PV-WP-002, section 3 |
| E.2.3 Measures expected in the environment | Security Guide PV-SEC-001, chapter 2 |
| E.2.4 Hardening guidelines | Security Guide PV-SEC-001, chapter 5 |
| E.2.5 Security update information | Security Guide PV-SEC-001, chapter 6 |
| E.3 Decommissioning guidelines | Disposal Guide PV-DIS-001, chapter 1 |
"""
DISPOSAL = f"""# PulseView Disposal Guide

Applies to PulseView {FIRST_RELEASE}

## Decommissioning

Before a Gateway leaves the hospital, delete all patient data under Service > Erase and wait for the confirmation.
Then wipe the disks with three passes and remove the certificates from the backup share.
Delete readings from the Gateway after 30 days: set Gateway > Storage > Keep to 30 days.
"""


def a_product(folder: Path, seed: Path) -> None:
    """Lay out the invented company's documents with the two that it lacks."""
    build_seed(seed, today=datetime.now(UTC).date())
    for item in json.loads((seed / "manifest.json").read_text(encoding="utf-8"))["items"]:
        if item["name"] in DOCUMENTS and item.get("content"):
            content = seed / item["content"]
            (folder / f"{Path(item['name']).stem}{content.suffix}").write_bytes(content.read_bytes())
    (folder / "Documentation Index.md").write_text(INDEX)
    (folder / "Disposal Guide.md").write_text(DISPOSAL)


def test_the_defence_is_printed_when_all_ten_are_met_and_not_when_one_document_is_taken_away(tmp_path: Path) -> None:
    folder, seed = tmp_path / "files", tmp_path / "seed"
    folder.mkdir()
    seed.mkdir()
    a_product(folder, seed)
    met = crosswalk("scan", str(folder), home=tmp_path)
    assert met.returncode == 0, met.stderr
    assert "The Security Guide released with PulseView (Doc ID: PV-SEC-001) provides secure" in met.stdout
    assert f"PulseView {FIRST_RELEASE} – IEC 81001-5-1 §5.8.2" in met.stdout
    (folder / "Disposal Guide.md").unlink()
    gap = crosswalk("scan", str(folder), home=tmp_path)
    assert "Doc ID: PV-SEC-001" not in gap.stdout
    assert "secure disposal at end of use" in " ".join(gap.stdout.split())
