"""Settings come from the environment, are read once at start, and a missing one is said by name."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from shared.l10n.spoken import words_of

_ = words_of("shared")

# The names under which the services have their settings, databases, users and queues. The one list.
SERVICES = ("intake", "routing", "notification", "analytics")
# Those that have a web process beside their worker.
WEBS = ("intake", "routing", "analytics")


class SettingMissing(Exception):
    """A setting that has no default is not in the environment."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("{name} is not set: put it in the environment (see .local/connections.env)", name=name)
        )


def required(name: str, environ: Mapping[str, str] = os.environ) -> str:
    """The value of `name`; raises SettingMissing where there is none."""
    value = environ.get(name, "")
    if not value:
        raise SettingMissing(name)
    return value


Kind = Callable[[str], Any]


def given(kinds: Mapping[str, tuple[str, Kind]], environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """What the environment sets, for a class of settings whose defaults hold for the rest.

    `kinds`: field → the variable's name, and what its text is read by.
    """
    return {field: read(environ[name]) for field, (name, read) in kinds.items() if environ.get(name)}


def switch(name: str, default: bool, environ: Mapping[str, str] = os.environ) -> bool:
    """True for `on`, False for `off`, `default` where `name` is not set."""
    return environ.get(name, "on" if default else "off") == "on"


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What every service's worker needs.

    `amqp_url`: its own RabbitMQ user's. `database_url`: its own database's. `listen`: host and port on
    which it says how it is. `retry_delays`: seconds before each new attempt of a message whose handler
    failed; after the last one it is parked.
    """

    name: str
    amqp_url: str
    database_url: str
    listen: tuple[str, int]
    retry_delays: tuple[float, ...]
    batch_size: int
    batch_spacing: float

    @property
    def user(self) -> str:
        """The RabbitMQ user this service publishes as; the broker checks it on every message."""
        return unquote(urlsplit(self.amqp_url).username or "guest")


def service_settings(name: str, environ: Mapping[str, str] = os.environ) -> ServiceSettings:
    """The settings of the worker of service `name` from `NAME_AMQP_URL` and its kin."""
    prefix = name.upper()
    return ServiceSettings(
        name=name,
        amqp_url=required(f"{prefix}_AMQP_URL", environ),
        database_url=required(f"{prefix}_DATABASE_URL", environ),
        listen=_listen(f"{prefix}_WORKER", environ),
        retry_delays=tuple(float(d) for d in environ.get("RETRY_DELAYS", "1,3,9,27,81").split(",")),
        batch_size=int(environ.get("BATCH_SIZE", "500")),
        batch_spacing=float(environ.get("BATCH_SPACING_MS", "15")) / 1000,
    )


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What every service's web process needs.

    `database_url`: the service's database, as a role that may do what pages do and no more. `listen`: host
    and port it binds. `proxies`: how many stand before it, whose `X-Forwarded-For` is true.
    """

    name: str
    database_url: str
    listen: tuple[str, int]
    proxies: int = 0


def web_settings(name: str, environ: Mapping[str, str] = os.environ) -> WebSettings:
    """The settings of the web process of service `name` from `NAME_WEB_DATABASE_URL` and its kin."""
    prefix = name.upper()
    database_url = required(f"{prefix}_WEB_DATABASE_URL", environ)
    proxies = int(environ.get("WEB_PROXIES", "0"))
    return WebSettings(name, database_url, _listen(prefix, environ), proxies)


def _listen(prefix: str, environ: Mapping[str, str]) -> tuple[str, int]:
    """`PREFIX_LISTEN`, or where that is not set the host and port of `PREFIX_URL`."""
    listen = environ.get(f"{prefix}_LISTEN", "")
    parts = urlsplit(f"//{listen}" if listen else required(f"{prefix}_URL", environ))
    return parts.hostname or "127.0.0.1", parts.port or 80


def connections_file() -> Path:
    """Where the local stack writes what it runs on; `VIGIE_CONNECTIONS` names another file."""
    return Path(os.environ.get("VIGIE_CONNECTIONS", ".local/connections.env"))


def load_connections(path: Path | None = None) -> None:
    """Put the lines `NAME=value` of the connections file into the environment, unless it has them."""
    path = path or connections_file()
    if not path.is_file():
        return
    for line in path.read_text().splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            os.environ.setdefault(name, value.strip("'\""))
