"""The service itself, as a process on real servers, killed in the middle of its work."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from urllib.request import urlopen

import pika
import psycopg

from shared.contracts.envelope import Event
from tests.support import reports
from tests.support.system import System, wait_until

from .counter import Counter, expected, town_configured
from .stream import analyst_of, counted, tallied

REPORTS = 200


def test_killed_twice_it_counts_each_fact_once_and_tells_it(new_system: Callable[..., System]) -> None:
    system = new_system(BATCH_SIZE="25", BATCH_SPACING_MS="40")
    values = system.values
    with analyst_of(values["ADMIN_AMQP_URL"], values["ADMIN_API_URL"]) as analyst:
        events = reports.stories(REPORTS, town=analyst.town)
        _publish(system, [town_configured(analyst.town), *events, *events[: REPORTS // 2]])
        for part in (10, 2):
            system.start("analytics")
            wait_until(partial(_counted, system, len(events) // part), 60)
            system.kill("analytics")
            assert not _counted(system, len(events)), "killed in the middle of its work"
        system.start("analytics")
        wait_until(partial(_counted, system, len(events)), 60, "all is counted")
        wait_until(lambda: _waiting(system) == 0, 30, "all is told")
        told = analyst.facts(len(events))
    counter = Counter(values["ANALYTICS_DATABASE_URL"])
    assert counter.tallied() == expected(events)
    assert counted(told) == tallied(counter)
    counter.close()
    assert _get(system, "/healthz")
    assert _get(system, "/readyz")
    assert 'vigie_queue_consumers{queue="analytics.events"} 1.0' in _get(system, "/metrics").splitlines()
    system.stop("analytics")


def _publish(system: System, events: Iterable[Event]) -> None:
    """As intake and routing do, whose users the broker checks."""
    channels = {}
    for name in ("intake", "routing"):
        parameters = pika.URLParameters(system.values[f"{name.upper()}_AMQP_URL"])
        channels[f"urn:vigie:{name}"] = pika.BlockingConnection(parameters).channel()
        channels[f"urn:vigie:{name}"].confirm_delivery()
    for event in events:
        properties = pika.BasicProperties(
            user_id=event.source.replace("urn:vigie:", "vigie-"), message_id=event.id, type=event.type
        )
        key = f"{event.town}.{event.type}"
        channels[event.source].basic_publish("events", key, event.encode(), properties, mandatory=True)
    for channel in channels.values():
        channel.connection.close()


def _one(system: System, statement: str) -> int:
    with psycopg.connect(system.values["ANALYTICS_DATABASE_URL"]) as conn:
        row = conn.execute(statement.encode()).fetchone()
    assert row
    return int(row[0])


def _counted(system: System, n: int) -> bool:
    return _one(system, "select count(*) from fact") >= n


def _waiting(system: System) -> int:
    return _one(system, "select count(*) from outbox")


def _get(system: System, path: str) -> str:
    with urlopen(system.url("analytics") + path, timeout=60) as answer:
        return str(answer.read().decode())
