"""Migrations: once each, in order, from several places at once, and none edited afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from shared.db import migrate as migrating
from shared.db.migrate import Migration, MigrationChanged, migrate, migrations
from shared.settings import SERVICES
from tests.support import snapshot
from tests.support.databases import Databases

Create = Callable[[str], str]


@pytest.fixture
def empty(databases: Databases) -> Iterator[str]:
    """A database without a table, open to routing's role."""
    name = databases._create("routing", "template1")
    yield databases.url("routing", name)
    databases._drop(name)


@pytest.mark.parametrize("service", SERVICES)
def test_the_snapshot_is_what_the_migrations_make(database: Create, service: str) -> None:
    expected = snapshot.file(service).read_text()
    assert snapshot.dump(database(service)) == expected, "run python -m tests.support.snapshot"


@pytest.mark.parametrize("service", SERVICES)
def test_town_leads_every_primary_key(database: Create, service: str) -> None:
    query = """
      select c.relname, (select attname from pg_attribute where attrelid = c.oid and attnum = i.indkey[0])
        from pg_class c left join pg_index i on i.indrelid = c.oid and i.indisprimary
       where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and not c.relispartition
         and c.relname <> 'migration'"""
    with psycopg.connect(database(service)) as conn:
        leads: dict[str, str | None] = dict(conn.execute(query).fetchall())
    assert len(leads) > 6
    assert {table: first for table, first in leads.items() if first != "town"} == {}


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_have_names_in_order_that_say_when_to_run_them(service: str) -> None:
    for label in ("backbone", service):
        names = [m.name.partition("/")[2] for m in migrations(service) if m.name.startswith(f"{label}/")]
        assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
        assert {name[4:9] for name in names} <= {"_pre_", "_post"}


def test_a_second_run_applies_nothing(empty: str) -> None:
    names = [m.name for m in migrations("routing")]
    assert migrate(empty, "routing") == names
    assert migrate(empty, "routing") == []


def test_two_at_once_apply_each_one_once(empty: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        applied = list(pool.map(lambda _: migrate(empty, "routing"), range(4)))
    names = [m.name for m in migrations("routing")]
    assert sorted(name for run in applied for name in run) == sorted(names)


def test_an_edited_migration_is_refused_and_named(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate(empty, "routing")
    first, *rest = migrations("routing")
    edited = [Migration(first.name, f"{first.sql}\n-- a thought"), *rest]
    monkeypatch.setattr(migrating, "migrations", lambda _: edited)
    with pytest.raises(MigrationChanged, match=first.name):
        migrate(empty, "routing")


def test_a_migration_that_fails_leaves_nothing_of_itself(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    good = Migration("routing/0001_pre_good", "create table good (town text)")
    bad = Migration("routing/0002_pre_bad", "create table half (town text); select 1 / 0")
    monkeypatch.setattr(migrating, "migrations", lambda _: [good, bad])
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(empty, "routing")
    with psycopg.connect(empty) as conn:
        tables = conn.execute("select to_regclass('good')::text, to_regclass('half')").fetchone()
        names = conn.execute("select name from migration").fetchall()
    assert (tables, names) == (("good", None), [(good.name,)])
