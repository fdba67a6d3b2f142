"""A backup made while work goes on restores to a Crosswalk that goes on, as deploy/README.md says, word for word."""

import os
import re
import shutil
import stat
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connector.grant import Grant
from scanner.cli.main import app
from scanner.store.database import Database
from tests.migration_builders import rows
from tests.pipeline_builders import Bench, a_bench
from tests.postgres import Server

README = Path(__file__).parents[2] / "deploy/README.md"
TOKEN = "1//0a-refresh-token-of-hers"


def documented(start: str) -> list[str]:
    """The commands of the README's code block that begins so."""
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    (block,) = (one for one in blocks if one.startswith(start))
    return [line.partition("  #")[0].strip() for line in block.strip().splitlines()]


def a_night_and_a_consent(bench: Bench) -> None:
    bench.app.connector._vault.put("mine", Grant(refresh_token=TOKEN, given_at=0.0))
    bench.night()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("live") / "home"


@pytest.fixture(scope="module")
def bench(home: Path) -> Iterator[Bench]:
    with a_bench(home) as made:
        a_night_and_a_consent(made)
        yield made


def test_a_backup_of_sqlite_is_whole_and_private_while_others_write(bench: Bench, home: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with bench.app.store.transaction() as unit:
                unit.connections.hinted("mine", waits=True)
            with bench.app.store.transaction() as unit:
                unit.connections.hinted("mine", waits=False)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        done = CliRunner().invoke(
            app, ["database", "backup", str(tmp_path / "copy.db")], env={"CROSSWALK_HOME": str(home)}
        )
    finally:
        stop.set()
        writer.join()
    assert done.exit_code == 0, done.stderr
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db"]
    copy = Database(f"sqlite:///{tmp_path}/copy.db")
    kept, live = rows(copy), rows(bench.app.database)
    for held in (kept, live):
        held["connection"][0].pop("hinted")
    assert kept == live
    copy.dispose()


def test_a_backup_overwrites_nothing_and_leaves_nothing_half_done(bench: Bench, home: Path, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("something else")
    env = {"CROSSWALK_HOME": str(home)}
    for place, said in (("there", "is there already"), ("no/such/folder", "No backup was made at")):
        done = CliRunner().invoke(app, ["database", "backup", str(tmp_path / place)], env=env)
        assert done.exit_code == 2
        assert said in " ".join(done.stderr.split())
    assert (tmp_path / "there").read_text() == "something else"
    assert bench.report().standings


def test_a_restored_sqlite_goes_on_with_its_key_and_opens_no_consent_without_it(
    bench: Bench, home: Path, tmp_path: Path
) -> None:
    restored, report = tmp_path / "restored", bench.report()
    backup, *_ = documented("crosswalk database backup")
    env = {"CROSSWALK_HOME": str(home)}
    to = tmp_path / "crosswalk.db"
    done = CliRunner().invoke(app, [*backup.split()[1:-1], str(to)], env=env)
    assert done.exit_code == 0, done.stderr
    assert TOKEN.encode() not in to.read_bytes()
    assert (home / "vault.key").read_bytes().strip() not in to.read_bytes()
    restored.mkdir()
    shutil.copy(to, restored / "crosswalk.db")
    with a_bench(restored, connect=False) as without:
        assert without.app.connector.vault().unopened == ("mine",)
        assert without.report() == report
    shutil.copy(home / "vault.key", restored / "vault.key")
    with a_bench(restored, connect=False) as again:
        assert again.app.connector.vault().unopened == ()
        assert again.app.connector._vault.get("mine") == Grant(refresh_token=TOKEN, given_at=0.0)
        again.clock.now = bench.clock.now
        again.night()
        assert again.report().standings == report.standings
        assert again.report().drift == ()


@pytest.mark.xdist_group("postgres")
def test_a_restored_postgresql_goes_on(postgres: Server, postgres_url: str, tmp_path: Path) -> None:
    dump, create, restore = documented("pg_dump")
    assert create == 'createdb "$RESTORED"'
    empty = postgres.new_database("restored")
    programs = {**os.environ, "PATH": f"{postgres.binaries}:{os.environ['PATH']}"}

    def run(command: str, url: str) -> None:
        named = {'"$DATABASE"': postgres_url, '"$RESTORED"': url, "+psycopg": "", "/backup/": f"{tmp_path}/"}
        said = command
        for name, value in named.items():
            said = said.replace(name, value)
        subprocess.run(said.split(), check=True, env=programs)

    with a_bench(tmp_path / "home", database_url=postgres_url) as bench:
        a_night_and_a_consent(bench)
        run(dump, postgres_url)
        report, clock = bench.report(), bench.clock.now
        held = rows(bench.app.database)
    run(restore, empty)
    with a_bench(tmp_path / "home", database_url=empty, connect=False) as again:
        assert rows(again.app.database) == held
        assert again.app.connector.vault().unopened == ()
        again.clock.now = clock
        again.night()
        assert again.report().standings == report.standings
        assert again.report().drift == ()
