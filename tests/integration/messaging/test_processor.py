"""One bad message costs its neighbours nothing; trouble that is nobody's fault costs no message anything."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.errors import Unavailable
from shared.messaging import Batch, EventConsumer, Message, On, RawMessage
from tests.support.behaviours import What
from tests.support.lab import DELAYS, Calls, Lab, delivery, note
from tests.support.probing import fact
from tests.support.system import wait_until


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bad=st.dictionaries(st.integers(0, 39), st.sampled_from(["raise", "retry", "reject"]), max_size=8))
def test_every_bad_message_is_found_and_only_they_pay(lab: Lab, bad: dict[int, str]) -> None:
    with lab.probe.connect() as conn:
        conn.execute("truncate effect, inbox, retry, parked")
    events = [fact(bad.get(position, "count"), key=str(position)) for position in range(40)]
    lab.take_facts([delivery(event) for event in events])
    done = [event.id for position, event in enumerate(events) if position not in bad]
    aside = {name: sum(1 for what in bad.values() if what in kinds) for name, kinds in _TABLES.items()}
    assert lab.probe.effects() == sorted(done)
    assert {name: len(lab.table(name)) for name in _TABLES} == aside
    assert lab.probe.one("select count(*) from inbox") == len(done)


_TABLES = {"retry": ("raise", "retry"), "parked": ("reject",)}


def test_a_batch_is_one_transaction_and_what_comes_again_is_not_done_again(lab: Lab) -> None:
    deliveries = [delivery(fact()) for _ in range(100)]
    lab.take_facts(deliveries)
    lab.take_facts([*deliveries[50:], *deliveries[50:], delivery(fact())])
    assert lab.probe.one("select count(*) from effect") == 101
    assert lab.probe.one("select count(distinct tx) from effect") == 2


def test_delays_grow_until_the_last_and_then_it_is_parked_with_its_cause(lab: Lab) -> None:
    event = fact("raise")
    waits: list[int] = []
    now = delivery(event)
    for _ in DELAYS:
        lab.take_facts([now])
        (row,) = lab.table("retry")
        due, failed = (datetime.fromisoformat(row[name]) for name in ("due_at", "failed_at"))
        waits.append(round((due - failed).total_seconds()) if not waits else row["attempts"])
        now = RawMessage(
            "routing.events", event.encode(), now.properties, row["attempts"], (row["town"], row["id"])
        )
    lab.take_facts([now])
    assert waits == [1, 2, 3]
    assert lab.table("retry") == []
    ((queue, cause, body),) = lab.probe.parked()
    assert (queue, body) == ("routing.events", event.encode())
    assert cause.startswith("RuntimeError at tests/support/behaviours.py")
    assert "ada" not in cause


def test_a_retry_that_succeeds_leaves_no_row(lab: Lab) -> None:
    lab.take_facts([delivery(fact("raise"))])
    (row,) = lab.table("retry")
    lab.probe.cure()
    body = bytes.fromhex(row["body"].removeprefix("\\x"))
    again = RawMessage("routing.events", body, row["properties"], 1, (row["town"], row["id"]))
    lab.take_facts([again])
    lab.take_facts([again])
    assert (lab.table("retry"), len(lab.probe.effects())) == ([], 1)


def test_a_handler_puts_single_messages_aside_and_the_rest_of_the_batch_is_done(lab: Lab) -> None:
    def take(batch: Batch, messages: list[Message]) -> None:
        batch.retry(messages[0], "not yet", after=60)
        batch.park(messages[1], "never")
        note(batch, messages[2:])

    events = [fact() for _ in range(5)]
    consumer = EventConsumer({"report.submitted.v1": On(What, take)})
    lab.processor(consumer).process([delivery(event) for event in events])
    assert lab.probe.effects() == sorted(event.id for event in events[2:])
    assert [row["cause"] for row in lab.table("retry")] == ["not yet"]
    assert [row["cause"] for row in lab.table("parked")] == ["never"]
    assert {row["event_id"] for row in lab.table("inbox")} == {event.id for event in events[2:]}


def test_a_deadlock_runs_the_batch_again_and_is_no_failure(lab: Lab) -> None:
    with lab.probe.connect() as conn:
        conn.execute("create table pair (id int primary key, n int); insert into pair values (1, 0), (2, 0)")
    theirs = threading.Event()
    attempts = []

    def opponent() -> None:
        with lab.probe.connect() as conn, conn.transaction():
            conn.execute("update pair set n = n + 1 where id = 2")
            theirs.set()
            wait_until(lambda: lab.probe.one("select count(*) from pg_locks where not granted"))
            conn.execute("update pair set n = n + 1 where id = 1")

    def work(batch: Batch, deliveries: Sequence[RawMessage]) -> None:
        attempts.append(len(deliveries))
        batch.conn.execute("update pair set n = n + 1 where id = 1")
        if len(attempts) == 1:
            theirs.wait(10)  # from here on, we are the first who waits, so the one who is chosen to lose
        batch.conn.execute("update pair set n = n + 1 where id = 2")

    thread = threading.Thread(target=opponent)
    thread.start()
    lab.processor(Calls(work)).process([delivery(fact()) for _ in range(3)])
    thread.join()
    assert attempts == [3, 3]
    assert [row["n"] for row in lab.table("pair")] == [2, 2]
    assert (lab.table("retry"), lab.table("parked")) == ([], [])


def test_a_serialization_failure_runs_the_whole_batch_again(lab: Lab) -> None:
    with lab.probe.connect() as conn:
        conn.execute("create table pair (id int primary key, n int); insert into pair values (1, 0)")
    attempts = []

    def work(batch: Batch, deliveries: Sequence[RawMessage]) -> None:
        batch.conn.execute("set transaction isolation level repeatable read")
        (seen,) = batch.conn.execute("select n from pair").fetchone() or (None,)
        attempts.append((len(deliveries), seen))
        if len(attempts) <= 3:
            lab.probe.rows("update pair set n = n + 10 returning n")
        batch.conn.execute("update pair set n = n + 1")

    lab.processor(Calls(work)).process([delivery(fact()) for _ in range(7)])
    assert attempts == [(7, 0), (7, 10), (7, 20), (7, 30)]
    assert ([row["n"] for row in lab.table("pair")], lab.table("retry")) == ([31], [])


def test_when_the_database_goes_away_all_messages_are_held_and_none_is_blamed(lab: Lab) -> None:
    gone = [True]

    def work(batch: Batch, _: Sequence[RawMessage]) -> None:
        if gone:
            batch.conn.execute("select pg_terminate_backend(pg_backend_pid())")
        batch.conn.execute("insert into effect (id) values ('done')")

    deliveries = [delivery(fact()) for _ in range(10)]
    with pytest.raises(Unavailable):
        lab.processor(Calls(work)).process(deliveries)
    assert (lab.table("retry"), lab.table("parked"), lab.probe.effects()) == ([], [], [])
    gone.clear()
    lab.processor(Calls(work)).process(deliveries)
    assert lab.probe.effects() == ["done"]


def test_a_lock_that_somebody_holds_is_no_messages_fault(lab: Lab) -> None:
    with lab.probe.connect() as conn:
        conn.execute("create table pair (id int primary key)")

    def work(batch: Batch, _: Sequence[RawMessage]) -> None:
        batch.conn.execute("set local lock_timeout = '50ms'")
        batch.conn.execute("lock table pair")

    with lab.probe.connect() as conn, conn.transaction():
        conn.execute("lock table pair")
        with pytest.raises(Unavailable):
            lab.processor(Calls(work)).process([delivery(fact()), delivery(fact())])
    assert (lab.table("retry"), lab.table("parked")) == ([], [])


def test_nothing_is_answered_or_told_when_the_commit_fails(lab: Lab) -> None:
    with lab.probe.connect() as conn:
        conn.execute("create table parent (id int primary key)")
        conn.execute("create table child (id int references parent deferrable initially deferred)")

    def work(batch: Batch, _: Sequence[RawMessage]) -> None:
        batch.conn.execute("insert into effect (id) values ('done')")
        batch.conn.execute("insert into child values (1)")

    lab.processor(Calls(work)).process([delivery(fact())])
    assert lab.probe.effects() == []
    (row,) = lab.table("retry")
    assert row["cause"].startswith("ForeignKeyViolation [23503 child_id_fkey]")


@pytest.mark.parametrize(
    "error", [psycopg.OperationalError("connection lost"), psycopg.InterfaceError("closed")]
)
def test_an_error_of_the_connection_itself_is_no_messages_fault(lab: Lab, error: psycopg.Error) -> None:
    def work(_: Batch, __: Sequence[RawMessage]) -> None:
        raise error

    with pytest.raises(Unavailable):
        lab.processor(Calls(work)).process([delivery(fact())])
