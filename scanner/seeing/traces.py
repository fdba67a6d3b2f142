"""Spans for OpenTelemetry by its standard OTEL_ variables: off unless they ask, and an extra (crosswalk[otel])."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scanner.seeing import ids

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

# https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_tracers: list["Tracer"] = []  # one while spans are wanted


class TracesError(Exception):
    """Spans are asked for and cannot be had; the sentence says what to do."""


def wanted(environ: Mapping[str, str]) -> str:
    """Return which exporter the standard variables ask for, "" for none."""
    if environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return ""
    named = environ.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    if named:
        return "" if named == "none" else named
    return "otlp" if any(environ.get(one) for one in ENDPOINTS) else ""


@contextmanager
def told(environ: Mapping[str, str]) -> Iterator[None]:
    """Hand spans over while this lasts, where the variables ask for it. Raises TracesError."""
    exporter = wanted(environ)
    if not exporter:
        yield
        return
    if exporter not in {"otlp", "console"}:
        raise TracesError(
            f"Set OTEL_TRACES_EXPORTER to otlp, console or none; {exporter!r} is none that is known here."
        )
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 -- an extra
        from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise TracesError(f"Traces need the extra crosswalk[otel]: {error.name} is missing.") from error
    named = Resource({SERVICE_NAME: "crosswalk"}).merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=named, shutdown_on_exit=False)
    made = OTLPSpanExporter() if exporter == "otlp" else ConsoleSpanExporter()
    provider.add_span_processor(BatchSpanProcessor(made))
    _tracers.append(provider.get_tracer("crosswalk"))
    try:
        yield
    finally:
        _tracers.clear()
        provider.shutdown()


@contextmanager
def span(name: str) -> Iterator[None]:
    """Let what is done within be a span with the ids of this moment; an error is told by its type alone."""
    if not _tracers:
        yield
        return
    attributes = {f"crosswalk.{key}": value for key, value in ids.known().items()}
    with _tracers[0].start_as_current_span(
        name, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield
        except BaseException as error:
            current.set_attribute("error.type", type(error).__name__)
            from opentelemetry.trace import StatusCode  # noqa: PLC0415 -- it is there, for there is a span

            current.set_status(StatusCode.ERROR)
            raise
