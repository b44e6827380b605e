"""Databases for tests: copies of one that was migrated once, each entered by its service's role alone."""

from __future__ import annotations

from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from deploy.local import connections, databases
from shared.db import rights
from shared.db.migrate import migrate
from shared.settings import WEBS
from tests.support import names


class Databases:
    """Makes databases on the server of `values`, and drops them."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values
        self._templates: dict[str, str] = {}
        self._made: list[str] = []

    def create(self, service: str) -> str:
        """A fresh database with the service's tables, empty; returns its address for the service's role."""
        url = self.url(service, self._create(service, self._template(service)))
        if service in WEBS:
            rights.grant(url, service, connections.web_role(service))
        return url

    def web_url(self, service: str, url: str) -> str:
        """Where the service's web process reaches the database that its worker has at `url`."""
        login = urlsplit(self._values[f"{service.upper()}_WEB_DATABASE_URL"])
        return connections.as_user(url, login.username or "", login.password or "")

    def url(self, service: str, name: str) -> str:
        """Where the service's role reaches the database `name`."""
        login = urlsplit(self._values[f"{service.upper()}_DATABASE_URL"])
        admin = self._values["ADMIN_DATABASE_URL"]
        return connections.as_user(admin, login.username or "", login.password or "", f"/{name}")

    def drop(self, url: str) -> None:
        """Drop a database by its address, whoever is still connected to it."""
        self._drop(urlsplit(url).path.removeprefix("/"))

    def close(self) -> None:
        """Drop everything that was made."""
        for name in list(self._made):
            self._drop(name)

    def sweep(self) -> None:
        """Drop what test processes that were killed have left."""
        with self._connect() as connection:
            found = connection.execute("select datname from pg_database").fetchall()
        for (name,) in found:
            if names.is_leftover(name):
                self._drop(name)

    def _template(self, service: str) -> str:
        if service not in self._templates:
            name = self._create(service, "template1")
            migrate(self.url(service, name), service)
            self._templates[service] = name
        return self._templates[service]

    def _create(self, service: str, template: str) -> str:
        name = names.unique().replace("-", "_") + f"_{service}"
        words = {"name": name, "template": template, "owner": connections.database_name(service)}
        statement = sql.SQL("create database {name} template {template} owner {owner}")
        with self._connect() as connection:
            connection.execute(statement.format(**{key: sql.Identifier(word) for key, word in words.items()}))
            self._made.append(name)
            databases.close(connection, name)
        return name

    def _drop(self, name: str) -> None:
        with self._connect() as connection:
            statement = sql.SQL("drop database if exists {} with (force)")
            connection.execute(statement.format(sql.Identifier(name)))
        if name in self._made:
            self._made.remove(name)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self._values["ADMIN_DATABASE_URL"], autocommit=True)
