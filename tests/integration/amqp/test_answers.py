"""Answers to made-up reply addresses: nobody else's is late, and the broker's log shows none of them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any

import pika
import pytest

from deploy.local import process
from shared import ids
from shared.amqp import Outgoing
from shared.amqp.answers import FAILURES, PAUSE, Answers
from tests.support.broker import PrivateBroker, private_broker
from tests.support.ground import Ground
from tests.support.reply_addresses import made_up
from tests.support.system import wait_until

HELLO = b"can you hear me?"
BARE = "amq.rabbitmq.reply-to"
LINK = "https://example.org/suivi/secret"
FORGED = [
    *[f"{BARE}.xx.yy"] * 100,
    *[made_up(b"reply@%d" % n) for n in range(100)],
    *[made_up(b"reply@%d" % n, number=2**32 - 1, serial=2**32 - 1) for n in range(100)],
]


@pytest.fixture(scope="module")
def broker() -> Iterator[PrivateBroker]:
    """A broker whose log is ours to read."""
    with private_broker() as own:
        yield own


@contextmanager
def waiting(url: str) -> Iterator[tuple[str, list[bytes], Any]]:
    """Somebody who waits: the address that the broker gave, what comes there, and the connection."""
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel, came, heard = connection.channel(), list[bytes](), list[bytes]()
        keep = {HELLO: heard.append}
        channel.basic_consume(BARE, lambda *m: keep.get(m[3], came.append)(m[3]), auto_ack=True)
        asked = channel.queue_declare("", exclusive=True).method.queue
        channel.basic_publish("", asked, b"", pika.BasicProperties(reply_to=BARE))
        question = wait_until(lambda: _got(channel.basic_get(asked, auto_ack=True)), what="it is asked")
        address = question[1].reply_to
        wait_until(lambda: _is_reached(connection, channel, address, heard), what="it can be answered")
        yield address, came, connection


def _is_reached(connection: Any, channel: Any, address: str, heard: list[bytes]) -> bool:
    """A broker that has just begun may lose what is sent to a channel that has just been opened."""
    channel.basic_publish("", address, HELLO)
    connection.process_data_events(1)
    return bool(heard)


def _got(message: tuple[Any, ...]) -> tuple[Any, ...] | None:
    return message if message[0] else None


def answer(address: str, body: str, sender: str) -> Outgoing:
    """What a service would send there."""
    return Outgoing("", address, body.encode(), ids.new_id(), "t", mandatory=False, recipient=sender)


@contextmanager
def answers(url: str, **more: Any) -> Iterator[Answers]:
    """As a service has them."""
    own = Answers(url, pika.URLParameters(url).credentials.username, **more)
    with closing(own):
        yield own


@pytest.mark.parametrize("forger", ["forger", "honest"])
def test_honest_answers_are_not_late_beside_forged_addresses(broker: PrivateBroker, forger: str) -> None:
    url = broker.node.amqp_url
    with answers(url) as own, waiting(url) as (address, came, connection):
        forged = [answer(there, f"{LINK}/{n}", forger) for n, there in enumerate(FORGED)]
        own.publish([answer(address, "first", "honest")])
        withheld = own.publish([*forged[:150], answer(address, "second", "honest"), *forged[150:]])
        own.publish([*forged, answer(address, "third", "honest")])
        wait_until(lambda: connection.process_data_events(0.1) or len(came) == 3, what="all have come")
    assert came == [b"first", b"second", b"third"]
    assert 150 not in withheld
    assert {0, 99} <= set(withheld)
    assert LINK not in process.log_file(broker.node.name).read_text(errors="replace")


def test_an_answer_to_a_channel_that_is_gone_is_nobodys_and_no_trouble(broker: PrivateBroker) -> None:
    url = broker.node.amqp_url
    with answers(url) as own, waiting(url) as (address, came, connection):
        with waiting(url) as (gone, _, _):
            pass
        assert own.publish([answer(gone, LINK, "a"), answer(address, "here", "b")]) == {}
        wait_until(lambda: connection.process_data_events(0.1) or came, what="it has come")


def test_a_new_channel_of_a_known_node_is_answered_whatever_its_sender_forged(broker: PrivateBroker) -> None:
    url = broker.node.amqp_url
    with answers(url) as own, waiting(url) as (first, _, _):
        own.publish([answer(first, "", "tool")])
        own.publish([answer(there, "", "tool") for there in FORGED])
        with waiting(url) as (second, came, connection):
            own.publish([answer(second, "here", "tool")])
            wait_until(lambda: connection.process_data_events(0.1) or came, what="it has come")


def test_a_sender_on_whose_places_the_broker_fails_is_left_alone_for_a_while(
    ground: Ground, caplog: pytest.LogCaptureFixture
) -> None:
    moment = 0.0
    # This user may not publish there at all, so that each trial fails, on whatever release of RabbitMQ.
    with answers(ground.values["NOTIFICATION_AMQP_URL"], clock=lambda: moment) as own:
        failed = partial(_failures, own, caplog)
        assert [failed("one", n) for n in range(5)] == [1, 1, 1, 0, 0]
        assert failed("two", 9) == 1
        moment = PAUSE
        assert [failed("one", n) for n in range(5)] == [1] * FAILURES + [0, 0]


def _failures(own: Answers, caplog: pytest.LogCaptureFixture, sender: str, node: int) -> int:
    with caplog.at_level(logging.WARNING, "shared.amqp.answers"):
        caplog.clear()
        assert set(own.publish([answer(made_up(b"reply@%d" % node), "", sender)])) == {0}
        return len(caplog.records)
