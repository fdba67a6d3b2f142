"""What lies in deploy/ agrees with the code: settings, commands, figures, ports, files, versions."""

import configparser
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry
from typer.core import TyperGroup

from scanner.cli.main import commands
from scanner.seeing.figures import AtEachScrape, Figures
from scanner.seeing.meters import Meters
from scanner.settings import setting_names, unknown
from tests.builders import NOON

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
README = (DEPLOY / "README.md").read_text(encoding="utf-8")
FIGURES_PORT, PAGE_PORT = 9100, 8765


def documents(path: Path) -> list[Any]:
    return [one for one in yaml.safe_load_all(path.read_text(encoding="utf-8")) if one]


def told() -> dict[str, set[str]]:
    """Every figure that the code tells, with the labels that it has, as Prometheus stores them."""
    registry = CollectorRegistry()
    registry.register(AtEachScrape(lambda: Figures(now=NOON, connections={"active": 1}, complete={"p": NOON})))
    meters = Meters()
    meters.call(method="files.list", status="ok", units=100, seconds=0.1)
    samples = [sample for one in (registry, meters.registry) for metric in one.collect() for sample in metric.samples]
    found: dict[str, set[str]] = {"up": {"job", "instance"}}
    for sample in samples:
        found.setdefault(sample.name, {"job", "instance"}).update(sample.labels)
    return found


def expressions() -> Iterator[str]:
    (alerts,) = documents(DEPLOY / "prometheus/alerts.yaml")
    yield from (rule["expr"] for group in alerts["groups"] for rule in group["rules"])
    dashboard = json.loads((DEPLOY / "grafana/crosswalk.json").read_text(encoding="utf-8"))
    yield from (target["expr"] for panel in dashboard["panels"] for target in panel["targets"])
    (scaled,) = documents(DEPLOY / "k8s/keda/scaled.yaml")
    yield from (trigger["metadata"]["query"] for trigger in scaled["spec"]["triggers"])


@pytest.mark.parametrize("path", [one for one in FILES if one.suffix == ".yaml"], ids=lambda path: path.name)
def test_each_yaml_can_be_read(path: Path) -> None:
    assert documents(path)


def test_dashboard_alerts_and_scaling_rest_on_figures_that_exist_with_labels_that_they_have() -> None:
    figures = told()
    rested: set[str] = set()
    for expression in expressions():
        names = re.findall(r"\b(up|(?:crosswalk|process)_\w+)(?:\{([^}]*)\})?", expression)
        assert names, expression
        for name, chosen in names:
            assert name in figures, expression
            assert set(re.findall(r"(\w+)\s*[=!]", chosen)) <= figures[name], expression
            rested.add(name)
        grouped = {one.strip() for by in re.findall(r"by \(([^)]*)\)", expression) for one in by.split(",")}
        assert grouped <= set.union(*(figures[name] for name, _ in names)), expression
    assert {name for name in figures if name.startswith("crosswalk_")} - rested == {
        name for name in figures if name.startswith("crosswalk_") and name.endswith(("_created", "_sum"))
    } | {"crosswalk_drive_call_seconds_count"}


def test_the_table_of_figures_names_all_of_them() -> None:
    named = set(re.findall(r"`(crosswalk_\w+)(?:\{[\w,]*\})?`", README))
    families = {re.sub(r"_(bucket|sum|count|created)$", "", one) for one in told() if one.startswith("crosswalk_")}
    # A counter's moment of making is stored beside it, under its name without _total.
    assert named == families - {one.removesuffix("_total") for one in families if one.endswith("_total")}


def settings_in(path: Path) -> set[str]:
    return set(re.findall(r"\bCROSSWALK_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(DEPLOY).as_posix())
def test_each_setting_that_is_named_exists(path: Path) -> None:
    assert unknown(settings_in(path)) == ()


def test_what_is_set_is_a_setting() -> None:
    assert settings_in(DEPLOY / "compose.yaml") <= setting_names()
    assert len(settings_in(DEPLOY / "stand-in.env")) == 7


def exists(words: list[str]) -> bool:
    group: Any = commands()
    for word in words:
        if not isinstance(group, TyperGroup):
            return True  # an argument
        group = group.get_command(None, word)  # type: ignore[arg-type]  # ours needs no context
        if group is None:
            return False
    return True


def test_each_command_that_is_run_exists() -> None:
    run = [
        re.findall(r"crosswalk, ([\w, -]+)\]", path.read_text(encoding="utf-8"))
        for path in FILES
        if path.suffix == ".yaml"
    ]
    lines = [line.replace(",", "").split() for found in run for line in found]
    for path in (DEPLOY / "systemd").glob("*.service"):
        unit = configparser.RawConfigParser(strict=False)
        unit.optionxform = str  # type: ignore[assignment, method-assign]  # as configparser's own manual has it
        unit.read(path, encoding="utf-8")
        program, *words = unit["Service"]["ExecStart"].split()
        assert program == "/opt/crosswalk/bin/crosswalk"
        lines.append(words)
    lines += [
        found.split()
        for found in re.findall(r"(?:`|^|bin/)crosswalk ((?:[a-z]+(?:-[a-z]+)* ?)+)", README, re.MULTILINE)
    ]
    named = [[word for word in line if not word.startswith("-")] for line in lines]
    assert len(named) > 15
    assert [line for line in named if not exists(line)] == []


def test_ports_agree() -> None:
    image = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert f"CROSSWALK_METRICS_PORT={FIGURES_PORT}" in image
    assert f"http://127.0.0.1:{FIGURES_PORT}/healthz" in image
    assert f"EXPOSE {PAGE_PORT} {FIGURES_PORT}\n" in image
    defaults = tomllib.loads((ROOT / "config/defaults.toml").read_text(encoding="utf-8"))
    assert defaults["port"] == PAGE_PORT
    for name in ("web", "worker", "schedule"):
        deployment = documents(DEPLOY / f"k8s/base/{name}.yaml")[0]
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        ports = {one["name"]: one["containerPort"] for one in container["ports"]}
        assert ports == {"metrics": FIGURES_PORT} | ({"page": PAGE_PORT} if name == "web" else {})
        assert {container[f"{kind}Probe"]["httpGet"]["port"] for kind in ("liveness", "readiness", "startup")} == {
            "metrics"
        }
    units = {
        match[1].replace("%i", number)
        for path in (DEPLOY / "systemd").glob("crosswalk-*.service")
        for number in "12"
        if (match := re.search(r"CROSSWALK_METRICS_PORT=(\S+)", path.read_text(encoding="utf-8")))
    }
    (scrape,) = documents(DEPLOY / "prometheus/prometheus.yaml")
    targets = [one for job in scrape["scrape_configs"] for at in job["static_configs"] for one in at["targets"]]
    assert {target.removeprefix("127.0.0.1:") for target in targets} == units


def test_kustomize_finds_all_that_it_names_and_names_all_that_is_there() -> None:
    for folder in (DEPLOY / "k8s/base", DEPLOY / "k8s/keda"):
        (made,) = documents(folder / "kustomization.yaml")
        assert all((folder / name).exists() for name in made["resources"])
        here = {path.name for path in folder.glob("*.yaml")} - {"kustomization.yaml"}
        assert here <= set(made["resources"])


def test_every_unit_logs_for_machines_and_every_compose_command_reads_the_settings() -> None:
    units = list((DEPLOY / "systemd").glob("*.service"))
    assert len(units) == 4
    assert all("Environment=CROSSWALK_LOG_STYLE=json\n" in path.read_text(encoding="utf-8") for path in units)
    commands = re.findall(r"docker compose .*", README)
    assert len(commands) >= 3
    assert all(one.startswith("docker compose --env-file .env --file deploy/compose.yaml ") for one in commands)


def test_every_pod_and_container_is_locked_down() -> None:
    for name in ("web", "worker", "schedule"):
        pod = documents(DEPLOY / f"k8s/base/{name}.yaml")[0]["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"]
        (container,) = pod["containers"]
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert not container["securityContext"]["allowPrivilegeEscalation"]
    (compose,) = documents(DEPLOY / "compose.yaml")
    ours = {name: one for name, one in compose["services"].items() if one["image"] == "crosswalk"}
    assert set(ours) == {"web", "worker", "schedule", "google", "demo"}
    assert all(one["read_only"] and one["cap_drop"] == ["ALL"] for one in ours.values())
    assert ours["worker"]["deploy"]["replicas"] == 2


def test_the_page_of_a_server_names_files_and_revisions_that_exist() -> None:
    for name in re.findall(r"`((?:deploy|config|tests)/[\w./-]+)`", README):
        assert (ROOT / name).exists() or name == "deploy/secrets", name
    revisions = {path.name[:4] for path in (ROOT / "scanner/store/migrations/versions").glob("0*.py")}
    assert set(re.findall(r"downgrade (\d{4})", README)) <= revisions


def test_a_server_runs_the_very_versions_that_the_tests_ran_on() -> None:
    def locked(path: Path) -> dict[str, str]:
        return dict(
            re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        )

    ours, server = locked(ROOT / "requirements.lock"), locked(DEPLOY / "requirements.lock")
    assert server.items() <= ours.items()
    assert {"psycopg", "opentelemetry-sdk", "structlog", "hatchling"} <= server.keys()
    assert not {"pytest", "mypy", "selenium", "reportlab"} & server.keys()
