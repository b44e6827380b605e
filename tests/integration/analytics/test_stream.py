"""What analysts read says the same as what was counted, by distinct id, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from shared.amqp import Publisher
from shared.messaging import topology
from shared.outbox.relay import Relay
from tests.support import reports
from tests.support.ground import Ground

from .counter import Counter
from .stream import Analyst, analyst_of, counted, tallied


@pytest.fixture
def analyst(ground: Ground) -> Iterator[Analyst]:
    """An analyst of a town of its own."""
    with analyst_of(ground.values["ADMIN_AMQP_URL"], ground.values["ADMIN_API_URL"]) as made:
        yield made


@pytest.fixture
def relay(ground: Ground, counter: Counter) -> Iterator[Relay]:
    """Analytics' relay, as its own RabbitMQ user."""
    url = ground.values["ANALYTICS_AMQP_URL"]
    publisher = Publisher(url, str(urlsplit(url).username))
    yield Relay(counter.pool, publisher, topology.is_mandatory)
    publisher.close()


def _publish(relay: Relay, counter: Counter) -> None:
    relay.drain()
    assert not counter.rows("select cause from outbox")


def test_the_stream_says_what_was_counted(counter: Counter, relay: Relay, analyst: Analyst) -> None:
    events = reports.stories(150, town=analyst.town)
    counter.take(events, size=70)
    _publish(relay, counter)
    facts = analyst.facts(len(events))
    first = int(facts[0]["sequence"])
    assert [f["sequence"] for f in facts] == [f"{first + n:010d}" for n in range(len(events))]
    assert {f["id"] for f in facts} == {r["id"] for r in counter.rows("select id::text from fact")}
    assert counted(facts) == tallied(counter)


def test_what_is_published_again_has_the_same_id_and_number(
    counter: Counter, relay: Relay, analyst: Analyst
) -> None:
    events = reports.stories(30, town=analyst.town)
    counter.take(events)
    counter.run("create table again as select town, event_id, exchange, routing_key from outbox")
    _publish(relay, counter)
    # As after a crash between the broker's word and ours.
    counter.run("insert into outbox (town, event_id, exchange, routing_key) select * from again")
    counter.take([reports.event("submitted", town=analyst.town)])
    _publish(relay, counter)
    read = [fact for fact, _ in analyst.read(len(events) + 1)]
    assert len(read) == 2 * len(events) + 1, "all but the last came twice"
    assert len({(fact["id"], fact["sequence"]) for fact in read}) == len(events) + 1
    assert counted(analyst.facts(len(events) + 1)) == tallied(counter)


def test_nothing_in_the_stream_leads_back(counter: Counter, relay: Relay, analyst: Analyst) -> None:
    events = reports.stories(40, town=analyst.town)
    counter.take(events)
    _publish(relay, counter)
    read = analyst.read(len(events))
    text = repr([fact for fact, _ in read])
    for telling in reports.TELLING:
        assert telling not in text
    for event in events:
        report = event.data["report"]
        ids = (event.id, str(event.correlationid), report["id"], report["citizen_id"])
        for telling in (*ids, event.time):
            assert telling not in text
    for _, p in read:
        assert (p.correlation_id, p.reply_to, p.timestamp, p.user_id) == (None, None, None, "vigie-analytics")
