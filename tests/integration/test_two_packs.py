"""Two clauses over one Drive: each has its candidates, its report and its email, and neither counts the other's."""

import shutil
from pathlib import Path

from scanner.model.gap import GapReport
from scanner.model.verdict import Outcome
from tests.checks_builders import PACK_FILE
from tests.pipeline_builders import a_bench

EXAMPLE = PACK_FILE.parents[2] / "example-clauses" / "retirement.yaml"
HANDOVER = b"""# Handing over the heat pump controller

Choose *Installer > Erase everything* and type the last digits of the serial number. Settings and keys are erased.
Wait until the display shows *Empty*.
"""


def test_each_clause_has_a_report_of_its_own_and_one_email_tells_of_both(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    packs.mkdir()
    for file in (PACK_FILE, EXAMPLE):
        shutil.copy(file, packs)
    with a_bench(tmp_path / "home", clauses=str(packs)) as bench:
        bench.memory.put("handover", HANDOVER, name="Handover sheet.md", media_type="text/markdown")
        bench.night()
        reports = {}
        with bench.app.store.reading() as unit:
            (product,) = unit.products.of_connection("mine")
            for pack in bench.app.packs:
                reports[pack.id] = unit.reports.latest(product.id, pack.id)
        retirement, security = reports["example/retirement"], reports["iec-81001-5-1/5.8.2"]
        assert retirement is not None
        assert security is not None
        assert outcome(retirement, "emptying") is Outcome.SATISFIED
        assert outcome(security, "account-management") is Outcome.SATISFIED
        assert (retirement.coverage.candidates, retirement.coverage.scanned) == (1, 1)
        assert (security.coverage.candidates, security.coverage.scanned) == (1, 1)
        (mail,) = (tmp_path / "home" / "outbox").glob("*.html")
        for pack in bench.app.packs:
            assert f"{pack.standard} §{pack.clause} {pack.title}" in mail.read_text()


def outcome(report: GapReport, constraint: str) -> Outcome:
    return next(one.outcome for one in report.standings if one.constraint == constraint)
