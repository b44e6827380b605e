"""The relay: each subject's facts in order, whoever writes and relays; a refused one holds up no other."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared import outbox
from shared.amqp import Publisher
from shared.contracts.envelope import Event
from shared.outbox import Publication
from shared.outbox.relay import Relay
from tests.integration.outbox.telling import EVENTS, NOWHERE, came, event, firsts, held_are_due, relay, tell
from tests.support.lab import Lab
from tests.support.system import wait_until


def test_four_writers_and_two_relays_keep_each_subjects_order(lab: Lab) -> None:
    with lab.probe.connect() as conn:
        conn.execute("create table counter (subject text primary key, n int)")
        conn.execute("insert into counter select 's' || i, 0 from generate_series(1, 20) i")
    relays = [relay(lab, window=50) for _ in range(2)]
    threads = [threading.Thread(target=one.run, args=(0.01,)) for one in relays]
    for thread in threads:
        thread.start()
    with ThreadPoolExecutor(4) as writers:
        list(writers.map(lambda seed: _write(lab, seed), range(4)))
    for one, thread in zip(relays, threads, strict=True):
        one.stop()
        thread.join(20)
    found = came(lab)
    totals = dict(lab.probe.rows("select subject, n from counter where n > 0"))
    assert firsts(found) == {subject: list(range(1, n + 1)) for subject, n in totals.items()}
    assert len(found) == sum(totals.values()) == 4 * 250
    assert lab.table("outbox") == []


def _write(lab: Lab, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(250):
        with lab.pool.connection() as conn:
            query = "update counter set n = n + 1 where subject = %s returning subject, n"
            subject, n = conn.execute(query, [f"s{chance.randint(1, 20)}"]).fetchone() or ("", 0)
            outbox.write(conn, [Publication(event(subject, n), (EVENTS,))])


def test_what_commits_late_under_an_older_number_is_published_too(lab: Lab) -> None:
    one = relay(lab)
    with lab.pool.connection() as slow:
        outbox.write(slow, [Publication(event("slow", 1), (EVENTS,))])
        tell(lab, ("fast", 1))
        one.drain()
        assert came(lab) == [("fast", 1)]
    one.drain()
    assert came(lab) == [("slow", 1)]


@pytest.mark.parametrize("window", [500, 1])
def test_a_returned_row_holds_back_its_own_subject_only_until_the_cure(lab: Lab, window: int) -> None:
    tell(lab, ("a", 1), ("a", 2, NOWHERE), ("b", 1), ("a", 3), (None, 9), ("a", 4, NOWHERE), ("b", 2))
    tell(lab, ("a", 5), ("c", 1))
    one = relay(lab, window=window)
    one.drain()
    assert firsts(came(lab)) == {"a": [1], "b": [1, 2], "": [9], "c": [1]}
    causes = [row["cause"] for row in lab.table("outbox") if row["held_until"]]
    assert causes == ["no queue takes gentilly.nowhere on desk"]
    with _a_queue_there(lab):
        held_are_due(lab)
        one.drain()
        assert [int(e["sequence"]) for e in lab.probe.told("desk.gentilly.nowhere")] == [2, 4]
    assert came(lab) == [("a", 3), ("a", 5)]
    assert lab.table("outbox") == []


class _a_queue_there:
    def __init__(self, lab: Lab) -> None:
        self._lab = lab

    def __enter__(self) -> None:
        with self._lab.probe.channel() as channel:
            channel.queue_declare("desk.gentilly.nowhere", durable=True)
            channel.queue_bind("desk.gentilly.nowhere", *NOWHERE)

    def __exit__(self, *_: object) -> None:
        with self._lab.probe.channel() as channel:
            channel.queue_delete("desk.gentilly.nowhere")


@pytest.fixture
def tight(lab: Lab) -> Iterator[str]:
    """A queue that holds one message and refuses more, on the way of what `tell` tells."""
    arguments = {"x-queue-type": "quorum", "x-max-length": 1, "x-overflow": "reject-publish"}
    with lab.probe.channel() as channel:
        channel.queue_declare("tight", durable=True, arguments=arguments)
        channel.queue_bind("tight", "events", "*.report.routed.v1")
        yield "tight"
        channel.queue_delete("tight")


def test_a_full_queue_refuses_and_nothing_is_lost_when_there_is_room_again(lab: Lab, tight: str) -> None:
    one = relay(lab, window=1)
    tell(lab, *[(f"s{n}", 1) for n in range(10)])
    one.drain()
    held = [row for row in lab.table("outbox") if row["held_until"]]
    assert held
    assert {row["cause"] for row in held} == {"refused by the broker: a queue is full"}
    with lab.probe.channel() as channel:
        channel.queue_delete(tight)
    held_are_due(lab)
    one.drain()
    assert lab.table("outbox") == []
    assert set(firsts(came(lab))) == {f"s{n}" for n in range(10)}


@pytest.mark.parametrize("route", [("no-such-exchange", "k"), ("events", "gentilly.report.submitted.v1")])
def test_what_the_broker_does_not_allow_is_found_and_holds_back_its_own_subject_only(
    lab: Lab, route: tuple[str, str]
) -> None:
    told = [(f"s{n}", 1) for n in range(30)]
    tell(lab, *told[:20], ("bad", 1, route), ("bad", 2), *told[20:])
    relay(lab).drain()
    found = came(lab)
    assert list(firsts(found)) == [subject for subject, _ in told]
    assert len(found) <= 2 * len(told)
    left = sorted((row["id"], row["subject"], row["cause"]) for row in lab.table("outbox"))
    assert [row[1:] for row in left] == [("bad", "the broker objects to it: 403"), ("bad", None)]


def test_a_body_that_is_too_large_for_the_broker_stops_nobody(lab: Lab) -> None:
    tell(lab, ("before", 1))
    with lab.pool.connection() as conn:
        outbox.write(conn, [Publication(event("large", 1, text="x" * 1_100_000), (EVENTS,))])
    tell(lab, ("after", 1))
    relay(lab).drain()
    assert list(firsts(came(lab))) == ["before", "after"]
    assert [row["cause"] for row in lab.table("outbox")] == ["the broker objects to it: 406"]


def test_when_it_stops_it_has_published_what_was_committed_before(lab: Lab) -> None:
    one = relay(lab)
    thread = threading.Thread(target=one.run, args=(60,))
    thread.start()
    tell(lab, *[(f"s{n}", 1) for n in range(1200)])
    one.stop()
    thread.join(30)
    assert len(came(lab)) == 1200


def test_what_is_committed_while_it_publishes_is_published_though_it_is_told_to_stop(lab: Lab) -> None:
    def meanwhile(*_: str) -> bool:
        if not told:
            told.extend(tell(lab, ("late", 1)))
            one.stop()
        return True

    told: list[Event] = []
    one = Relay(lab.pool, lab.publisher(), meanwhile)
    tell(lab, ("early", 1))
    one.run(poll=0.01)
    assert came(lab) == [("early", 1), ("late", 1)]


def test_it_is_woken_and_does_not_wait_for_its_next_look(lab: Lab) -> None:
    one = relay(lab)
    thread = threading.Thread(target=one.run, args=(3600,))
    thread.start()
    tell(lab, ("s", 1))
    one.wake()
    wait_until(lambda: lab.table("outbox") == [])
    one.stop()
    thread.join(10)


def test_a_relay_survives_whatever_happens_to_it(lab: Lab) -> None:
    unreachable = Publisher("amqp://nobody:nothing@127.0.0.1:1/nowhere", "nobody", timeout=1)
    lost = Relay(lab.pool, unreachable, lambda *_: 1 / 0 > 0)
    thread = threading.Thread(target=lost.run, args=(0.01,))
    thread.start()
    tell(lab, ("s", 1))
    lost.wake()
    wait_until(lambda: thread.is_alive())
    lost.stop()
    thread.join(10)
    relay(lab).drain()
    assert came(lab) == [("s", 1)]
