"""What the files at the top level promise is true of the code: settings, commands, the lock."""

import re
import tomllib
from pathlib import Path

from typer.testing import CliRunner

from scanner.cli.main import app
from scanner.settings import Settings

ROOT = Path(__file__).parents[2]
TOP = {
    "pyproject.toml", "connector", "scanner", "tests", "config", "deploy", "README.md", "ARCHITECTURE.md",
    "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "Makefile", "requirements.lock", ".ci", ".gitignore",
}  # fmt: skip


def test_every_setting_has_its_default_in_the_one_file() -> None:
    defaults = tomllib.loads((ROOT / "config/defaults.toml").read_text(encoding="utf-8"))
    assert set(defaults) == set(Settings.model_fields) - {"smtp_password", "llm_key"}


def test_every_setting_in_the_example_environment_exists() -> None:
    from connector.settings import ConnectorSettings

    known = {f"CROSSWALK_{name.upper()}" for name in (*Settings.model_fields, *ConnectorSettings.model_fields)}
    known.add("CROSSWALK_SECRETS_DIR")
    named = set(re.findall(r"CROSSWALK_[A-Z_]+", (ROOT / "config/example.env").read_text(encoding="utf-8")))
    assert named <= known


def test_every_command_that_readme_names_exists() -> None:
    runner = CliRunner()
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = set(re.findall(r"(?:^|[`/ ])crosswalk ([a-z]+)", text, re.MULTILINE))
    assert commands
    for command in commands:
        assert runner.invoke(app, [command, "--help"]).exit_code == 0, command


def test_every_make_target_that_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert named <= targets


def test_the_lock_pins_every_package_by_hash_and_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


def test_the_lock_holds_every_direct_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    wanted += [one for extra in project["project"]["optional-dependencies"].values() for one in extra]
    names = {re.split(r"[\[>=<]", one)[0].lower().replace(".", "-") for one in wanted}
    locked = set(
        re.findall(
            r"^([a-z0-9._-]+)(?:\[[a-z]+\])?==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    assert names <= locked


def test_nothing_lies_at_the_top_level_that_has_no_place_there() -> None:
    import subprocess

    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert {name.split("/")[0] for name in listed.splitlines()} <= TOP


def test_no_test_mocks_our_own_classes() -> None:
    mocking = re.compile(r"unittest\.mock|MagicMock|mocker\.|monkeypatch\.setattr\(\s*['\"]?(?:connector|scanner)")
    here = Path(__file__).name
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path.name != here]
    assert [path.name for path in tests if mocking.search(path.read_text(encoding="utf-8"))] == []


def test_every_test_that_architecture_names_exists() -> None:
    """The threats there are held by tests, not by words."""
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    missing = [(file, test) for file, test in named if f"def {test}(" not in (ROOT / file).read_text(encoding="utf-8")]
    assert missing == []
