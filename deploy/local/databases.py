"""The services' databases: each with a role of its own that can enter no other."""

from __future__ import annotations

import psycopg
from psycopg import sql

_ROLE = "select 1 from pg_roles where rolname = %s"
_DATABASE = "select 1 from pg_database where datname = %s"


def ensure(connection: psycopg.Connection, name: str, password: str) -> None:
    """Make role and database `name` unless they are there; set the role's password."""
    ensure_role(connection, name, password)
    ensure_database(connection, name, owner=name)


def ensure_role(connection: psycopg.Connection, name: str, password: str) -> None:
    """Make the role, or give it this password."""
    words = {"name": sql.Identifier(name), "password": sql.Literal(password)}
    if connection.execute(_ROLE, [name]).fetchone():
        connection.execute(sql.SQL("alter role {name} login password {password}").format(**words))
    else:
        connection.execute(sql.SQL("create role {name} login password {password}").format(**words))


def ensure_database(connection: psycopg.Connection, name: str, owner: str) -> None:
    """Make the database unless it is there, and let only its owner and superusers in."""
    if not connection.execute(_DATABASE, [name]).fetchone():
        words = {"name": sql.Identifier(name), "owner": sql.Identifier(owner)}
        connection.execute(sql.SQL("create database {name} owner {owner}").format(**words))
    close(connection, name)


def close(connection: psycopg.Connection, *names: str) -> None:
    """Let only the owner and superusers connect to these databases."""
    for name in names:
        statement = sql.SQL("revoke connect, temporary on database {} from public")
        connection.execute(statement.format(sql.Identifier(name)))
