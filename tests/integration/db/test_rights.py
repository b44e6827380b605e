"""What a web process's role may do in its service's database: what its pages need, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from click.testing import CliRunner
from psycopg import sql

from deploy.local.connections import web_role
from shared.commands.migrations import migrate_command
from shared.db import rights
from shared.settings import WEBS
from tests.support.databases import Databases

# Every table, and what a statement of each kind needs.
TABLES = "select tablename from pg_tables where schemaname = 'public' order by 1"
KINDS = ("select", "insert", "update", "delete", "truncate")


def _granted(url: str, role: str) -> set[tuple[str, str]]:
    """(table, kind) of all that `role` may do on the whole of a table."""
    with psycopg.connect(url) as conn:
        tables = [table for (table,) in conn.execute(TABLES)]
        asked = "select has_table_privilege(%s, %s, %s)"
        return {
            (table, kind)
            for table in tables
            for kind in KINDS
            if conn.execute(asked, [role, table, kind]).fetchone() == (True,)
        }


OF_ALL = {("town", "select"), ("event", "insert"), ("outbox", "insert")}
OF_PHOTOS = {("photo", kind) for kind in ("select", "insert", "update")} | {("photo_pending", "insert")}
OF_FORM = (
    {("draft", kind) for kind in ("select", "insert", "update")}
    | {("kept", kind) for kind in ("select", "insert", "delete")}
    | {(table, "insert") for table in ("report", "author", "citizen")}
)
OF_PAGES = {("follow_up", "select"), ("follow_up", "insert"), ("api_key", "select"), ("learned", "select")}
OWN = {
    "intake": OF_PHOTOS | OF_FORM | OF_PAGES,
    "routing": set(),
    "analytics": set(),
}


@pytest.mark.parametrize("service", WEBS)
def test_it_may_do_this_and_no_more(database: Callable[[str], str], service: str) -> None:
    assert _granted(database(service), web_role(service)) == OF_ALL | OWN[service]


@pytest.fixture
def pages(database: Callable[[str], str], databases: Databases) -> psycopg.Connection:
    """A connection of intake's pages."""
    return psycopg.connect(databases.web_url("intake", database("intake")), autocommit=True)


@pytest.mark.parametrize(
    "statement",
    [
        "select * from citizen",
        "select first_name from citizen",
        "select * from author",
        "update citizen set email = ''",
        "select citizen_id from report",
        "select * from report",
        "update report set description = ''",
        "delete from photo",
        "select * from parked",
        "select * from inbox",
        "create table mine ()",
        "create temporary table mine ()",
    ],
)
def test_pages_cannot_learn_who_sent_a_report_nor_change_it(
    pages: psycopg.Connection, statement: str
) -> None:
    with pages, pytest.raises(psycopg.errors.InsufficientPrivilege):
        pages.execute(statement.encode())


def test_pages_read_a_report_as_they_show_it(pages: psycopg.Connection) -> None:
    with pages:
        assert pages.execute("select reference, description from report").fetchall() == []


def test_a_right_that_is_not_listed_any_more_is_taken_back(database: Callable[[str], str]) -> None:
    url, role = database("routing"), web_role("routing")
    with psycopg.connect(url) as conn:
        grants = sql.SQL("grant delete on case_file to {role}; grant update (town) on case_file to {role}")
        conn.execute(grants.format(role=sql.Identifier(role)))
    rights.grant(url, "routing", role)
    assert _granted(url, role) == OF_ALL
    with psycopg.connect(url) as conn:
        column = conn.execute("select has_any_column_privilege(%s, 'case_file', 'update')", [role])
        assert column.fetchone() == (False,)


def test_a_role_that_is_missing_is_said_by_name(
    database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROUTING_DATABASE_URL", database("routing"))
    monkeypatch.setenv("ROUTING_WEB_DATABASE_URL", "postgresql://nobody_at_all:x@127.0.0.1/vigie_routing")
    result = CliRunner().invoke(migrate_command, ["routing"])
    assert result.exit_code == 1
    assert "the role nobody_at_all is missing: make it as deploy/README.md says" in result.output
