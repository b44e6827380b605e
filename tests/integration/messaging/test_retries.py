"""What becomes of messages whose time to be tried again has come, and as what they are counted."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from prometheus_client import REGISTRY

from shared.amqp import Answers
from shared.contracts.envelope import Event
from shared.errors import Unavailable
from shared.messaging.retries import Retries
from tests.support import behaviours
from tests.support.asking import Asker
from tests.support.lab import DELAYS, Lab, delivery
from tests.support.probing import fact, request
from tests.support.proxy import Proxy
from tests.support.system import wait_until


def _retries(lab: Lab) -> Retries:
    """As the backbone makes them, in a service that serves `routing.events` alone."""
    return Retries(lab.pool, {"routing.events": lab.processor(behaviours.facts()).process}, len(DELAYS))


def _due(lab: Lab, event: Event, queue: str = "routing.events", attempts: int = 0) -> None:
    statement = """insert into retry (town, id, consumer, body, properties, attempts, cause, due_at)
      values (%s, %s, %s, %s, '{"user_id": "vigie-intake"}', %s, 'before', now())"""
    with lab.probe.connect() as conn:
        conn.execute(statement, [event.town, event.id, queue, event.encode(), attempts])


def _counted(outcome: str, queue: str = "routing.events") -> float:
    labels = {"queue": queue, "outcome": outcome}
    return REGISTRY.get_sample_value("vigie_messages_total", labels) or 0


def test_a_message_of_a_queue_that_is_gone_is_parked_once_and_for_all(lab: Lab) -> None:
    lost, known = fact(), fact()
    _due(lab, lost, "routing.gone")
    _due(lab, known)
    before = _counted("reject", "routing.gone")
    retries = _retries(lab)
    assert (retries.take_due(), retries.take_due()) == (2, 0)
    assert lab.probe.parked() == [("routing.gone", "no such queue any longer", lost.encode())]
    assert (lab.table("retry"), lab.probe.effects()) == ([], [known.id])
    assert _counted("reject", "routing.gone") - before == 1


def test_one_that_was_taken_too_often_is_parked_and_counted_so(lab: Lab) -> None:
    _due(lab, fact(), attempts=len(DELAYS) + 1)
    before = _counted("reject")
    assert _retries(lab).take_due() == 1
    ((_, cause, _),) = lab.probe.parked()
    assert cause.startswith("taken again and again without an end")
    assert _counted("reject") - before == 1


def test_the_last_failure_is_counted_as_parked_and_those_before_as_retries(lab: Lab) -> None:
    before = {outcome: _counted(outcome) for outcome in ("done", "retry", "reject")}
    lab.take_facts([delivery(fact("raise"))])
    assert _counted("retry") - before["retry"] == 1
    _due(lab, fact("raise"), attempts=len(DELAYS))
    _retries(lab).take_due()
    assert [cause.split()[0] for _, cause, _ in lab.probe.parked()] == ["RuntimeError"]
    assert {outcome: _counted(outcome) - n for outcome, n in before.items()} == {
        "done": 0,
        "retry": 1,
        "reject": 1,
    }


def test_an_answer_that_could_not_leave_follows_when_the_broker_is_back(lab: Lab, client: Asker) -> None:
    event = request("raise")
    client.send([event])
    lab.take_requests(1)
    lab.probe.cure()
    with Proxy(lab.probe.values["ROUTING_AMQP_URL"]) as link:
        lab.answers = Answers(link.url, "vigie-routing", timeout=3)
        processor = lab.processor(behaviours.requests(), "routing.actions")
        retries = Retries(lab.pool, {"routing.actions": processor.process}, len(DELAYS))
        link.hold()
        _make_due(lab)
        with pytest.raises(Unavailable):
            retries.take_due()
        assert (lab.probe.effects(), [row["attempts"] for row in lab.table("retry")]) == ([event.id], [1])
        link.release()
        _make_due(lab)
        assert retries.take_due() == 1
        lab.answers.close()
    ((known_as, answer),) = client.receive(1)
    assert (known_as, answer["type"]) == (event.id, "action.accepted.v1")
    assert (lab.probe.effects(), lab.table("retry")) == ([event.id], [])


def _make_due(lab: Lab) -> None:
    lab.probe.rows("update retry set due_at = now() returning 1")


@pytest.mark.parametrize(("queue", "attempts"), [("routing.gone", 0), ("routing.events", len(DELAYS) + 1)])
def test_one_of_which_a_copy_is_parked_is_given_up_all_the_same(lab: Lab, queue: str, attempts: int) -> None:
    twice, other = fact(), fact()
    _due(lab, twice, queue, attempts)
    with lab.probe.connect() as conn:
        conn.execute(_COPY)
    _due(lab, other)
    assert _retries(lab).take_due() == 2
    ((where, cause, body),) = lab.probe.parked()
    assert (where, body) == (queue, twice.encode())
    assert cause != "parked before"
    assert (lab.table("retry"), lab.probe.effects()) == ([], [other.id])


_COPY = """insert into parked (town, id, consumer, body, properties, attempts, cause)
  select town, id, consumer, body, properties, 1, 'parked before' from retry"""


@pytest.mark.parametrize("table", ["retry", "parked_look"])
def test_what_is_too_old_is_deleted_whatever_else_fails(lab: Lab, table: str) -> None:
    _park_long_ago(lab)
    with _broken(lab, table), _running(_retries(lab)):
        wait_until(lambda: not lab.probe.parked())


def test_what_could_not_be_deleted_is_deleted_as_soon_as_it_can_be(
    lab: Lab, caplog: pytest.LogCaptureFixture
) -> None:
    _park_long_ago(lab)
    with ExitStack() as trouble:
        trouble.enter_context(_broken(lab, "parked"))
        with _running(_retries(lab)):
            wait_until(lambda: "what is too old is not deleted yet: UndefinedTable" in caplog.text)
            trouble.close()
            wait_until(lambda: not lab.probe.parked())


def _park_long_ago(lab: Lab) -> None:
    with lab.probe.connect() as conn:
        conn.execute("""insert into parked (town, id, consumer, body, properties, attempts, cause, parked_at)
          values ('', gen_random_uuid(), 'routing.events', '', '{}', 1, 'old', now() - interval '31 days')""")


@contextmanager
def _broken(lab: Lab, table: str) -> Iterator[None]:
    """Statements on this table fail."""
    with lab.probe.connect() as conn:
        conn.execute(f"alter table {table} rename to away".encode())
        yield
        conn.execute(f"alter table away rename to {table}".encode())


@contextmanager
def _running(retries: Retries) -> Iterator[None]:
    thread = threading.Thread(target=retries.run, args=(0.05,))
    thread.start()
    try:
        yield
    finally:
        retries.stop()
        thread.join()
