"""The services' processes, workers and web processes: each gets its own secrets and nobody else's."""

from __future__ import annotations

import os
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.error import HTTPError
from urllib.parse import urlsplit

from deploy.local import paths, ports, process, say
from deploy.local.connections import names_of_values
from shared.settings import SERVICES, WEBS

_PYTHON = str(paths.VENV / "bin" / "python")
_READY_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Kind:
    """What to start: `python -m module service`. `address`: the setting of where it answers HTTP.

    `needs`: the settings that it gets, beside those that are no secret.
    """

    service: str
    module: str
    address: str
    needs: frozenset[str]

    @property
    def argv(self) -> list[str]:
        """The command."""
        return [_PYTHON, "-m", self.module, self.service]


_WORKERS_NEED = {
    "intake": {"INTAKE_URL", "S3_URL", "INTAKE_SECRET", "INTAKE_TRUSTED"},
    "notification": {"SMTP_URL", "MAIL_SENDING"},
}
_WEBS_NEED = {"intake": {"S3_URL", "INTAKE_SECRET"}}


def _worker(service: str) -> Kind:
    name = service.upper()
    own = {f"{name}_{kind}" for kind in ("AMQP_URL", "DATABASE_URL", "WORKER_URL")}
    needs = frozenset(own | _WORKERS_NEED.get(service, set()))
    return Kind(service, "shared.run", f"{name}_WORKER_URL", needs)


def _web(service: str) -> Kind:
    name = service.upper()
    own = {f"{name}_{kind}" for kind in ("WEB_DATABASE_URL", "URL")}
    return Kind(service, "shared.web", f"{name}_URL", frozenset(own | _WEBS_NEED.get(service, set())))


# By name, as in .local/run/NAME.pid and .local/log/NAME.log.
PROCESSES: Mapping[str, Kind] = {
    **{service: _worker(service) for service in SERVICES},
    **{f"{service}-web": _web(service) for service in WEBS},
}


def at_port(name: str) -> str:
    """The process that listens at a port of `connections.PORTS`."""
    return f"{name}-web" if name in WEBS else name.removesuffix("-worker")


def start_missing(values: Mapping[str, str]) -> None:
    """Start the processes that do not run, all at once, and return when each is alive."""
    missing = [name for name in PROCESSES if process.running(name) is None]
    for name in missing:
        _check_port(name, values)
    if not missing:
        return _await(values, "/healthz")
    with say.step(f"starting {', '.join(missing)}"):
        for name in missing:
            process.start(program(name, values))
        return _await(values, "/healthz")


def await_ready(values: Mapping[str, str]) -> None:
    """Return when every process has its town and works."""
    _await(values, "/readyz")


def _await(values: Mapping[str, str], path: str) -> None:
    for name, kind in PROCESSES.items():
        good = partial(answers, values[kind.address] + path)
        process.ready(program(name, values), process.running(name) or 0, good, _READY_WITHIN)


def stop() -> None:
    """Stop all at once, each finishing what it has in hand."""
    programs = [program(name, {}) for name in PROCESSES]
    for name in process.stop_all(programs):
        say.line(f"stopped {name}")


def program(name: str, values: Mapping[str, str]) -> process.Program:
    """How to start a process."""
    return process.Program(name, PROCESSES[name].argv, environment(name, values), folder=paths.ROOT)


def environment(name: str, values: Mapping[str, str]) -> dict[str, str]:
    """Our own environment without the stack's secrets, and of these only what this process needs."""
    plain = {key: value for key, value in os.environ.items() if key not in names_of_values()}
    return plain | {key: value for key, value in values.items() if key in PROCESSES[name].needs}


def answers(url: str) -> bool:
    """Does it answer 200?"""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - an address of this stack
            return bool(answer.status == 200)
    except HTTPError as refused:
        refused.close()
        return False
    except OSError:
        return False


def _check_port(name: str, values: Mapping[str, str]) -> None:
    variable = PROCESSES[name].address
    parts = urlsplit(values[variable])
    if parts.hostname in ("127.0.0.1", "localhost") and parts.port and not ports.free(parts.port):
        raise say.Trouble(
            f"Port {parts.port}, where {name} is to listen, is taken by another process.",
            f"Stop that one, or name another address: make up {variable}=http://127.0.0.1:8001",
        )
