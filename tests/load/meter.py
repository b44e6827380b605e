"""What a run costs: processor time of the contender's processes, of RabbitMQ and of PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deploy.local import process

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Usage:
    """Processor seconds. The servers' are None where they are not ours to look at."""

    services: float
    rabbitmq: float | None
    postgres: float | None

    def __sub__(self, before: Usage) -> Usage:
        return Usage(
            self.services - before.services,
            _difference(self.rabbitmq, before.rabbitmq),
            _difference(self.postgres, before.postgres),
        )

    @property
    def total(self) -> float | None:
        """All three together; None where one is not known."""
        if self.rabbitmq is None or self.postgres is None:
            return None
        return self.services + self.rabbitmq + self.postgres


def usage(pids: Iterable[int]) -> Usage:
    """What has been used until now; `pids`: the contender's processes."""
    table = _processes()
    return Usage(
        services=sum(_tree(table, pid) for pid in pids),
        rabbitmq=_server(table, "rabbitmq"),
        postgres=_server(table, "postgres"),
    )


def _server(table: dict[int, tuple[int, int]], name: str) -> float | None:
    pid = process.running(name)
    return _tree(table, pid) if pid else None


def _difference(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else after - before


def _tree(table: dict[int, tuple[int, int]], root: int) -> float:
    """Of a process and all below it, those it has outlived included."""
    below = [root]
    for pid in below:
        below += [child for child, (parent, _) in table.items() if parent == pid]
    return sum(table[pid][1] for pid in below if pid in table) / _TICK


def _processes() -> dict[int, tuple[int, int]]:
    """Process id → its parent's, and the ticks it has used, with those of its children that have ended."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            found[int(entry.name)] = int(fields[1]), sum(map(int, fields[11:15]))
    return found
