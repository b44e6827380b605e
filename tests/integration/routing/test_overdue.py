"""A clock that runs out is told once, to the services and to the desk, whoever looks and however often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from services.routing.domain import CLOCKS, RUNNING, Case, CaseFile, Clock, Clocks, Decision
from services.routing.store import repository
from services.routing.usecases import overdue
from shared import clock
from shared.contracts.states import STATES, State
from shared.unit import Unit
from tests.support import reports

Connection = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture
def url(database: Callable[[str], str]) -> str:
    return database("routing")


def _open(
    conn: Connection,
    state: State = "routed",
    acknowledge_by: datetime | None = None,
    resolve_by: datetime | None = None,
) -> str:
    """A case of voirie with these clocks; returns the report's id."""
    report = reports.report()
    case = Case(report["id"], state, "department", "voirie", None, None, acknowledge_by, resolve_by)
    decision = Decision("department", "voirie", "R12", "1", {"fr": "voirie", "en": "roads"}, Clocks())
    file = CaseFile("gentilly", report["reference"], report, 1, case)
    repository.open_cases(conn, [(file, decision)], clock.timestamp())
    return str(report["id"])


def _told(conn: Connection) -> list[tuple[str, str, str, str]]:
    """What is in the outbox: subject, exchange, key and sequence, in order."""
    rows = conn.execute(
        "select o.subject, o.exchange, o.routing_key, e.sequence from outbox o"
        " join event e on e.town = o.town and e.id = o.event_id"
        " where e.type = 'report.overdue.v1' order by o.id"
    )
    return [(subject, exchange, key, sequence) for subject, exchange, key, sequence in rows.fetchall()]


def _publish(conn: psycopg.Connection, which: Clock) -> int:
    """Publish what is overdue, in the connection's open transaction."""
    unit = Unit(conn)
    published = overdue.publish_overdue(unit, which)
    unit.write()
    return published


PAST, FUTURE = clock.now() - timedelta(hours=1), clock.now() + timedelta(days=1)


def test_what_is_overdue_is_told_to_services_and_desk_once(url: str) -> None:
    with psycopg.connect(url) as conn:
        late = _open(conn, acknowledge_by=PAST, resolve_by=FUTURE)
        _open(conn, acknowledge_by=FUTURE, resolve_by=FUTURE)
        assert _publish(conn, "acknowledge") == 1
        assert _publish(conn, "acknowledge") == 0
        assert _publish(conn, "resolve") == 0
        assert _told(conn) == [
            (late, "events", "gentilly.report.overdue.v1", "0000000002"),
            (late, "desk", "gentilly.voirie", "0000000002"),
        ]


def test_each_clock_is_told_by_itself_in_sequence(url: str) -> None:
    with psycopg.connect(url) as conn:
        late = _open(conn, acknowledge_by=PAST, resolve_by=PAST)
        for which in CLOCKS:
            assert _publish(conn, which) == 1
        sequences = [sequence for subject, exchange, _, sequence in _told(conn) if exchange == "events"]
        assert sequences == ["0000000002", "0000000003"]
        assert {subject for subject, *_ in _told(conn)} == {late}


def test_the_statements_and_the_domain_know_the_same_states_in_which_a_clock_runs(url: str) -> None:
    with psycopg.connect(url) as conn:
        opened = {_open(conn, state, acknowledge_by=PAST, resolve_by=PAST): state for state in STATES}
        for which, states in RUNNING.items():
            found = repository.lock_overdue(conn, which, clock.now(), len(STATES))
            assert {opened[file.case.id] for file in found} == states


@pytest.mark.parametrize("which", RUNNING)
def test_overdue_cases_are_found_by_the_index_of_those_whose_clock_runs(url: str, which: str) -> None:
    """Also once PostgreSQL plans the statement for any values, as it may for one that is prepared."""
    statement = repository.QUERIES[f"cases_{which}_overdue"] % {"now": "$1", "limit": "$2"}
    with psycopg.connect(url) as conn:
        conn.execute("set enable_seqscan = off")
        conn.execute("set plan_cache_mode = force_generic_plan")
        conn.execute(f"prepare overdue (timestamptz, bigint) as {statement}".encode())
        plan = conn.execute("explain execute overdue (now(), 1)").fetchall()
        assert f"case_file_by_{which}" in str(plan)


def test_two_replicas_do_not_tell_the_same_case(url: str) -> None:
    with psycopg.connect(url) as setup:
        _open(setup, acknowledge_by=PAST)
    with psycopg.connect(url) as one, psycopg.connect(url) as other:
        assert _publish(one, "acknowledge") == 1
        assert _publish(other, "acknowledge") == 0
        one.commit()
        assert _publish(other, "acknowledge") == 0
