"""The towns' configuration as a service knows it: the last `town.configured.v1` of each, in its database."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from psycopg.types.json import Json

from shared import db
from shared.db import queries

QUERIES = queries.load(__package__, "towns.sql")

log = logging.getLogger(__name__)
T = TypeVar("T")


def keep(conn: db.Connection, town: str, configuration: Mapping[str, Any]) -> None:
    """Keep the data of a `town.configured.v1`, unless a newer one has come before."""
    version = configuration["version"]
    row = {"town": town, "version": version, "configuration": Json(configuration)}
    conn.execute(QUERIES["town_save"], row)
    log.info("town configured", extra={"town": town, "version": version})


def stored(conn: db.Connection, town: str) -> tuple[int, dict[str, Any]] | None:
    """Version and data of the last `town.configured.v1` of one town."""
    return conn.execute(QUERIES["town_get"], {"town": town}).fetchone()


Parse = Callable[[int, Mapping[str, Any]], T]
Read = Callable[[db.Connection, str], tuple[int, Mapping[str, Any]] | None]


class Towns(Generic[T]):
    """Configurations, parsed once a version: `parse` makes of a version and its data what the rules use."""

    def __init__(self, parse: Parse[T], read: Read = stored) -> None:
        self._parse = parse
        self._read = read
        self._parsed: dict[str, tuple[int, T]] = {}

    def current(self, conn: db.Connection, towns: Iterable[str]) -> dict[str, T]:
        """The present configuration of each of `towns` that this service knows."""
        wanted = {"towns": sorted(set(towns))}
        found = {}
        for town, version in conn.execute(QUERIES["town_versions_of"], wanted).fetchall():
            known = self._parsed.get(town)
            found[town] = known[1] if known and known[0] == version else self._load(conn, town)
        return found

    def _load(self, conn: db.Connection, town: str) -> T:
        row = self._read(conn, town)
        assert row is not None
        self._parsed[town] = row[0], self._parse(*row)
        return self._parsed[town][1]


def versions(conn: db.Connection) -> dict[str, int]:
    """Which version of each town this service has."""
    return dict(conn.execute(QUERIES["town_versions"]).fetchall())
