"""A service that lost its database is rebuilt from what intake and routing told; nobody is told twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, LiteralString

import psycopg
import pytest

from tests.e2e import counts, wire
from tests.e2e.tool import front_end, read_stream, submission
from tests.support.ground import Ground
from tests.support.system import GENTILLY, System, wait_until

LEDGER: LiteralString = """
select template || ' ' || recipient_kind || ' ' || state, count(*)::int from delivery group by 1
"""
MESSAGE_IDS: LiteralString = "select array_agg(id::text order by id) from delivery"
CATEGORIES = ("voirie/nid-de-poule", "eau/fuite", "dechets/bac-casse")


@pytest.fixture(scope="module")
def own(make_ground: Callable[[], Ground]) -> Iterator[System]:
    """A Vigie to which some reports were sent, forwarded ones among them; all is told and counted."""
    with make_ground() as ground:
        system = System(ground)
        try:
            system.start()
            system.apply_town()
            _send(system, 30)
            yield system
        finally:
            system.close()


def _send(system: System, number: int) -> str:
    """That many more reports; returns the reference of one, when all is told and counted."""
    before = counts.happened(system).get("submitted", 0)
    with front_end(system.values["FRONT_AMQP_URL"]) as tool:
        for n in range(number):
            data = submission(n, category=CATEGORIES[n % 3])
            answer = tool.ask(tool.event("submission.sent.v1", data))
    wait_until(lambda: counts.happened(system).get("submitted") == before + number, 60, "they are counted")
    wait_until(lambda: _all_mailed(system), 120, "everything is mailed")
    return str(answer["data"]["report"]["reference"])


def test_lost_databases_are_rebuilt_and_nobody_is_told_twice(own: System) -> None:
    ledger, counted = counts.pairs(own, "notification", LEDGER), _counted(own)
    identifiers = counts.scalar(own, "notification", MESSAGE_IDS)
    mails = len(own.ground.mailbox.mails())
    facts = read_stream(own.values["ANALYST_AMQP_URL"], sum(counted["happened"].values()))
    _lose(own, "notification", "analytics")
    for service in ("notification", "analytics"):
        told = own.vigie("events", "resend", "--for", service, "--quietly", "--since", "1d")
        assert "events told again" in told
    wait_until(lambda: counts.pairs(own, "notification", LEDGER) == ledger, 60, "the ledger is as it was")
    wait_until(lambda: counts.happened(own) == counted["happened"], 60, "all is counted")
    assert _counted(own) == counted
    assert counts.scalar(own, "notification", MESSAGE_IDS) == identifiers
    reference = _send(own, 1)
    assert len(own.ground.mailbox.mails()) == mails + 2, "only what is new is mailed"
    assert len(read_stream(own.values["ANALYST_AMQP_URL"], len(facts) + 2)) == len(facts) + 2
    assert json.loads(own.vigie("report", "show", reference, "--json"))["counted"] == 2


def _all_mailed(system: System) -> bool:
    owed = "select count(*) from delivery where state not in ('sent', 'failed')"
    return counts.quiet(system) and counts.scalar(system, "notification", owed) == 0


def _counted(system: System) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(system.vigie("analytics", "counts", "gentilly", "--json"))
    assert found["equal_to_facts"]
    return found


def _lose(system: System, *services: str) -> None:
    """Their databases are empty, as after a disk that was replaced; they are set up and started again."""
    system.stop(*services)
    for service in services:
        with psycopg.connect(system.values[f"{service.upper()}_DATABASE_URL"]) as conn:
            conn.execute("drop schema public cascade")
            conn.execute("create schema public")
    system.vigie("db", "migrate", *services)
    system.start(*services)
    system.apply_town(GENTILLY, "--again")


def test_messages_that_were_lost_are_told_again_and_mailed(own: System) -> None:
    """Nobody has taken them: without --quietly they are told as if for the first time."""
    mails, counted = len(own.ground.mailbox.mails()), counts.happened(own)["submitted"]
    own.stop("notification", "analytics")
    with front_end(own.values["FRONT_AMQP_URL"]) as tool:
        tool.ask(tool.event("submission.sent.v1", submission(9003)))
    wait_until(lambda: counts.quiet(own), what="all is published")
    with wire.channel(own.values["ADMIN_AMQP_URL"]) as channel:
        for queue in ("notification.events", "analytics.events"):
            channel.queue_purge(queue)
    own.start("notification", "analytics")
    own.vigie("events", "resend", "--since", "1h")
    wait_until(lambda: counts.happened(own)["submitted"] == counted + 1, 60)
    wait_until(lambda: len(own.ground.mailbox.mails()) == mails + 2, 60, "the two mails are there")
