"""What the formats print: the scan line that other programs read, and tables for people."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import scanner.report
from scanner.model.document import Locator
from scanner.model.gap import FileRef, GapReport, Unchecked
from scanner.model.verdict import Citation, FacetState, Outcome, Verdict
from scanner.report.as_table import file_table, review_table
from scanner.report.base import ScannedFile, ScanStatus, undetermined_file
from scanner.report.registry import FORMATS
from tests.report_builders import GUIDE, a_citation, a_decided_report, a_pack, a_report, a_second_report, a_standing

HOSTILE = "[red]x[/red] \x1b[31m\x1b]0;title\x07 [/] \u202egpj.exe\r\nsecond line"


def a_scanned_file(name: str = "docs/Guide.pdf") -> ScannedFile:
    """Build a file with one satisfied constraint."""
    citation = Citation(
        quote="Change the default administrator password.",
        locator=Locator(page=4, heading=("Accounts", "Roles"), paragraph=17),
        facet="main",
    )
    verdict = Verdict(
        constraint="account-management",
        outcome=Outcome.SATISFIED,
        reason="Accounts and their passwords are described.",
        facets={"main": FacetState.MET},
        citations=(citation,),
    )
    return ScannedFile(
        file=name,
        media_type="application/pdf",
        status=ScanStatus.SCANNED,
        reason="",
        words=1234,
        seconds=0.81234,
        verdicts=(verdict,),
    )


def an_encrypted_file() -> ScannedFile:
    """Build a file that could not be checked."""
    return undetermined_file(
        file="docs/Locked.pdf", media_type="application/pdf", reason="it is encrypted", seconds=0.1, pack=a_pack()
    )


def printed_files(name: str, *files: ScannedFile) -> str:
    """Print files in a format."""
    out = io.StringIO()
    FORMATS[name].write_files(iter(files), pack=a_pack(), out=out)
    return out.getvalue()


def printed_report(name: str, report: GapReport) -> str:
    """Print a report in a format."""
    out = io.StringIO()
    FORMATS[name].write_report(report, pack=a_pack(), out=out)
    return out.getvalue()


def test_a_scanned_file_is_one_line_whose_keys_never_change() -> None:
    """The contract, written out."""
    assert json.loads(printed_files("jsonl", a_scanned_file())) == {
        "file": "docs/Guide.pdf",
        "media_type": "application/pdf",
        "status": "scanned",
        "reason": "",
        "words": 1234,
        "seconds": 0.812,
        "verdicts": [
            {
                "constraint": "account-management",
                "outcome": "satisfied",
                "reason": "Accounts and their passwords are described.",
                "facets": {"main": "met"},
                "citations": [
                    {
                        "quote": "Change the default administrator password.",
                        "locator": {"page": 4, "heading": ["Accounts", "Roles"], "paragraph": 17},
                        "facet": "main",
                    }
                ],
            }
        ],
    }


def test_a_file_that_could_not_be_checked_has_every_constraint_undetermined() -> None:
    """With the reason, and with nothing else."""
    line = json.loads(printed_files("jsonl", an_encrypted_file()))
    assert (line["status"], line["reason"]) == ("undetermined", "it is encrypted")
    assert [verdict["constraint"] for verdict in line["verdicts"]] == [each.id for each in a_pack().constraints]
    assert {verdict["outcome"] for verdict in line["verdicts"]} == {"undetermined"}
    assert {verdict["reason"] for verdict in line["verdicts"]} == {"Could not check, because it is encrypted"}


def test_an_undetermined_file_cannot_be_built_without_a_reason_or_with_a_result() -> None:
    """Could not check is never silent and never a finding."""
    with pytest.raises(ValueError, match="needs a reason"):
        replace(an_encrypted_file(), reason=" ")
    with pytest.raises(ValueError, match="no other outcome"):
        replace(an_encrypted_file(), verdicts=a_scanned_file().verdicts)


@given(st.text(alphabet=st.characters(), min_size=1))
def test_a_line_stays_a_line_and_gives_the_name_back(name: str) -> None:
    """Line ends, controls and halves of characters included."""
    printed = printed_files("jsonl", a_scanned_file(name))
    assert len(printed.splitlines()) == 1
    assert printed.isascii()
    assert json.loads(printed)["file"] == name


def test_lines_come_one_by_one() -> None:
    """The first line is out before the second file is scanned."""
    out = io.StringIO()

    def scans() -> object:
        yield a_scanned_file("one.pdf")
        assert out.getvalue().count("\n") == 1
        yield a_scanned_file("two.pdf")

    FORMATS["jsonl"].write_files(scans(), pack=a_pack(), out=out)  # type: ignore[arg-type]  # a generator is iterable
    assert out.getvalue().count("\n") == 2


def test_a_file_read_only_in_part_says_so_and_why() -> None:
    """In the line's reason and above the table."""
    cut = replace(a_scanned_file(), reason="the rest of it was not read")
    assert json.loads(printed_files("jsonl", cut))["reason"] == "the rest of it was not read"
    assert "read only in part, because the rest of it was not read" in printed_files("table", cut)
    part = Unchecked(file=GUIDE, because="the rest of it was not read", in_part=True, still=True)
    told = json.loads(printed_report("json", a_report(unchecked=(part,))))["unchecked"]
    assert [(one["because"], one["in_part"], one["still"]) for one in told] == [(part.because, True, True)]
    table = " ".join(printed_report("table", a_report(unchecked=(part,))).split())
    assert "still: read only in part: the rest of it was not read" in table


def test_json_holds_all_files_in_one_document() -> None:
    """With the clause that they were judged against."""
    document = json.loads(printed_files("json", a_scanned_file(), an_encrypted_file()))
    assert document["clause"] == "iec-81001-5-1/5.8.2"
    assert [file["status"] for file in document["files"]] == ["scanned", "undetermined"]


def test_a_report_is_whole_in_json_and_in_lines() -> None:
    """Both carry the same parts."""
    whole = json.loads(printed_report("json", a_second_report()))
    assert whole["release"] == {
        "version": "4.3.0",
        "released_on": "2026-05-14",
        "source": "release notes: Release Notes 4.3.0.docx",
    }
    assert whole["since"] == "2026-05-14T03:10:00+00:00"
    assert [drift["drift"] for drift in whole["drift"]] == ["won", "lost", "lost", "stale"]
    assert whole["standings"][0]["citations"][0]["locator"] == {"page": 4, "heading": ["Accounts", "Roles"]}
    assert whole["unchecked"][0]["because"] == "its 12 pages are pictures without text"
    lines = [json.loads(line) for line in printed_report("jsonl", a_second_report()).splitlines()]
    assert [line["record"] for line in lines] == ["report"] + ["standing"] * 10 + ["drift"] * 4 + ["unchecked"]
    for part in ("standing", "drift", "unchecked"):
        told = [{key: line[key] for key in line if key != "record"} for line in lines if line["record"] == part]
        assert told == whole["drift" if part == "drift" else f"{part}s" if part == "standing" else part]


def test_the_review_table_gives_outcome_reason_quote_file_and_place() -> None:
    """One row a constraint, readable without colour."""
    table = printed_report("table", a_second_report())
    words = " ".join(table.split())
    assert "✓ satisfied" in words
    assert "✗ missing" in words
    assert "◐ partial" in words
    assert "– not applicable" in words
    assert "? undetermined" in words
    for expected in ("PulseView 4.3.0 – IEC 81001-5-1 §5.8.2", "Retention and disposal", "Residual Risk signed.pdf"):
        assert expected in words
    wide = io.StringIO()
    Console(file=wide, width=200, highlight=False).print(review_table(a_second_report(), pack=a_pack()))
    proof = "“Change the default administrator password.” PulseView Security Guide, page 4, Accounts › Roles"
    assert proof in wide.getvalue()
    assert "\x1b" not in table


def test_a_scanned_file_and_one_that_could_not_be_checked_are_shown() -> None:
    """The reason stands beside the name."""
    words = " ".join(printed_files("table", a_scanned_file(), an_encrypted_file()).split())
    assert "docs/Guide.pdf application/pdf, 1,234 words, 0.8 s" in words
    assert "? undetermined could not check, because it is encrypted" in words


def test_a_hostile_name_neither_colours_nor_moves_the_terminal() -> None:
    """Its markup is shown as it is, its controls are replaced; only the table's own colours are sent."""
    file = FileRef(id="x", name=HOSTILE, path=HOSTILE, link="https://a.example/\x1b]8;;")
    report = replace(
        a_report(),
        product=HOSTILE,
        standings=(
            replace(a_standing("gone", Outcome.PARTIAL, reason=HOSTILE), citations=(a_citation(file, HOSTILE),)),
        ),
        unchecked=(Unchecked(file=file, because=HOSTILE),),
        audit_defence=HOSTILE,
    )
    for renderable in (
        review_table(report, pack=a_pack()),
        file_table(a_scanned_file(HOSTILE), pack=a_pack()),
        file_table(replace(an_encrypted_file(), file=HOSTILE, reason=HOSTILE), pack=a_pack()),
    ):
        out = io.StringIO()
        Console(file=out, width=400, highlight=False, color_system=None).print(renderable)
        assert "[red]x[/red]" in out.getvalue()
        assert not {"\x1b", "\x07", "\r", "\u202e"} & set(out.getvalue())


def test_every_format_module_is_registered() -> None:
    """Whoever adds a format adds its line."""
    modules = {path.stem.removeprefix("as_") for path in Path(scanner.report.__path__[0]).glob("as_*.py")}
    assert set(FORMATS) == modules


def test_a_table_shows_what_is_waived_the_seven_questions_and_what_our_judging_changed() -> None:
    """A waived gap is never shown as satisfied."""
    said = " ".join(printed_report("table", a_decided_report()).split())
    for expected in (
        "Waived by Mara Voss until 31 August 2026: The report comes with 4.4.",
        "Updated with the release?",
        "Release Notes 4.3.0.docx says nothing of security.",
        "“The list opens faster.”",
        "Our judging changed.",
        "What our judging changed",
    ):
        assert expected in said, expected
    assert "What changed" not in said


def test_programs_read_waivers_questions_and_what_is_ours() -> None:
    """Nothing of it is mixed with drift."""
    report = json.loads(printed_report("json", a_decided_report()))
    standings = {one["constraint"]: one for one in report["standings"]}
    assert standings["residual-risks"]["outcome"] == "missing"
    assert standings["residual-risks"]["waiver"] == {
        "id": 7,
        "kind": "waived",
        "reason": "The report comes with 4.4.",
        "approver": "Mara Voss",
        "until": "2026-08-31",
    }
    (check,) = standings["updated-each-release"]["checks"]
    assert (check["check"], check["outcome"]) == ("release-notes", "missing")
    assert check["citations"][0]["quote"] == "The list opens faster."
    assert (report["drift"], len(report["ours"]), report["note"]) == ([], 1, "Our judging changed.")
    assert [one["version"] for one in report["waiting"]] == ["4.4.0"]
    records = [json.loads(line)["record"] for line in printed_report("jsonl", a_decided_report()).splitlines()]
    assert records.count("ours") == 1
