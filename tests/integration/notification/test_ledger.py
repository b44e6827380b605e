"""From facts to the ledger: who must be told, once each."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from services.notification import domain
from services.notification import inspection as report
from tests.support import mails, reports

from .notifier import Notifier


@pytest.mark.parametrize("event_type", domain.NOTICES)
def test_each_event_is_written_down_for_those_whom_it_concerns(notifier: Notifier, event_type: str) -> None:
    event = mails.happened(event_type)

    notifier.take(event)

    expected = [
        (n.recipient, n.template) for n in sorted(domain.notices(event_type), key=lambda n: n.template)
    ]
    assert [(r["recipient_kind"], r["template"]) for r in notifier.ledger()] == expected
    for row in notifier.ledger():
        assert str(row["event_id"]) == event.id
        assert str(row["report_id"]) == event.data["report"]["id"]
        assert row["reference"] == "GEN-7K3M-9QX2"
        assert row["correlation_id"] == event.correlationid
        assert (row["state"], row["attempts"]) == ("pending", 0)


def test_an_event_that_comes_again_tells_nobody_twice(notifier: Notifier) -> None:
    event = mails.happened("report.forwarded.v1")

    notifier.take(event, event)
    notifier.take(event)
    notifier.run("delete from inbox")  # as after `vigie events resend`, long after
    notifier.take(event)

    assert len(notifier.ledger()) == 2


def test_a_ledger_that_was_lost_comes_back_with_the_same_ids(
    notifier: Notifier, database: Callable[[str], str]
) -> None:
    event = mails.happened("report.submitted.v1")
    notifier.take(event)
    other = Notifier(database("notification"), "amqp://nobody@127.0.0.1:1/")
    other.take(event)

    assert [row["id"] for row in other.ledger()] == [row["id"] for row in notifier.ledger()]
    other.close()


def test_replicas_that_take_the_same_facts_at_once_write_them_once(notifier: Notifier) -> None:
    events = [mails.happened("report.forwarded.v1", reports.report()) for _ in range(50)]
    replicas = [Notifier(notifier.url, "amqp://nobody@127.0.0.1:1/", knows_town=False) for _ in range(3)]
    threads = [
        threading.Thread(target=replica.take, args=order)
        for replica, order in zip(replicas, (events, events[::-1], events[25:] + events[:25]), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(notifier.ledger()) == 100
    for replica in replicas:
        replica.close()


def test_an_unreadable_event_is_parked_and_its_neighbours_are_told(notifier: Notifier) -> None:
    wrong = mails.happened("report.routed.v1", reports.report())
    wrong.data["report"].pop("citizen_id")

    notifier.take(mails.happened("report.submitted.v1"), wrong)

    assert [row["template"] for row in notifier.ledger()] == ["receipt"]
    parked = notifier.rows("select cause from parked")
    assert [row["cause"] for row in parked] == ["unreadable: /data/report/citizen_id"]


def test_what_is_known_of_a_report_has_no_address(notifier: Notifier) -> None:
    event = mails.happened("report.forwarded.v1")
    notifier.take(event, mails.happened("report.submitted.v1", reports.report()))
    with notifier.pool.connection() as conn:
        named = {name: event.data["report"][name] for name in ("id", "reference")}
        known = report.collect(conn, {"town": "gentilly", **named})

    assert {(d["template"], d["state"], d["attempts"]) for d in known["deliveries"]} == {
        ("forwarded", "pending", 0),
        ("handover", "pending", 0),
    }
    assert not {"data", "email", "message_id"} & set(known["deliveries"][0])
