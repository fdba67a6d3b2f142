"""The never-arrows of ARCHITECTURE as tests; the import layers themselves are kept by import-linter."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = sorted(path for top in ("connector", "scanner") for path in (ROOT / top).rglob("*.py"))

HOMES = {
    "googleapiclient": ("connector/drive/client.py", "connector/drive/wire.py", "connector/emulator/"),
    "google_auth_oauthlib": ("connector/oauth",),
    "google_auth_httplib2": ("connector/drive/",),
    "httplib2": ("connector/drive/",),
    "urllib3": ("connector/drive/",),
    "msgspec": ("connector/", "scanner/extract/wire.py"),
    "cryptography": ("connector/vault", "connector/seal", "connector/emulator/"),
    "apscheduler": ("scanner/schedule.py",),
    "smtplib": ("scanner/notify/email.py",),
    "structlog": ("scanner/seeing/",),
    "prometheus_client": ("scanner/seeing/",),
    "opentelemetry": ("scanner/seeing/",),
    "typer": ("scanner/cli/",),
    "pdfminer": ("scanner/extract/",),
    "pypdfium2": ("scanner/extract/",),
    "docx": ("scanner/extract/", "scanner/demo/company/"),
    "lxml": ("scanner/extract/", "scanner/feeds/"),
    "python_calamine": ("scanner/extract/",),
    "markdown_it": ("scanner/extract/",),
    "olefile": ("scanner/extract/",),
    "tesserocr": ("scanner/extract/ocr.py",),
    "PIL": ("scanner/extract/picture.py",),
    "striprtf": ("scanner/extract/",),
    "re2": ("scanner/clauses/patterns.py",),
    "yaml": ("scanner/clauses/", "scanner/demo/company/"),
    "alembic": ("scanner/store/",),
    "sqlmodel": ("scanner/store/", "scanner/jobs/"),
    "sqlalchemy": ("scanner/store/", "scanner/jobs/"),
    "procrastinate": ("scanner/jobs/postgres/",),
    "psycopg": ("scanner/jobs/postgres/",),
    "packaging": ("scanner/versions/",),
    "httpx": ("scanner/demo/", "scanner/ask/"),
    "reportlab": ("scanner/demo/company/",),
    "openpyxl": ("scanner/demo/company/",),
    "pptx": ("scanner/demo/company/",),
}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def under(path: Path, *folders: str) -> bool:
    return path.relative_to(ROOT).as_posix().startswith(folders)


def test_the_connector_has_never_heard_of_what_it_is_used_for() -> None:
    words = re.compile(r"\b(clauses?|constraints?|compliance|gaps?|verdicts?|iec)\b", re.IGNORECASE)
    heard = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in CODE
        if under(path, "connector/")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if words.search(line)
    ]
    assert heard == []


def test_only_the_composition_root_reaches_behind_the_connectors_door() -> None:
    reached = [
        (path.relative_to(ROOT).as_posix(), name)
        for path in CODE
        if under(path, "scanner/")
        for name in imports(path)
        if name.startswith("connector.")
    ]
    assert {file for file, _ in reached} <= {"scanner/app.py"}
    assert {name for _, name in reached} == {"connector.service"}


def test_each_third_party_library_has_one_home() -> None:
    strays = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in CODE
        for name in imports(path)
        if (homes := HOMES.get(name.split(".")[0])) and not under(path, *homes)
    ]
    assert strays == []


def test_production_starts_the_emulator_as_a_process_and_never_imports_it() -> None:
    assert [
        path for path in CODE if "connector.emulator" in imports(path) and not under(path, "connector/emulator/")
    ] == []


def test_judgement_knows_no_clock_no_environment_and_no_network() -> None:
    touching = {
        "os",
        "time",
        "socket",
        "subprocess",
        "random",
        "sqlmodel",
        "sqlalchemy",
        "requests",
        "httpx",
        "smtplib",
    }
    pure = ("scanner/model/", "scanner/versions/", "scanner/checks/", "scanner/gaps/")
    touched = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in CODE
        if under(path, *pure)
        for name in imports(path)
        if name.split(".")[0] in touching
    ]
    assert touched == []
    asked = re.compile(r"datetime\.now|date\.today|time\.time")
    assert [path for path in CODE if under(path, *pure) and asked.search(path.read_text(encoding="utf-8"))] == []


def test_no_table_has_a_column_that_could_hold_a_document() -> None:
    from sqlmodel import SQLModel

    import scanner.jobs.tables
    import scanner.store.store  # noqa: F401 -- its tables are the ones that are looked at

    columns = {
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if re.search(r"text|content|body|passage|bytes|document", column.name)
    }
    assert columns == {"report.body"}  # a gap report: standings with short quotes, as mailed


@pytest.mark.parametrize(
    "path", [path for path in CODE if path.stat().st_size], ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_module_opens_with_a_sentence_and_fits_its_room(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree) or under(path, "scanner/store/migrations/versions/")
    assert len(text.splitlines()) <= 300
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= 45 and node.name != "upgrade"]
    assert long == []
