"""Asking over the broker: an answer in time, or word that there is none."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from shared import ids
from shared.amqp import Outgoing
from shared.amqp.requests import RequestClient
from shared.errors import Unavailable
from tests.support.ground import Ground


def request(routing_key: str) -> Outgoing:
    return Outgoing("intake", routing_key, b"{}", ids.new_id(), "contacts.requested.v1")


@pytest.fixture
def client(ground: Ground) -> Iterator[RequestClient]:
    """Notification's, with its own rights, where nobody answers."""
    made = RequestClient(ground.values["NOTIFICATION_AMQP_URL"], "vigie-notification", 1.0)
    yield made
    made.close()


def test_nobody_answers_in_time(client: RequestClient) -> None:
    started = time.monotonic()
    with pytest.raises(Unavailable, match="TimeoutError"):
        client.ask(request("contacts"))

    assert time.monotonic() - started > 0.9


def test_what_no_queue_takes_is_known_at_once(ground: Ground) -> None:
    """The broker returns it, long before the time is over."""
    patient = RequestClient(ground.values["NOTIFICATION_AMQP_URL"], "vigie-notification", 60.0)
    started = time.monotonic()
    with pytest.raises(Unavailable):
        patient.ask(request("nowhere"))
    patient.close()

    assert time.monotonic() - started < 30


def test_a_broker_that_is_away_is_said_without_its_address() -> None:
    nowhere = RequestClient("amqp://nobody:secret@127.0.0.1:1/", "nobody", 1.0)
    with pytest.raises(Unavailable) as caught:
        nowhere.ask(request("contacts"))

    assert "secret" not in str(caught.value)
