"""Start the emulator: `python -m connector.emulator FOLDER`, or `--synthetic N` for a generated Drive of N files.

The first line that it prints says where it listens.
"""

import argparse
import ipaddress
import os
import signal
import socket
import sys
import threading
from pathlib import Path

import uvicorn

from connector.emulator.app import Emulator
from connector.emulator.seed import SeedError, load_seed
from connector.emulator.synthetic import Synthetic
from connector.emulator.values import DEFAULT_CLIENT, Seed, User

EMPTY = Seed(
    user=User(email="owner@example.org", name="Olive Owner", sub="100000000000000000001"),
    clients=(DEFAULT_CLIENT,),
    drives=(),
    items=(),
)


class _Announcing(uvicorn.Server):
    """Says where it listens as soon as it does."""

    def __init__(self, config: uvicorn.Config, base_url: str) -> None:
        super().__init__(config)
        self._base_url = base_url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(f"listening on {self._base_url}\n")
        sys.stdout.flush()


def main() -> int:
    """Serve until SIGTERM or ctrl-C; returns 0 then, 2 when the seed or the address cannot be used."""
    options = _options()
    try:
        seed = load_seed(options.seed) if options.seed else EMPTY
        bound = _bound(options.host, options.port)
    except (SeedError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    base_url = f"http://{options.host}:{bound.getsockname()[1]}"
    generated = Synthetic(options.synthetic, options.folders, options.drives) if options.synthetic else None
    emulator = Emulator(
        seed,
        seed_folder=options.seed or Path(),
        auto_consent=options.auto_consent,
        base_url=base_url,
        synthetic=generated,
        latency_ms=options.latency_ms,
        remember_mb=options.remember_mb,
        opens_here=options.opens_here,
    )
    config = uvicorn.Config(
        emulator,
        http="h11",
        loop="asyncio",
        lifespan="off",
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    # The server raises a signal again once it has shut down; by then it has done its work.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server = _Announcing(config, base_url)
    if options.until_stdin_ends:
        threading.Thread(target=_end_with_stdin, args=(server,), daemon=True).start()
    server.run(sockets=[bound])
    return 0


def _end_with_stdin(server: uvicorn.Server) -> None:
    """End the server when whoever holds the other end of our standard input is gone, however it went."""
    while os.read(0, 4096):  # below sys.stdin, whose lock a waiting thread would keep at the end
        continue
    server.should_exit = True


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m connector.emulator", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("folder", type=Path, nargs="?", help="folder with manifest.json and content files")
    what.add_argument("--seed", type=Path, help="the same, by name")
    what.add_argument("--synthetic", type=int, metavar="N", help="generate a Drive of N files instead")
    parser.add_argument("--folders", type=int, default=0, metavar="F", help="folders of the generated Drive")
    parser.add_argument("--drives", type=int, default=0, metavar="D", help="shared drives of the generated Drive")
    parser.add_argument("--latency-ms", type=float, default=0, metavar="MS", help="how long each Drive call takes")
    parser.add_argument(
        "--remember-mb", type=int, default=0, metavar="MB", help="keep a generated Drive's last replies"
    )
    parser.add_argument("--host", type=_loopback, default="127.0.0.1", help="a loopback address (default %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--auto-consent", action="store_true", help="answer the consent page without a person")
    parser.add_argument("--opens-here", action="store_true", help="let links to files lead here, not to Google")
    parser.add_argument("--until-stdin-ends", action="store_true", help="end with the process that holds our stdin")
    options = parser.parse_args()
    options.seed = options.seed or options.folder
    return options


def _bound(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    NOTE: asyncio switches Nagle's delay off only for sockets that name their protocol; without that each answer on a
    kept connection takes 40 ms.
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((host, port))
    bound.listen()
    return bound


def _loopback(text: str) -> str:
    address = ipaddress.ip_address(text)
    if not (address.is_loopback and address.version == 4):
        raise argparse.ArgumentTypeError("the emulator listens on an IPv4 loopback address only")
    return text


if __name__ == "__main__":
    sys.exit(main())
