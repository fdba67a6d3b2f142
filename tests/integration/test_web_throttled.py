"""The doors that anybody may knock at, over a real server: so often a minute, and by whom behind a proxy."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn

from scanner.app import App
from scanner.settings import SettingsError, load
from scanner.web import build
from tests.pipeline_builders import migrated
from tests.site_builders import NOW


@contextmanager
def site(folder: Path, **settings: object) -> Iterator[httpx.Client]:
    """Serve as `crosswalk serve` does, behind nothing."""
    app = App(load(home=migrated(folder), **settings), now=lambda: NOW)
    proxies = app.settings.trusted_proxies
    config = uvicorn.Config(
        build(app), log_config=None, lifespan="off", proxy_headers=bool(proxies), forwarded_allow_ips=proxies
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as bound:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        where = f"http://127.0.0.1:{bound.getsockname()[1]}"
        try:
            with httpx.Client(base_url=where, trust_env=False) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join(timeout=10)
            app.close()


def test_sign_ins_come_so_often_and_no_oftener_and_all_else_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with site(tmp_path, sign_in_per_minute=4, address_per_minute=2) as client:
        begun = [client.get(f"/connections/{place}").status_code for place in ("connect", "callback") * 2]
        assert 429 not in begun
        refused = client.get("/connections/connect")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "15")
        assert "Wait a minute and try again." in refused.text
        assert refused.headers["content-security-policy"].startswith("default-src 'none'")
        assert "set-cookie" not in refused.headers
        assert client.get("/").status_code == 200
        told = [client.post("/hooks/unknown", content=b"{}") for _ in range(3)]
        assert [one.status_code for one in told] == [404, 404, 429]
        assert told[2].json() == {"said": "Too many requests come from this address.", "state": None}
        another = {"X-Forwarded-For": "203.0.113.7"}  # a lie: no proxy is trusted
        with caplog.at_level(logging.WARNING):
            assert [client.get("/connections/connect", headers=another).status_code for _ in range(2)] == [429, 429]
    warned = [one for one in caplog.records if "CROSSWALK_TRUSTED_PROXIES" in one.getMessage()]
    assert len(warned) == 1


def test_behind_a_proxy_that_is_named_each_person_has_an_allowance_of_her_own(tmp_path: Path) -> None:
    with site(tmp_path, sign_in_per_minute=1, trusted_proxies="127.0.0.1, 10.0.0.0/8") as client:

        def begin(forwarded: str) -> int:
            return client.get("/connections/connect", headers={"X-Forwarded-For": forwarded}).status_code

        assert [begin("203.0.113.7"), begin("203.0.113.7"), begin("203.0.113.8")] == [400, 429, 400]
        assert begin("1.2.3.4, 203.0.113.8") == 429  # what the person put there herself is not believed


def test_a_network_that_is_none_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Set CROSSWALK_TRUSTED_PROXIES to addresses or networks with commas"):
        load(home=tmp_path, trusted_proxies="10.0.0.1/8")
