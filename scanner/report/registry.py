"""Every export format, by the name that `--format` takes."""

from collections.abc import Mapping
from types import MappingProxyType

from scanner.report.as_json import AsJson
from scanner.report.as_jsonl import AsJsonl
from scanner.report.as_table import AsTable
from scanner.report.base import Format

FORMATS: Mapping[str, Format] = MappingProxyType({"table": AsTable(), "json": AsJson(), "jsonl": AsJsonl()})
