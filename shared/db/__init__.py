"""PostgreSQL: pools, named statements, migrations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
import psycopg
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

Connection = psycopg.Connection[TupleRow]
Pool = ConnectionPool[Connection]


def open_pool(url: str, name: str, size: int = 12) -> Pool:
    """A pool of connections to `url`, each named `name` for whoever looks at the server.

    Statements end after 30 s and idle transactions after 60 s, so that no lock outlives its worker. While
    the server is away, whoever asks has a connection tried anew: the pool's own attempts get rare.
    """
    options = "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000 -c lock_timeout=20000"
    pool: Pool = ConnectionPool(
        url,
        kwargs={"application_name": name, "options": options, "connect_timeout": 5},
        min_size=2,
        max_size=size,
        timeout=5,
        reconnect_timeout=5,
        open=False,
        check=ConnectionPool.check_connection,
    )
    pool.open()
    return pool


def rows(items: Iterable[Any]) -> str:
    """`items`, mappings or dataclasses, as one JSON parameter for `json_to_recordset`.

    That is the cheapest way to hand over many rows.
    """
    return orjson.dumps(list(items)).decode()
