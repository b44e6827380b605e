"""`.local/connections.env`: what runs where, for the services, for `vigie`, for tests and for people.

An address in the environment wins over the local server, which is then not started.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

from deploy.local import given as _given
from deploy.local import passwords
from deploy.local.given import MARK
from deploy.local.given import read as read
from shared.settings import SERVICES as SERVICES
from shared.settings import WEBS


class Secrets(Protocol):
    """Passwords by name."""

    def of(self, name: str) -> str:
        """The one of this name."""


# who connects from outside in the example town, by the name of its address
TOOLS = {
    "FRONT_AMQP_URL": "gentilly-web",
    "AGENT_AMQP_URL": "gentilly-voirie",
    "ANALYST_AMQP_URL": "gentilly-analyst",
}
# who listens, by the name of its port: what is at NAME_URL, then the workers that have another address
PORTS = (*SERVICES, *(f"{service}-worker" for service in WEBS))
_ABOUT_GIVEN = "# These were given in the environment, so their servers are not ours to start or stop.\n"
_HEADER = "# Written by `make up`; only its owner may read it.\n"


def write(file: Path, values: Mapping[str, str], given: Mapping[str, str]) -> None:
    """Write the file, mode 0600."""
    text = _HEADER + "".join(f"{name}={value}\n" for name, value in {**values, **given}.items())
    if given:
        text += f"{_ABOUT_GIVEN}{MARK}={','.join(sorted(given))}\n"
    passwords.write_private(file, text)


def given(environ: Mapping[str, str], file: Path) -> dict[str, str]:
    """What the environment gives, of every value; see given.py."""
    return _given.given(environ, file, names_of_values())


def names_of_values() -> set[str]:
    """Every name that may stand in the file."""
    kinds = ("AMQP_URL", "DATABASE_URL", "URL", "WORKER_URL")
    own = {f"{service.upper()}_{kind}" for service in SERVICES for kind in kinds}
    own |= {f"{service.upper()}_WEB_DATABASE_URL" for service in WEBS}
    servers = {"ADMIN_DATABASE_URL", "ADMIN_AMQP_URL", "ADMIN_API_URL", "S3_URL", "SMTP_URL", "MAIL_DIR"}
    return (
        own
        | servers
        | set(TOOLS)
        | {"INTAKE_SECRET", "INTAKE_TRUSTED", "FRONT_API_KEY", "MAIL_SENDING", "OPEN311_URL"}
    )


def derived(servers: Mapping[str, str], secret: Secrets, ports: Mapping[str, int]) -> dict[str, str]:
    """What follows from the servers' addresses: each service's and each tool's own way in.

    `ports` has each process's, by its name in PORTS.
    """
    values = dict(servers)
    for service in SERVICES:
        user, name = broker_user(service), service.upper()
        values[f"{name}_AMQP_URL"] = as_user(servers["ADMIN_AMQP_URL"], user, secret.of(user))
        values |= _database_urls(service, servers["ADMIN_DATABASE_URL"], secret)
        values.setdefault(f"{name}_URL", f"http://127.0.0.1:{ports[service]}")
        worker = (
            f"http://127.0.0.1:{ports[f'{service}-worker']}" if service in WEBS else values[f"{name}_URL"]
        )
        values.setdefault(f"{name}_WORKER_URL", worker)
    for variable, user in TOOLS.items():
        values[variable] = as_user(servers["ADMIN_AMQP_URL"], user, secret.of(user))
    own = {"INTAKE_SECRET": secret.of("intake"), "FRONT_API_KEY": secret.of("photos")}
    values.setdefault("OPEN311_URL", f"{values['INTAKE_URL']}/open311/v2")
    return values | own | {"INTAKE_TRUSTED": TOOLS["FRONT_AMQP_URL"]}


def _database_urls(service: str, server: str, secret: Secrets) -> dict[str, str]:
    """The service's database as its worker enters it, and as its web process does."""
    database, web = database_name(service), web_role(service)
    urls = {f"{service.upper()}_DATABASE_URL": as_user(server, database, secret.of(database), f"/{database}")}
    if service in WEBS:
        urls[f"{service.upper()}_WEB_DATABASE_URL"] = as_user(server, web, secret.of(web), f"/{database}")
    return urls


def database_name(service: str) -> str:
    """A service's database, and the role that owns it."""
    return f"vigie_{service}"


def web_role(service: str) -> str:
    """The role of a service's web process, which may do what its pages do and no more."""
    return f"vigie_{service}_web"


def broker_user(service: str) -> str:
    return f"vigie-{service}"


def place(url: str) -> str:
    """An address without user, password and path, for the screen."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def as_user(url: str, user: str, password: str, path: str | None = None) -> str:
    """The same server's address for somebody else, and another path where one is named."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(
        parts._replace(netloc=f"{user}:{password}@{place}", path=parts.path if path is None else path)
    )
