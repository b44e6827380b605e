"""Where a contender runs: databases, queues and addresses of its own on the running servers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from deploy.local import paths, services, wait
from deploy.local.connections import SERVICES
from tests.load import broker
from tests.load.submissions import Submission
from tests.support.children import dies_with_us
from tests.support.ground import Ground
from tests.support.system import System

# Every queue on the path of a report, from which each contender consumes.
QUEUES = ("intake.submissions", "intake.events", "routing.events", "notification.events", "analytics.events")


def plainly(submission: Submission) -> tuple[bytes, Mapping[str, Any]]:
    """A submission's body and properties as the contract has them."""
    properties = {"message_id": submission.id, "type": "submission.sent.v1", "correlation_id": submission.id}
    return submission.body, properties


@dataclass(frozen=True, slots=True)
class Contender:
    """A way to run the path: what is started for each service, and with which settings.

    `commands`: service → arguments after `python -m`; `settings` are in the environment of all four.
    `encode`: a submission's body and properties, where its users' front ends send them in another form.
    """

    name: str
    commands: Mapping[str, Sequence[str]]
    settings: Mapping[str, str] = field(default_factory=dict)
    encode: Callable[[Submission], tuple[bytes, Mapping[str, Any]]] = plainly

    def __str__(self) -> str:
        said = ", ".join(f"{name.lower()} {value}" for name, value in self.settings.items())
        return f"{self.name} ({said})" if said else self.name


class World:
    """Ground of its own for one contender, with Gentilly set up on it.

    `sent`, `citizens`, `receipts`: how many reports have been sent here, by how many people, and how many
    receipts have come; `taken`: how many messages have been taken from each desk queue;
    `older`: reports whose rows alone were put there, as if they had come before.
    """

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.values = ground.values
        self.sent = self.citizens = self.receipts = self.older = 0
        self.taken: Counter[str] = Counter()

    def __enter__(self) -> Self:
        system = System(self.ground, MAIL_SENDING="off")
        try:
            system.start(*SERVICES)
            system.apply_town()
            system.stop()
        finally:
            system.close()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ground.close()

    @property
    def amqp_url(self) -> str:
        """The administrator's way in, who may do everything."""
        return self.values["ADMIN_AMQP_URL"]

    def database_url(self, service: str) -> str:
        """The database of a service."""
        return self.values[f"{service.upper()}_DATABASE_URL"]


class Fleet:
    """A contender's four processes."""

    def __init__(self, contender: Contender, world: World) -> None:
        self._contender = contender
        self._world = world
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        for service in SERVICES:
            self.processes[service] = self._spawn(service)
        with broker.Depths(self._world.amqp_url) as depths:
            consuming = wait.until(lambda: self.dead() or depths.consumed(QUEUES), 60)
        if self.dead() or not consuming:
            trouble = self.dead() or self.logs()
            self.__exit__(None, None, None)
            raise RuntimeError(f"{self._contender} does not start: {trouble}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self.processes.values():
            self._see_off(process)

    def hold(self) -> None:
        """Stop all of them where they are."""
        self._signal(signal.SIGSTOP)

    def go(self) -> None:
        """Let them work again."""
        self._signal(signal.SIGCONT)

    @property
    def pids(self) -> list[int]:
        """Their process ids."""
        return [process.pid for process in self.processes.values()]

    def log(self, service: str) -> str:
        """The end of what a process has written."""
        return "".join(self._log_file(service).read_text().splitlines(keepends=True)[-30:])

    def dead(self) -> str:
        """What a process that has ended by itself has written last; empty where all run."""
        ended = [name for name, process in self.processes.items() if process.poll() is not None]
        return f"{ended[0]} of {self._contender} has ended:\n{self.log(ended[0])}" if ended else ""

    def logs(self) -> str:
        """What all of them have written last."""
        return "\n".join(f"{self._contender} {name}:\n{self.log(name)}" for name in self.processes)

    def _signal(self, number: signal.Signals) -> None:
        for process in self.processes.values():
            os.killpg(process.pid, number)

    @staticmethod
    def _see_off(process: subprocess.Popen[bytes]) -> None:
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)

    def _spawn(self, service: str) -> subprocess.Popen[bytes]:
        with self._log_file(service).open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *self._contender.commands[service]],
                env=self._environment(service),
                cwd=paths.ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_us,
            )

    def _environment(self, service: str) -> dict[str, str]:
        own = services.environment(service, self._world.values)
        bench = {"BENCH_AMQP_URL": self._world.amqp_url, "BENCH_SERVICE": service, "MAIL_SENDING": "off"}
        return own | bench | dict(self._contender.settings)

    def _log_file(self, service: str) -> Path:
        return self._world.ground.folder / f"{self._contender.name}-{service}.log"
