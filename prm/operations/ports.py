"""Which port of this machine a server takes."""

import socket
from collections.abc import Iterable

from prm.operations.errors import CannotRun

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # A port in TIME_WAIT is free to a server; all of ours set this option as well.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def any_free() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def first_free(wanted: Iterable[int]) -> int:
    """Return the first port nobody listens on. Raises `CannotRun` when all are taken."""
    tried = []
    for port in wanted:
        if is_free(port):
            return port
        tried.append(port)
    raise CannotRun(f"Port {tried[0]} is taken by another program. Set PORT to a free one.")
