"""What an operator sees of a running Crosswalk: figures, whether it lives, whether it can work."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import requests

from connector import Call, ConsentLost
from scanner import web
from scanner.notify.base import Message, NotifyError
from scanner.notify.counted import Counted
from scanner.seeing import port
from scanner.seeing.figures import AtEachScrape
from tests.drive_builders import a_client
from tests.emulator_process import running_emulator, write_seed
from tests.pipeline_builders import Bench, a_bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with a_bench(tmp_path) as made:
        yield made


@contextmanager
def operators_port(bench: Bench) -> Iterator[str]:
    registry = bench.app.meters.registry
    registry.register(AtEachScrape(bench.app.figures, seconds=0))
    listener = web.listening("127.0.0.1", 0)
    with port.served(port.site(registry, unready=bench.app.database.unready), listener):
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def told(root: str) -> dict[str, float]:
    answer = requests.get(f"{root}/metrics", timeout=10)
    assert answer.status_code == 200
    lines = [line.rpartition(" ") for line in answer.text.splitlines() if line.startswith("crosswalk_")]
    return {name: float(value) for name, _, value in lines}


def test_a_night_is_seen_in_the_figures(bench: Bench) -> None:
    bench.memory.block("noise-0", because="its owner has switched off downloading")
    bench.memory.put("scan", b"%PDF-1.4 nothing", name="Security whitepaper.pdf", media_type="application/pdf")
    with operators_port(bench) as root:
        before = told(root)
        assert before['crosswalk_jobs{kind="sync",state="queued"}'] == 1  # the connection's first
        bench.night()
        after = told(root)
    product = next(iter(bench.app.figures().complete))
    assert after[f'crosswalk_last_complete_sync_timestamp_seconds{{product="{product}"}}'] == bench.clock().timestamp()
    assert after['crosswalk_jobs{kind="sync",state="queued"}'] == 0
    assert after['crosswalk_job_seconds_count{ended="done",kind="sync"}'] == 1
    # The scan that asks for the rest may ask for one that ends just then; that finds nothing to do.
    assert after['crosswalk_job_seconds_count{ended="done",kind="scan"}'] in {2, 3}
    assert after['crosswalk_undetermined{reason="damaged"}'] == 1
    assert after['crosswalk_connections{state="active"}'] == 1
    assert after['crosswalk_mails_total{outcome="sent"}'] == 1


def test_a_process_is_alive_and_ready_until_its_schema_is_taken_away(bench: Bench) -> None:
    with operators_port(bench) as root:
        assert requests.get(f"{root}/healthz", timeout=10).text == "alive\n"
        assert requests.get(f"{root}/readyz", timeout=10).text == "ready\n"
        assert requests.get(f"{root}/anything", timeout=10).status_code == 404
        bench.app.database.downgrade("0006")
        answer = requests.get(f"{root}/readyz", timeout=10)
        assert answer.status_code == 503
        assert "schema is 0006, and this Crosswalk needs" in answer.text
        assert requests.get(f"{root}/healthz", timeout=10).status_code == 200


def test_the_page_tells_the_world_whether_it_is_ready_and_no_figures(bench: Bench) -> None:
    def asked(path: str) -> tuple[int, object]:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(web.build(bench.app))) as browser:
                return await browser.get(f"{bench.app.settings.base_url}{path}")

        answer = asyncio.run(ask())
        return answer.status_code, answer.json() if path != "/metrics" else None

    assert asked("/healthz") == (200, {"status": "ok"})
    assert asked("/readyz") == (200, {"status": "ready"})
    assert asked("/metrics") == (404, None)
    bench.app.database.downgrade("0006")
    assert asked("/readyz") == (503, {"status": "not ready"})


def test_each_call_of_the_drive_api_is_told_with_its_method_status_and_units(tmp_path: Path) -> None:
    calls: list[Call] = []
    seed = write_seed(tmp_path, items=[{"id": "a", "text": "text"}])
    with running_emulator(seed) as root:
        client = a_client(root, counted=calls.append, sleep=lambda _: None)
        fault = {"match": "GET /drive/v3/files", "times": 1, "status": 403, "reason": "userRateLimitExceeded"}
        requests.post(f"{root}/_emulator/faults", json=fault, timeout=10).raise_for_status()
        client.files("trashed = false")
        with client.media("a") as part:
            b"".join(part.chunks)
        client.close()
        refused = a_client(root, counted=calls.append, refresh_token="1//0nobody", call_attempts=1)
        with pytest.raises(ConsentLost):
            refused.file("a")
        refused.close()
    assert [(call.method, call.status, call.units) for call in calls] == [
        ("files.list", "403", 100),
        ("files.list", "ok", 100),
        ("files.get media", "ok", 200),
        ("files.get", "none", 5),  # the sign-in was refused, and the API never asked
    ]
    assert all(call.seconds > 0 for call in calls)


def test_mails_are_counted_by_what_became_of_them() -> None:
    class Channel:
        def __init__(self, *outcomes: NotifyError | None) -> None:
            self.outcomes = list(outcomes)

        def send(self, message: Message) -> str:
            if error := self.outcomes.pop(0):
                raise error
            return f"sent to {message.to}"

        def forget(self, message_id: str) -> None:
            assert message_id

    counted: list[str] = []
    trouble = [NotifyError("busy", transient=True), NotifyError("no such mailbox", transient=False)]
    channel = Counted(channel=Channel(None, *trouble), count=counted.append)
    message = Message(id="m", to="a@b.example", subject="", text="", html="")
    assert channel.send(message) == "sent to a@b.example"
    for _ in trouble:
        with pytest.raises(NotifyError):
            channel.send(message)
    assert counted == ["sent", "later", "refused"]


def test_the_ids_of_a_job_are_known_in_the_streams_that_call_google(tmp_path: Path) -> None:
    from scanner.seeing.ids import about, known

    with running_emulator(write_seed(tmp_path)) as root:
        client = a_client(root)
        with about(job="7"):
            assert client.submit(known).result() == {"job": "7"}
        client.close()
