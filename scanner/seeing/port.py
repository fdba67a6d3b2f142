"""The operator's port of a process: its figures, whether it lives, whether it can work. Not for the world."""

import logging
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, cast
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from prometheus_client import CollectorRegistry, make_wsgi_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)


def site(registry: CollectorRegistry, *, unready: Callable[[], str]) -> "WSGIApplication":
    """Return the application: /metrics, /healthz, and /readyz with a sentence where it cannot work."""
    figures = make_wsgi_app(registry)

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/metrics":
            return cast("Iterable[bytes]", figures(environ, start))
        if path == "/healthz":
            status, said = "200 OK", "alive"
        elif path == "/readyz":
            because = unready()
            status, said = ("503 Service Unavailable", because) if because else ("200 OK", "ready")
        else:
            status, said = "404 Not Found", "there are /metrics, /healthz and /readyz"
        start(status, [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")])
        return [f"{said}\n".encode()]

    return answer


@contextmanager
def served(app: "WSGIApplication", listener: socket.socket) -> Iterator[None]:
    """Serve it on a socket that listens, in a thread, while this lasts."""
    with _Server(listener) as server:
        server.set_app(app)
        thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
        thread.start()
        host, port = server.server_name, server.server_port
        log.info("Figures are at http://%s:%d/metrics.", host, port, extra={"event": "metrics.open"})
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def __init__(self, listener: socket.socket) -> None:
        """Take over a socket; the parent's own way would ask a name server who its address is."""
        super().__init__(listener.getsockname()[:2], _Quiet, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.server_name, self.server_port = listener.getsockname()[:2]
        self.setup_environ()


class _Quiet(WSGIRequestHandler):
    timeout = 10  # a caller that says nothing is let go

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the parent's name
        """Write nothing a request."""
