"""What each service's own tables say, counted from outside."""

from __future__ import annotations

from typing import Any, LiteralString

import psycopg

from tests.support.system import System


def scalar(system: System, service: str, sql: LiteralString, *values: Any) -> Any:
    """The one value of a query on a service's database."""
    with psycopg.connect(system.values[f"{service.upper()}_DATABASE_URL"]) as conn:
        row = conn.execute(sql, values).fetchone()
    assert row is not None
    return row[0]


def column(system: System, service: str, sql: LiteralString, *values: Any) -> list[Any]:
    """The values of a query of one column."""
    with psycopg.connect(system.values[f"{service.upper()}_DATABASE_URL"]) as conn:
        return [value for (value,) in conn.execute(sql, values).fetchall()]


def pairs(system: System, service: str, sql: LiteralString, *values: Any) -> dict[Any, Any]:
    """The rows of a query of two columns, as a mapping."""
    with psycopg.connect(system.values[f"{service.upper()}_DATABASE_URL"]) as conn:
        return dict(conn.execute(sql, values).fetchall())


def stored(system: System, town: str = "gentilly") -> int:
    """Reports that intake has."""
    return int(scalar(system, "intake", "select count(*) from report where town = %s", town))


def cases(system: System, town: str = "gentilly") -> dict[str, int]:
    """Cases that routing has, by kind of target."""
    return pairs(
        system, "routing", "select target_kind, count(*) from case_file where town = %s group by 1", town
    )


def happened(system: System, town: str = "gentilly") -> dict[str, int]:
    """What analytics has counted."""
    return pairs(
        system, "analytics", "select happened, sum(n)::int from tally where town = %s group by 1", town
    )


def quiet(system: System) -> bool:
    """True where nothing is left to publish or to try again in any service."""
    return not any(
        scalar(system, service, "select (select count(*) from outbox) + (select count(*) from retry)")
        for service in ("intake", "routing", "notification", "analytics")
    )


def parked(system: System) -> int:
    """Messages that wait for somebody's decision."""
    return sum(
        scalar(system, service, "select count(*) from parked")
        for service in ("intake", "routing", "notification", "analytics")
    )
