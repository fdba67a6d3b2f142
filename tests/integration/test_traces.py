"""Spans, handed to a collector over loopback as the standard variables say; off without them."""

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from scanner.seeing import traces
from tests.pipeline_builders import GUIDE, a_bench


class Collector(HTTPServer):
    """Takes what is exported to /v1/traces."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.spans: list[Any] = []


class _Taking(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

        body = self.rfile.read(int(self.headers["Content-Length"]))
        request = ExportTraceServiceRequest()
        request.ParseFromString(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
        for resource in request.resource_spans:
            self.server.spans += [span for scope in resource.scope_spans for span in scope.spans]
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the parent's name
        """Write nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_night_is_a_span_for_each_page_scan_review_and_summary_and_names_nobody(
    tmp_path: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.server_port}")
    with a_bench(tmp_path) as bench:
        with traces.told({"OTEL_EXPORTER_OTLP_ENDPOINT": "set"}):
            bench.night()
        bench.night()  # nobody is told of it
    names = [span.name for span in collector.spans]
    assert sorted(names) == ["review", "scan", "summarize", "sync", *["sync page"] * 4]
    by_id = {span.span_id: span.name for span in collector.spans}
    assert {by_id[span.parent_span_id] for span in collector.spans if span.name == "sync page"} == {"sync"}
    keys = {attribute.key for span in collector.spans for attribute in span.attributes}
    assert keys == {"crosswalk.job", "crosswalk.kind", "crosswalk.connection", "crosswalk.sync"}
    everything = str(collector.spans)
    assert not any(word in everything for word in ("Security Guide", "example.org", "default password"))
    assert GUIDE.decode()[:40] not in everything


def test_an_error_is_told_by_its_type_alone(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", f"http://127.0.0.1:{collector.server_port}/v1/traces")

    def broken() -> None:
        with traces.span("scan"):
            raise LookupError("what a document says")

    with traces.told({"OTEL_TRACES_EXPORTER": "otlp"}), pytest.raises(LookupError):
        broken()
    (span,) = collector.spans
    assert [(one.key, one.value.string_value) for one in span.attributes] == [("error.type", "LookupError")]
    assert "what a document says" not in str(span)


@pytest.mark.parametrize(
    ("environ", "exporter"),
    [
        ({}, ""),
        ({"OTEL_SERVICE_NAME": "x"}, ""),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_SDK_DISABLED": "true"}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"}, "otlp"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c:4318/v1/traces"}, "otlp"),
        ({"OTEL_TRACES_EXPORTER": "Console"}, "console"),
    ],
)
def test_the_standard_variables_decide(environ: dict[str, str], exporter: str) -> None:
    assert traces.wanted(environ) == exporter


def test_an_exporter_that_is_not_known_is_refused_in_a_sentence() -> None:
    with pytest.raises(traces.TracesError, match="Set OTEL_TRACES_EXPORTER to otlp, console or none; 'zipkin'"):
        traces.told({"OTEL_TRACES_EXPORTER": "zipkin"}).__enter__()
