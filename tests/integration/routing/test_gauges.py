"""Routing's gauges: what waits for somebody to act, in its database and on desks; no service runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pika
import psycopg
import pytest
from prometheus_client import REGISTRY

from services.routing import gauges
from services.routing.store.repository import QUERIES
from shared import db
from tests.support.system import wait_until

from .cases import HOUR, NOW, stored_case
from .conftest import Town


@pytest.fixture
def pool(essai: Town) -> Iterator[db.Pool]:
    """Routing's."""
    own = db.open_pool(essai.values["ROUTING_DATABASE_URL"], "test")
    yield own
    own.close()


def shown(essai: Town, pool: db.Pool, name: str, **labels: str) -> float | None:
    """What the metrics say of the town now."""
    gauges.measure(pool)
    return REGISTRY.get_sample_value(f"vigie_{name}", {"town": essai.slug, **labels})


def test_a_town_without_cases_shows_nothing_that_waits(essai: Town, pool: db.Pool) -> None:
    assert essai.apply().exit_code == 0
    for name in ("open", "triage", "triage_oldest_seconds", "overdue", "overdue_oldest_seconds"):
        assert shown(essai, pool, f"cases_{name}") == 0


def test_cases_in_triage_and_overdue_are_counted_with_the_age_of_the_oldest(
    essai: Town, pool: db.Pool
) -> None:
    assert essai.apply().exit_code == 0
    for number, state in enumerate(("triage", "triage", "resolved", "declined"), 1):
        stored_case(essai, number, state, "triage", resolve_by=NOW + HOUR)
    stored_case(essai, 5, "routed", acknowledge_by=NOW - HOUR, resolve_by=NOW + HOUR)
    stored_case(essai, 6, "acknowledged", acknowledge_by=NOW - 9 * HOUR, resolve_by=NOW + HOUR)
    stored_case(essai, 7, "planned", acknowledge_by=NOW - 9 * HOUR, resolve_by=NOW - 2 * HOUR)
    stored_case(essai, 8, "resolved", resolve_by=NOW - 9 * HOUR)
    stored_case(essai, 9, "forwarded", "authority/region")
    assert (shown(essai, pool, "cases_open"), shown(essai, pool, "cases_triage")) == (6, 2)
    assert shown(essai, pool, "cases_overdue") == 2
    for name, age in (("triage", 2 * HOUR), ("overdue", 2 * HOUR)):
        oldest = shown(essai, pool, f"cases_{name}_oldest_seconds")
        assert oldest
        assert age <= timedelta(seconds=oldest) <= age + (datetime.now(UTC) - NOW)


def test_open_cases_are_found_by_their_index(essai: Town) -> None:
    """Nearly all of a million cases are closed."""
    with psycopg.connect(essai.values["ROUTING_DATABASE_URL"]) as conn:
        conn.execute("set enable_seqscan = off")
        plan = conn.execute(b"explain " + QUERIES["backlogs"].encode()).fetchall()
    assert "case_file_open" in str(plan)


def test_the_desk_of_a_department_with_a_tool_is_looked_at(
    essai: Town, pool: db.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ROUTING_AMQP_URL", "ROUTING_DATABASE_URL", "ROUTING_WORKER_URL"):
        monkeypatch.setenv(name, essai.values[name])
    assert essai.apply().exit_code == 0
    department = "voirie"
    with pika.BlockingConnection(pika.URLParameters(essai.values["ADMIN_AMQP_URL"])) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        for _ in range(3):
            channel.basic_publish("desk", f"{essai.slug}.{department}", b"{}", mandatory=True)
        wait_until(lambda: shown(essai, pool, "desk_messages", department=department) == 3)
        assert shown(essai, pool, "desk_consumers", department=department) == 0
        channel.basic_qos(prefetch_count=1)
        channel.basic_consume(f"desk.{essai.slug}.{department}", lambda *_: None)
        assert shown(essai, pool, "desk_consumers", department=department) == 1
        channel.queue_delete(f"desk.{essai.slug}.{department}")
    assert shown(essai, pool, "cases_open") == 0, "a desk that is gone stands in nothing's way"
