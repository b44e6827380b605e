"""Ports on 127.0.0.1, chosen once and remembered. Below 32768, where the kernel gives none away."""

from __future__ import annotations

import json
import random
import socket
from pathlib import Path

_RANGE = range(20000, 32000)


def free(port: int) -> bool:
    """Can a server listen there now?"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def answers(port: int, host: str = "127.0.0.1") -> bool:
    """Does something accept connections there?"""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def pick(besides: set[int]) -> int:
    """A free port that is none of `besides`."""
    while True:
        port = random.choice(_RANGE)  # noqa: S311 - chance spreads checkouts apart, it keeps no secret
        if port not in besides and free(port):
            return port


class Ports:
    """The ports of one checkout by name, kept in a JSON file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ports: dict[str, int] = json.loads(file.read_text()) if file.is_file() else {}

    def remembered(self, name: str) -> int | None:
        """The port that `name` had last."""
        return self._ports.get(name)

    def of(self, name: str, held: bool = False) -> int:
        """The port remembered for `name`; another one if it is taken, unless `held` by our own process."""
        port = self._ports.get(name)
        if port is None or not (held or free(port)):
            port = self._ports[name] = pick(set(self._ports.values()))
            self._file.write_text(json.dumps(self._ports, indent=1))
        return port
