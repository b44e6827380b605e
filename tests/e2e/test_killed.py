"""Each service is killed and the broker restarted in mid-work: nothing is lost, nothing done twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from shared.settings import SERVICES
from tests.e2e import counts, traces
from tests.e2e.sender import PatientFrontEnd
from tests.e2e.tool import read_stream
from tests.support.broker import PrivateBroker, private_broker
from tests.support.databases import Databases
from tests.support.ground import Ground
from tests.support.system import System, wait_until

NUMBER = 2000


@pytest.fixture
def broker() -> Iterator[PrivateBroker]:
    with private_broker() as own:
        yield own


@pytest.fixture
def system(
    broker: PrivateBroker, connection_values: dict[str, str], databases: Databases, tmp_path: Path
) -> Iterator[System]:
    with Ground(broker.instead(connection_values), databases, tmp_path) as ground:
        own = System(ground)
        try:
            own.start()
            own.apply_town()
            yield own
        finally:
            own.close()


@pytest.mark.timeout(900)
def test_nothing_is_lost_or_doubled(system: System, broker: PrivateBroker) -> None:
    with PatientFrontEnd(system.values["FRONT_AMQP_URL"], NUMBER) as sender:
        for done, blow in enumerate(_blows(system, broker), start=1):
            sender.wait_for(done * NUMBER // 6)
            blow()
        receipts = sender.wait_for(NUMBER)
    assert {receipt["type"] for receipt in receipts.values()} == {"submission.accepted.v1"}
    wait_until(lambda: _settled(system), 400, "all is routed, told and counted")
    _once(system, receipts)


def _blows(system: System, broker: PrivateBroker) -> list[Callable[[], None]]:
    kills = [lambda name=name: system.restart(name) for name in SERVICES]
    return [*kills, broker.restart]


def _settled(system: System) -> bool:
    return set(_state(system).values()) == {NUMBER} and counts.quiet(system)


def _state(system: System) -> dict[str, int]:
    happened = counts.happened(system)
    decided = sum(happened.get(what, 0) for what in ("routed", "forwarded", "triaged"))
    receipts = "select count(*) from delivery where template = 'receipt' and state = 'sent'"
    told = counts.scalar(system, "notification", receipts)
    return {"submitted": happened.get("submitted", 0), "decided": decided, "told": told}


def _once(system: System, receipts: Mapping[str, Mapping[str, Any]]) -> None:
    ids = {receipt["data"]["report"]["id"] for receipt in receipts.values()}
    assert len(ids) == counts.stored(system) == sum(counts.cases(system).values()) == NUMBER
    assert counts.parked(system) == 0
    _each_desk_once(system)
    _each_fact_once(system)
    _each_mail_once(system)


def _each_desk_once(system: System) -> None:
    """By the event's id: what was published again after a crash has the same one."""
    told = traces.desk_events(system)
    routed = {(event["data"]["report"]["id"], event["id"]) for event in told}
    assert {event["type"] for event in told} == {"report.routed.v1"}
    assert len(routed) == len({report for report, _ in routed}) == counts.cases(system)["department"]


def _each_fact_once(system: System) -> None:
    happened = counts.happened(system)
    facts = read_stream(system.values["ANALYST_AMQP_URL"], sum(happened.values()))
    assert Counter(fact["data"]["happened"] for fact in facts.values()) == happened


def _each_mail_once(system: System) -> None:
    """By Message-ID: what was sent again after a crash has the same one."""
    sent = counts.scalar(system, "notification", "select count(*) from delivery where state = 'sent'")
    found = wait_until(lambda: _message_ids(system, sent), 60, "each mail has come")
    assert len(found) == sent


def _message_ids(system: System, sent: int) -> set[str] | None:
    found = {str(mail["Message-ID"]) for mail in system.ground.mailbox.mails()}
    return found if len(found) >= sent else None
