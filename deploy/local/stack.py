"""The whole stack: servers, services, the example town."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Mapping
from types import FrameType

from deploy.local import connections, follow, given, home, paths, process, say, servers, services, town, wait
from deploy.local.services import PROCESSES


def start_servers() -> dict[str, str]:
    """Install and start what the servers need; return the connection values."""
    servers.install()
    return servers.Servers().up()


def up() -> None:
    """Start what is missing and return when everything is ready."""
    values = start_servers()
    with say.step("declaring queues, tables"):
        town.prepare(values)
    services.start_missing(values)
    with say.step("setting up Gentilly"):
        town.apply(values)
        town.give_key(values)
        services.await_ready(values)
    say.line(f"citizens: {values['INTAKE_URL']}/gentilly/ (mails are kept, not sent: make mails)")
    say.line(f"ready: addresses in {paths.CONNECTIONS.relative_to(paths.ROOT)}, logs in .local/log")


def down() -> None:
    """Stop services, then servers."""
    services.stop()
    servers.Servers().down()


def reset() -> None:
    """Stop everything and delete its data, its logs and its passwords."""
    down()
    for folder in (home.data(), paths.LOG, paths.MAIL, paths.RUN):
        shutil.rmtree(folder)
    for file in (paths.CONNECTIONS, paths.PORTS):
        file.unlink(missing_ok=True)


def status() -> bool:
    """Print what runs, as which process, and at which addresses, without anybody's password.

    True where everything runs.
    """
    values = connections.read(paths.CONNECTIONS)
    running = {name: process.running(name) for name in (*servers.NAMES, *PROCESSES)}
    for name, pid in running.items():
        addresses = " ".join(_addresses(name, values)) if pid else ""
        state = f"runs, process {pid}" if pid else "does not run"
        say.line(f"{name:14} {state:24} {addresses}".rstrip())
    return None not in running.values()


def _addresses(name: str, values: Mapping[str, str]) -> list[str]:
    variables = given.SERVERS.get(name) or [PROCESSES[name].address]
    return [connections.place(values[variable]) for variable in variables if variable in values]


class Foreground:
    """Shows the processes' logs until a signal comes or one of them ends."""

    def __init__(self) -> None:
        self._follower = follow.Follower({name: process.log_file(name) for name in PROCESSES})
        self._ended = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._end)

    def show(self) -> None:
        """Print what comes; return when asked to end, or with a word on the service that is gone."""
        while not wait.until(self._anything, 3600):
            pass
        gone = [name for name in PROCESSES if process.running(name) is None]
        if gone and not self._ended:
            say.line(f"{', '.join(gone)} ended by itself: see .local/log")

    def _anything(self) -> bool:
        for line in self._follower.news():
            print(line, flush=True)
        return self._ended or any(process.running(name) is None for name in PROCESSES)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._ended = True
