"""The services' logs as people read them: time, service, level, sentence, then the rest."""

from __future__ import annotations

import json
from pathlib import Path

_SKIP = {"time", "timestamp", "service", "level", "message", "logger"}


class Follower:
    """Reads what has been added to some logs since it looked last."""

    def __init__(self, logs: dict[str, Path]) -> None:
        self._logs = logs
        self._at = {name: file.stat().st_size if file.exists() else 0 for name, file in logs.items()}

    def news(self) -> list[str]:
        """The whole lines that have come, readable."""
        return [readable(name, line) for name in self._logs for line in self._new_lines(name)]

    def _new_lines(self, name: str) -> list[str]:
        if not self._logs[name].exists():
            return []
        with self._logs[name].open("rb") as log:
            log.seek(self._at[name])
            whole = log.read().rpartition(b"\n")[:2]
        self._at[name] += sum(map(len, whole))
        return b"".join(whole).decode(errors="replace").splitlines()


def readable(name: str, line: str) -> str:
    """One log line: `12:00:01 intake       INFO  is up  port=8001`. What is no JSON object stays as it is."""
    try:
        row = json.loads(line)
        message = row["message"]
    except (ValueError, KeyError, TypeError):
        return f"{'':8} {name:14} {line}"
    rest = " ".join(f"{key}={value}" for key, value in row.items() if key not in _SKIP and value is not None)
    clock = str(row.get("time") or row.get("timestamp") or "")[11:19]
    return f"{clock:8} {name:14} {row.get('level', ''):7} {message}  {rest}".rstrip()
