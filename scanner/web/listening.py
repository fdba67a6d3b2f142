"""The place where the page listens: taken before anything else is started, or refused in one sentence."""

import errno
import socket

from scanner.settings import SettingsError


def listening(
    host: str, port: int, *, host_is_set_by: str = "CROSSWALK_HOST", port_is_set_by: str = "CROSSWALK_PORT"
) -> socket.socket:
    """Return a socket that listens there. Raises SettingsError, which names what to set."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise SettingsError(_no_host(host, host_is_set_by)) from error
    # NOTE: with its protocol named, asyncio switches Nagle's delay off for what is accepted.
    made = socket.socket(family, kind, protocol)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(2048)
    except OSError as error:
        made.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise SettingsError(_no_host(host, host_is_set_by)) from error
        taken = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be taken ({error.strerror})"
        raise SettingsError(f"Set {port_is_set_by} to a free port; {port} on {host} {taken}.") from error
    return made


def _no_host(host: str, setting: str) -> str:
    return f"Set {setting} to an address of this machine such as 127.0.0.1, or 0.0.0.0 for all; {host!r} is none."
