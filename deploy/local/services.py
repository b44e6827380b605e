"""The four services as processes: each gets its own secrets and nobody else's."""

from __future__ import annotations

import os
import urllib.request
from collections.abc import Mapping
from functools import partial
from urllib.parse import urlsplit

from deploy.local import paths, ports, process, say
from deploy.local.connections import names_of_values
from shared.settings import SERVICES

_PYTHON = str(paths.VENV / "bin" / "python")
_ALL_NEED = {f"{service.upper()}_URL" for service in SERVICES}
_SOME_NEED = {
    "intake": {"S3_URL", "INTAKE_SECRET"},
    "notification": {"SMTP_URL", "MAIL_SENDING"},
}
_READY_WITHIN = 60.0


def start_missing(values: Mapping[str, str]) -> None:
    """Start the services that do not run, all at once, and return when each is alive."""
    missing = [service for service in SERVICES if process.running(service) is None]
    for service in missing:
        _check_port(service, values)
    if not missing:
        return _await(values, "/healthz")
    with say.step(f"starting {', '.join(missing)}"):
        for service in missing:
            process.start(program(service, values))
        return _await(values, "/healthz")


def await_ready(values: Mapping[str, str]) -> None:
    """Return when every service has its town and takes work."""
    _await(values, "/readyz")


def _await(values: Mapping[str, str], path: str) -> None:
    for service in SERVICES:
        good = partial(answers, values[f"{service.upper()}_URL"] + path)
        process.ready(program(service, values), process.running(service) or 0, good, _READY_WITHIN)


def stop() -> None:
    """Stop all four at once, each finishing what it has in hand."""
    programs = [program(service, {}) for service in SERVICES]
    for name in process.stop_all(programs):
        say.line(f"stopped {name}")


def program(service: str, values: Mapping[str, str]) -> process.Program:
    """How to start a service."""
    argv = [_PYTHON, "-m", "shared.run", service]
    return process.Program(service, argv, environment(service, values), folder=paths.ROOT)


def environment(service: str, values: Mapping[str, str]) -> dict[str, str]:
    """Our own environment without the stack's secrets, and of these only what this service needs."""
    own = {f"{service.upper()}_{kind}" for kind in ("AMQP_URL", "DATABASE_URL", "LISTEN")}
    wanted = own | _ALL_NEED | _SOME_NEED.get(service, set())
    plain = {name: value for name, value in os.environ.items() if name not in names_of_values()}
    return plain | {name: value for name, value in values.items() if name in wanted}


def answers(url: str) -> bool:
    """Does it answer 200?"""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - an address of this stack
            return bool(answer.status == 200)
    except OSError:
        return False


def _check_port(service: str, values: Mapping[str, str]) -> None:
    variable = f"{service.upper()}_URL"
    parts = urlsplit(values[variable])
    if parts.hostname in ("127.0.0.1", "localhost") and parts.port and not ports.free(parts.port):
        raise say.Trouble(
            f"Port {parts.port}, where {service} is to listen, is taken by another process.",
            f"Stop that one, or name another address: make up {variable}=http://127.0.0.1:8001",
        )
