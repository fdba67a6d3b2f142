"""What a process that keeps running lets its operator see: its log, its figures, its spans, as the settings say."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from scanner import web
from scanner.app import App
from scanner.seeing import logs, port, traces
from scanner.seeing.figures import AtEachScrape
from scanner.settings import Settings, SettingsError


def log_as_set(settings: Settings) -> None:
    """Begin the log."""
    logs.begin(style=settings.log_style, level=settings.log_level)


@contextmanager
def seen(app: App, *, stored: bool) -> Iterator[None]:
    """Tell figures and spans while this lasts; `stored`: also what the database knows. Raises SettingsError."""
    settings = app.settings
    with ExitStack() as stack:
        try:
            stack.enter_context(traces.told(os.environ))
        except traces.TracesError as error:
            raise SettingsError(str(error)) from error
        if settings.metrics_port:
            registry = app.meters.registry
            if stored:
                registry.register(AtEachScrape(app.figures))
            setters = {"host_is_set_by": "CROSSWALK_METRICS_HOST", "port_is_set_by": "CROSSWALK_METRICS_PORT"}
            listener = web.listening(settings.metrics_host, settings.metrics_port, **setters)
            stack.enter_context(port.served(port.site(registry, unready=app.database.unready), listener))
        yield
