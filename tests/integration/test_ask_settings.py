"""A language model by settings: off unless wanted, refused unless allowed, and said wherever people look."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scanner.checks.asked import AskingJudge
from scanner.checks.judge import FacetJudge
from scanner.cli.main import app as cli
from scanner.parts import judge_of
from scanner.settings import SettingsError, load
from tests.checks_builders import FRONT
from tests.model_server import MODEL, ModelServer, running_model, said

PORTS = "Put the hardware where visitors cannot reach its ports."


@pytest.fixture(name="model")
def _model() -> Iterator[ModelServer]:
    with running_model() as server:
        yield server


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSWALK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "400")


def test_it_is_off_by_default_and_nothing_of_it_is_loaded() -> None:
    assert isinstance(judge_of(load()), FacetJudge)
    code = (
        "import sys, scanner.app; from scanner.settings import load; scanner.app.judge_of(load());"
        "print([name for name in sys.modules if name.split('.')[0] == 'httpx' or name == 'scanner.ask.chat'])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


def test_an_address_alone_turns_nothing_on(model: ModelServer) -> None:
    assert isinstance(judge_of(load(llm_url=model.url, llm_model=MODEL)), FacetJudge)


def test_a_hosted_model_is_refused_until_its_host_is_named() -> None:
    wanted = {"judge": "llm", "llm_url": "https://api.example.com/v1", "llm_model": "big"}
    with pytest.raises(SettingsError, match=r"CROSSWALK_LLM_TEXT_MAY_GO_TO=api\.example\.com"):
        judge_of(load(**wanted))
    assert isinstance(judge_of(load(**wanted, llm_text_may_go_to="api.example.com")), AskingJudge)


def test_a_judge_that_is_wanted_needs_an_address() -> None:
    with pytest.raises(SettingsError, match="CROSSWALK_LLM_URL"):
        judge_of(load(judge="llm"))


def test_a_change_of_model_is_a_change_of_judge_so_that_everything_is_scanned_again(model: ModelServer) -> None:
    versions = {judge_of(load(judge="llm", llm_url=model.url, llm_model=name)).version for name in ("a-7b", "b-7b")}
    assert len(versions | {judge_of(load()).version}) == 3


def test_a_local_scan_asks_where_it_is_told_to(
    model: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CROSSWALK_LLM_URL", model.url)
    monkeypatch.setenv("CROSSWALK_LLM_MODEL", MODEL)
    file = tmp_path / "secret-project-name.md"
    file.write_text(f"{FRONT}## Place\n\n{PORTS}\n")
    model.says = said(bears=[(PORTS, "physical", PORTS)])

    plain = CliRunner().invoke(cli, ["scan", str(file), "--format", "jsonl"])
    assert (plain.exit_code, model.asked) == (0, [])
    asked = CliRunner().invoke(cli, ["scan", str(file), "--judge", "llm", "--format", "jsonl"])
    assert asked.exit_code == 0, asked.output
    assert f"The language model {MODEL} at 127.0.0.1, on this machine or network, is asked" in " ".join(
        asked.stderr.split()
    )
    first = json.loads(asked.stdout.splitlines()[0])["verdicts"][0]
    assert f"the language model {MODEL} pointed at more on physical protection" in first["reason"]
    assert not any("secret-project-name" in json.dumps(one.body) for one in model.asked)


def test_candidates_of_a_drive_are_not_judged_by_a_switch() -> None:
    result = CliRunner().invoke(cli, ["scan", "--judge", "llm"])
    assert result.exit_code == 1
    assert "CROSSWALK_JUDGE" in result.stderr


def test_doctor_says_whether_it_is_on_and_which_text_goes_where(
    model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "off: the rules judge alone" in _doctor()["what"]
    monkeypatch.setenv("CROSSWALK_JUDGE", "llm")
    monkeypatch.setenv("CROSSWALK_LLM_URL", model.url)
    monkeypatch.setenv("CROSSWALK_LLM_MODEL", MODEL)
    on = _doctor()
    assert on["state"] == "fine"
    assert on["what"].startswith(f"it answers. The language model {MODEL} at 127.0.0.1, on this machine or network, ")
    assert model.asked == []
    monkeypatch.setenv("CROSSWALK_LLM_URL", "http://127.0.0.1:1/v1")
    assert _doctor()["state"] == "not fine"
    assert "cannot be reached: until it answers, the rules judge alone" in _doctor()["what"]


def _doctor() -> dict[str, str]:
    result = CliRunner().invoke(cli, ["doctor", "--format", "json"])
    return next(row for row in json.loads(result.stdout) if row["looked_at"] == "language model")
