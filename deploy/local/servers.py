"""The servers of one checkout: those that are ours are started, those whose address was given are used."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

import psycopg

from deploy.local import (
    connections,
    databases,
    given,
    home,
    mail,
    objects,
    packages,
    paths,
    ports,
    postgres,
    process,
    rabbitmq,
    say,
    services,
)
from deploy.local.passwords import Passwords
from deploy.local.ports import Ports
from shared.settings import SERVICES, WEBS

NAMES = tuple(given.SERVERS)


def install() -> None:
    """Install the Debian packages of those servers that are ours to start."""
    packages.ensure(packages.of_servers(given.servers_given(os.environ, paths.CONNECTIONS)))


class Servers:
    """Ports, passwords and given addresses of this checkout, and what follows from them."""

    def __init__(self) -> None:
        self.given = connections.given(os.environ, paths.CONNECTIONS)
        self.secret = Passwords(home.data() / "passwords.json")
        self._ports = Ports(paths.PORTS)

    def up(self) -> dict[str, str]:
        """Start what is missing, prepare the databases, write and return the connection values."""
        self._check_given()
        values = self.values()
        self._start_missing()
        self._prepare_databases(values)
        connections.write(paths.CONNECTIONS, values, self.given)
        return values

    def values(self) -> dict[str, str]:
        """Every connection value, the given ones as they are given."""
        node = self._node()
        servers = {
            "ADMIN_DATABASE_URL": postgres.url(self._port("postgres"), self.secret.of("postgres")),
            "ADMIN_AMQP_URL": node.amqp_url,
            "ADMIN_API_URL": node.api_url,
            "S3_URL": objects.url(self._port("objects"), self.secret.of("objects")),
            "SMTP_URL": f"smtp://127.0.0.1:{self._port('mail')}",
            "MAIL_DIR": str(paths.MAIL),
        }
        listening = {name: self._port(name, of=services.at_port(name)) for name in connections.PORTS}
        return connections.derived(servers | self.given, self.secret, listening) | self.given

    def down(self) -> None:
        """Stop our servers, the last started first."""
        node = self._node()
        for name, stop in (
            (mail.NAME, mail.stop),
            (objects.NAME, objects.stop),
            (rabbitmq.NAME, partial(rabbitmq.stop, node)),
            (postgres.NAME, postgres.stop),
        ):
            if stop():
                say.line(f"stopped {name}")

    def _port(self, name: str, of: str | None = None) -> int:
        return self._ports.of(name, held=process.running(of or name) is not None)

    def _node(self) -> rabbitmq.Node:
        mapper = self._ports.remembered("rabbitmq-epmd")
        if mapper and process.running(rabbitmq.NAME) is None and not ports.free(mapper):
            rabbitmq.end_port_mapper(mapper)
        amqp, api, distribution, epmd = (
            self._port(f"rabbitmq-{use}", of=rabbitmq.NAME) for use in ("amqp", "api", "distribution", "epmd")
        )
        return rabbitmq.Node(amqp, api, distribution, epmd, self.secret.of(rabbitmq.DEPLOYER))

    def _start_missing(self) -> None:
        starts: dict[str, Callable[[], None]] = {
            postgres.NAME: lambda: postgres.start(self._port("postgres"), self.secret.of("postgres")),
            rabbitmq.NAME: lambda: rabbitmq.start(self._node()),
            objects.NAME: lambda: objects.start(self._port("objects"), self.secret.of("objects")),
            mail.NAME: lambda: mail.start(self._port("mail"), paths.MAIL),
        }
        for name, start in starts.items():
            if given.is_ours(name, self.given):
                start()

    def _check_given(self) -> None:
        """Refuse a given address where nobody lets us in, before anything is started."""
        for variable, (server, answers) in {
            "ADMIN_DATABASE_URL": ("PostgreSQL", postgres.answers),
            "ADMIN_API_URL": ("RabbitMQ", rabbitmq.answers),
        }.items():
            if variable in self.given and not answers(self.given[variable]):
                raise _away(server, variable, self.given[variable])

    def _prepare_databases(self, values: dict[str, str]) -> None:
        with psycopg.connect(values["ADMIN_DATABASE_URL"], autocommit=True) as connection:
            if given.is_ours(postgres.NAME, self.given):
                databases.close(connection, "postgres", "template1")
            for service in SERVICES:
                name = connections.database_name(service)
                databases.ensure(connection, name, self.secret.of(name))
                if service in WEBS:
                    web = connections.web_role(service)
                    databases.ensure_role(connection, web, self.secret.of(web))


def _away(server: str, variable: str, url: str) -> say.Trouble:
    return say.Trouble(
        f"{server} at {urlsplit(url).hostname}:{urlsplit(url).port} does not let us in.",
        f"Check {variable}: it must name an administrator. Without it `make up` starts a server of its own.",
    )
