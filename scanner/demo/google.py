"""The stand-in for Google that the demo talks to: a separate process on loopback, steered over HTTP."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx


class DemoError(Exception):
    """The demo cannot go on; its text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalGoogle:
    """A running emulator."""

    root: str

    def settings(self) -> Mapping[str, str]:
        """Return the connector's settings that lead to it instead of Google."""
        return {
            "google_client_id": "emulator-client",
            "google_client_secret": "emulator-secret",
            "google_api_root": self.root,
            "google_auth_url": f"{self.root}/o/oauth2/v2/auth",
            "google_token_url": f"{self.root}/token",
            "google_revoke_url": f"{self.root}/revoke",
            "google_certs_url": f"{self.root}/oauth2/v3/certs",
        }

    def put(self, item: Mapping[str, object]) -> None:
        """Add an item to the Drive, or change one; its content inside as base64."""
        httpx.post(f"{self.root}/_emulator/items", json=item).raise_for_status()

    def delete(self, file_id: str) -> None:
        """Delete a file for good."""
        httpx.delete(f"{self.root}/_emulator/items/{file_id}").raise_for_status()

    def calls(self, since: int = 0) -> tuple[int, tuple[str, ...]]:
        """Return a mark to ask from next time, and the calls since the last one as "GET /drive/v3/changes"."""
        answer = httpx.get(f"{self.root}/_emulator/calls", params={"since": since}).raise_for_status().json()
        return answer["next"], tuple(f"{call['method']} {call['path']}" for call in answer["calls"])


@contextmanager
def local_google(seed: Path) -> Iterator[LocalGoogle]:
    """Start the emulator over a seeded folder, and end it afterwards. Raises DemoError when it does not come up.

    It ends with this process too, even a killed one: the pipe that is its standard input closes then.
    """
    options = ["--seed", str(seed), "--auto-consent", "--until-stdin-ends"]
    command = [sys.executable, "-m", "connector.emulator", *options]
    with subprocess.Popen(  # noqa: S603 -- our own module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            line = process.stdout.readline().strip() if process.stdout else ""
            if not line.startswith("listening on http://127.0.0.1:"):
                raise DemoError("The Drive emulator did not start; the lines above say why.")
            yield LocalGoogle(root=line.removeprefix("listening on "))
        finally:
            process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
