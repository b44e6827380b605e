"""A real process of a service: batches, a killer, a database that goes away, stops and kills under load."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from shared.contracts.envelope import Event
from shared.messaging import topology
from tests.support.behaviours import WAITING
from tests.support.probing import Probe, fact, request
from tests.support.system import wait_until


def test_a_burst_is_taken_in_few_transactions_and_a_single_fact_at_once(probe: Probe) -> None:
    probe.start_ready(BATCH_SPACING_MS="200")
    burst = probe.publish(fact() for _ in range(1000))
    probe.await_effects(burst)
    assert probe.one("select count(distinct tx) from effect") < 100
    assert probe.depth("routing.events") == 0


def test_batches_begin_at_least_the_spacing_apart(probe: Probe) -> None:
    """On the average: a batch's first effect comes later than its beginning on a busy machine."""
    probe.start_ready(BATCH_SPACING_MS="300", BATCH_SIZE="10")
    probe.await_effects(probe.publish(fact() for _ in range(60)))
    begins = [at for (at,) in probe.rows("select min(at) from effect group by tx order by 1")]
    assert len(begins) >= 6
    spaced = begins[1:]  # the first is taken alone, before batches begin
    assert (spaced[-1] - spaced[0]).total_seconds() / (len(spaced) - 1) > 0.25


def test_one_that_kills_the_process_is_parked_and_no_innocent_with_it(probe: Probe) -> None:
    with probe.kept_running() as codes:
        wait_until(lambda: probe.consumers("routing.events"))
        innocent = [fact() for _ in range(60)]
        killer = fact("kill")
        others = [request(key=str(n)) for n in range(10)]
        probe.publish([*innocent[:30], killer, *innocent[30:]])
        for other in others:
            probe.publish_raw(other.encode(), "desk.in", "gentilly.voirie")
        wait_until(probe.parked, 150, "the killer is parked")
        wait_until(lambda: len(probe.effects()) >= 70, 60, "the others are done")
    assert [body for _, _, body in probe.parked()] == [killer.encode()]
    assert probe.parked()[0][:2] == (
        "routing.events",
        "delivered again and again without an answer: its handler kills the process or hangs",
    )
    assert probe.effects() == sorted(event.id for event in [*innocent, *others])
    assert codes.count(9) >= topology.DELIVERY_LIMIT
    assert probe.depth("routing.dead") == 0


def test_one_that_kills_the_process_when_it_is_tried_again_is_parked_too(probe: Probe) -> None:
    killer, innocent = fact("kill"), [fact() for _ in range(5)]
    for event in [*innocent[:2], killer, *innocent[2:]]:
        _retry(probe, event)
    with probe.kept_running():
        wait_until(lambda: _all_due(probe) and probe.parked(), 120, "it is parked")
        probe.await_effects(innocent)
    ((queue, cause, body),) = probe.parked()
    assert (queue, body) == ("routing.events", killer.encode())
    assert "kills the process" in cause


def _retry(probe: Probe, event: Event) -> None:
    statement = """insert into retry (town, id, consumer, body, properties, attempts, cause, due_at)
      values (%s, %s, 'routing.events', %s, '{"user_id": "vigie-intake"}', 0, 'before', now())"""
    with probe.connect() as conn:
        conn.execute(statement, [event.town, event.id, event.encode()])


def _all_due(probe: Probe) -> bool:
    """What a process had in work when it died is due a minute later, which a test need not wait for."""
    with probe.connect() as conn:
        conn.execute("update retry set due_at = now() where due_at > now() + interval '5 s'")
    return True


@contextmanager
def away(probe: Probe) -> Iterator[None]:
    """The database lets nobody in meanwhile."""
    name = urlsplit(probe.url).path.removeprefix("/")
    allow = sql.SQL("alter database {} allow_connections {}")
    with psycopg.connect(probe.values["ADMIN_DATABASE_URL"], autocommit=True) as admin:
        admin.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
        yield
        admin.execute(allow.format(sql.Identifier(name), sql.SQL("true")))


def test_messages_wait_for_a_database_that_is_away_and_lose_nothing_by_it(probe: Probe) -> None:
    process = probe.start_ready()
    probe.await_effects(first := probe.publish([fact()]))
    with away(probe):
        later = probe.publish(fact() for _ in range(200))
        wait_until(lambda: probe.log.count("routing.events waits") >= 2, what="it has tried in vain")
    probe.await_effects([*first, *later])
    assert process.poll() is None
    assert (probe.parked(), probe.rows("select from retry")) == ([], [])
    assert probe.stop() == [0]
    assert probe.depth("routing.events") == 0


def test_sigterm_under_load_ends_in_time_and_nothing_is_lost_or_doubled(probe: Probe) -> None:
    probe.start_ready(BATCH_SIZE="50")
    sent = probe.publish(fact("tell") for _ in range(2000))
    wait_until(lambda: len(probe.effects()) > 100)
    began = time.monotonic()
    assert probe.stop() == [0]
    assert time.monotonic() - began < 60
    done = probe.effects()
    assert len(set(done)) == len(done) == 2000 - probe.depth("routing.events")
    assert probe.rows("select from outbox") == []
    probe.start_ready()
    probe.await_effects(sent)
    assert probe.stop() == [0]
    assert len({event["id"] for event in probe.told()}) == 2000


def test_kill_9_in_the_middle_of_two_thousand_messages(probe: Probe) -> None:
    probe.start_ready(BATCH_SIZE="50")
    sent = probe.publish(fact("tell") for _ in range(2000))
    for done in (100, 500, 1000):
        wait_until(partial(_more_than, probe, done))
        probe.kill()
        probe.start(BATCH_SIZE="50")
    probe.await_effects(sent, 60)
    wait_until(lambda: not probe.rows("select from outbox"))
    assert len({event["id"] for event in probe.told()}) == 2000


def test_after_a_crash_what_was_in_work_is_caught_up_with_in_few_steps(probe: Probe) -> None:
    probe.start_ready()
    probe.publish([fact("kill")])
    wait_until(lambda: not probe.consumers("routing.events"))
    probe.cure()
    innocent = probe.publish(fact() for _ in range(1000))
    with probe.channel() as channel:
        for _ in innocent:
            channel.basic_get("routing.events")  # in work, as far as the broker knows, until it closes
    probe.start()
    wait_until(lambda: len(probe.effects()) == 1001, 60)
    assert probe.one("select count(distinct tx) from effect") < 60


def _more_than(probe: Probe, done: int) -> bool:
    return len(probe.effects()) > done


def test_a_handler_that_hangs_does_not_keep_the_process_alive_for_ever(probe: Probe) -> None:
    probe.start_ready(PATIENCE="3")
    probe.publish([fact("hang")])
    wait_until(lambda: probe.depth("routing.events") == 0)
    assert probe.stop(35) == [-signal.SIGALRM]
    wait_until(lambda: probe.depth("routing.events") == 1, what="the broker has it again")


def test_sigterm_while_it_starts_is_heeded(probe: Probe) -> None:
    process = probe.start()
    wait_until(lambda: "EventletDeprecationWarning" in probe.log or "is up" in probe.log)
    process.terminate()
    assert process.wait(30) in (0, -signal.SIGTERM)


def test_ten_green_threads_wait_in_the_database_at_once(probe: Probe) -> None:
    assert _waited_behind_each(probe, 10) == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]


def test_without_green_waits_a_thread_that_waits_lets_no_other_come_to_the_database(probe: Probe) -> None:
    assert _waited_behind_each(probe, 1, NOT_GREEN="1") == [0] * 10


def _waited_behind_each(probe: Probe, come: int, **environment: str) -> list[int]:
    """How many of ten threads waited behind each that got a lock, which is ours until `come` wait for it."""
    with probe.connect() as conn, conn.transaction():
        conn.execute("select pg_advisory_xact_lock(1)")
        process = probe.start(WAITERS="10", **environment)
        wait_until(lambda: probe.one(WAITING) == come, what=f"{come} wait for the lock")
    assert process.wait(60) == 0, probe.log
    return [int(n) for n in probe.log.rpartition("behind ")[2].split()]


def test_no_log_ever_holds_what_an_exception_says(probe: Probe) -> None:
    probe.start_ready()
    probe.publish([fact("raise"), fact("reject")])
    wait_until(lambda: len(probe.parked()) == 2)
    assert "RuntimeError at tests/support/behaviours.py" in probe.log
    assert "ada" not in probe.log
    assert not [cause for _, cause, _ in probe.parked() if "ada" in cause]
