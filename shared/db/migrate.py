"""Migrations: plain SQL files, forward only, applied once each and in order, in one transaction a file.

A file is named `NNNN_pre_words.sql` (expand: run before the new code) or `NNNN_post_words.sql`
(contract: run after it). The backbone's own come first, from `shared/db/migrations`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

import psycopg

from shared.l10n.spoken import words_of

_ = words_of("shared")

_LOCK = 7_110_001
_TABLE = """create table if not exists migration (
  name text primary key, sha256 text not null, applied_at timestamptz not null default now())"""


class MigrationChanged(Exception):
    """A migration that has been applied was edited since; write a new one instead."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its name with the folder's (`backbone/0001_pre_backbone`), and its statements."""

    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """The checksum by which a later edit is noticed."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations(service: str) -> list[Migration]:
    """All migrations of `service` in the order in which they are applied."""
    return [*_read("shared.db", "backbone"), *_read(f"services.{service}.store", service)]


def _read(package: str, label: str) -> Iterator[Migration]:
    folder = files(package).joinpath("migrations")
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".sql"):
            yield Migration(f"{label}/{file.name.removesuffix('.sql')}", file.read_text(encoding="utf-8"))


def migrate(url: str, service: str) -> list[str]:
    """Bring the database at `url` up to date; returns the names of what was applied.

    Safe to run from several places at once. Raises MigrationChanged.
    """
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("select pg_advisory_lock(%s)", [_LOCK])
        conn.execute(_TABLE)
        done: dict[str, str] = dict(conn.execute("select name, sha256 from migration").fetchall())
        return [m.name for m in migrations(service) if _apply(conn, m, done.get(m.name))]


def _apply(conn: psycopg.Connection, migration: Migration, recorded: str | None) -> bool:
    if recorded:
        if recorded != migration.sha256:
            raise MigrationChanged(_("{name} was edited after it had been applied", name=migration.name))
        return False
    with conn.transaction():
        conn.execute("set local lock_timeout = '5s'")
        conn.execute(migration.sql.encode())
        conn.execute(
            "insert into migration (name, sha256) values (%s, %s)", [migration.name, migration.sha256]
        )
    return True
