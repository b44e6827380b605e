"""A whole Vigie for tests: the services as real processes on ground of their own."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from deploy.local import paths, ports, say, services, town, wait
from shared.settings import SERVICES
from tests.support.children import dies_with_us
from tests.support.ground import Ground

# What runs unless a test says otherwise. Web processes without pages are started by those who ask.
USUAL = (*SERVICES, "intake-web")
GENTILLY = paths.ROOT / "deploy" / "towns" / "gentilly"
T = TypeVar("T")


def wait_until(condition: Callable[[], T | None], timeout: float = 90.0, what: str = "it happens") -> T:
    """What `condition` returns once that is true; fails the test if it is not within `timeout` seconds."""
    found: list[T | None] = []

    def holds() -> bool:
        found[:] = [condition()]
        return bool(found[0])

    assert wait.until(holds, timeout), f"waited {timeout:.0f} s in vain until {what}; last seen: {found[0]!r}"
    assert found[0] is not None
    return found[0]


class System:
    """The processes by name: a service's worker by the service's, its web process as `intake-web`.

    `values`: their connections; `extra`: more for the environment of them all.
    """

    def __init__(self, ground: Ground, **extra: str) -> None:
        self.ground = ground
        self.values = dict(ground.values)
        self._extra = extra
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *names: str) -> None:
        """Start these processes (the usual ones, when none is named) and return when each answers."""
        for name in names or USUAL:
            self._processes[name] = self._spawn(name)
        for name in names or USUAL:
            self._await(name, "/healthz")

    def stop(self, *names: str) -> None:
        """Ask these processes (all, when none is named) to end, and wait until they have: 30 s at most."""
        running = [self._processes.pop(name) for name in names or list(self._processes)]
        for process in running:
            process.terminate()
        for process in running:
            process.wait(35)

    def kill(self, name: str) -> None:
        """`kill -9` the process and whatever it has started."""
        process = self._processes.pop(name)
        with contextlib.suppress(ProcessLookupError):  # it has ended by itself, and all that it started
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def restart(self, name: str) -> None:
        """Kill it and start it again."""
        self.kill(name)
        self.start(name)

    def close(self) -> None:
        """End everything, kindly or not."""
        for name in list(self._processes):
            self.kill(name)

    @contextlib.contextmanager
    def second(self, name: str) -> Iterator[None]:
        """A replica of the process beside the one that runs, at an address of its own, until the end."""
        other = System(self.ground, **self._extra)
        other.values[services.PROCESSES[name].address] = f"http://127.0.0.1:{ports.pick(besides=set())}"
        other.start(name)
        try:
            yield
        finally:
            other.close()

    def apply_town(self, folder: Path = GENTILLY, *options: str) -> str:
        """`vigie town apply`, and wait until every process that runs is ready; returns what it printed."""
        printed = self.vigie("town", "apply", str(folder), *options)
        for name in self._processes:
            self._await(name, "/readyz")
        return printed

    def vigie(self, *arguments: str) -> str:
        """Run the operator's command on this system; returns what it printed, fails if it fails."""
        return town.vigie({**self.values, **town.tool_passwords(self.values)}, *arguments)

    def url(self, name: str) -> str:
        """Where the process answers HTTP."""
        return self.values[services.PROCESSES[name].address]

    def pid(self, name: str) -> int:
        """Its process id."""
        return self._processes[name].pid

    def log(self, name: str) -> str:
        """Everything the process has logged."""
        return self._log_file(name).read_text()

    def _spawn(self, name: str) -> subprocess.Popen[bytes]:
        with self._log_file(name).open("ab") as log:
            return subprocess.Popen(
                services.PROCESSES[name].argv,
                env=services.environment(name, self.values) | self._extra,
                cwd=paths.ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_us,
            )

    def _await(self, name: str, path: str) -> None:
        process, answers = self._processes[name], partial(services.answers, self.url(name) + path)
        ended = wait.until(lambda: process.poll() is not None or answers(), 60)
        if not ended or process.returncode is not None:
            raise AssertionError(f"{name} has no good {path}:\n{say.tail(self._log_file(name), 30)}")

    def _log_file(self, name: str) -> Path:
        return self.ground.folder / f"{name}.log"
