"""Ports for servers that tests start."""

import random
import socket

BELOW_EPHEMERAL = range(10_000, 32_000)  # else a client of another test may get the port before the server has it


def free_port() -> int:
    """Return a port that nobody listens on right now, on any address of this machine."""
    while True:
        port = random.choice(BELOW_EPHEMERAL)  # noqa: S311 - nobody guesses it
        with socket.socket() as probe:
            try:
                probe.bind(("", port))
            except OSError:
                continue
        return port
