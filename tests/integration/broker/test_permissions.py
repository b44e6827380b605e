"""Every cell of who may do what: what is allowed works, all else is refused with the broker's own code."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import ConnectionClosedByBroker, ProbableAccessDeniedError

from shared.amqp.management import Management
from shared.contracts.exchanges import STATISTICS
from shared.messaging import topology
from shared.settings import SERVICES

from .client import (
    Attempt,
    Place,
    answer,
    answer_to,
    connected,
    delete,
    deployer_channel,
    depths,
    listen,
    purge,
    receive,
    send,
)

REFUSED, PRECONDITION_FAILED, NOT_ALLOWED = 403, 406, 530

# What each may publish to: exchange to a routing key that it may use there.
WRITES: dict[str, dict[str, str]] = {
    "vigie-intake": {"events": "gentilly.report.submitted.v1", "": "gone"},
    "vigie-routing": {"events": "gentilly.report.routed.v1", "desk": "gentilly.voirie", "": "gone"},
    "vigie-notification": {"events": "gentilly.delivery.sent.v1", "intake": "contacts"},
    "vigie-analytics": {"statistics": "gentilly"},
    "gentilly-web": {"citizen.in": "gentilly.submission"},
    "gentilly-voirie": {"desk.in": "gentilly.voirie"},
    "gentilly-stats": {},
}
READS: dict[str, set[str]] = {
    "vigie-intake": {"intake.submissions", "intake.events", "intake.contacts", "intake.dead"},
    "vigie-routing": {"routing.events", "routing.actions", "routing.dead"},
    "vigie-notification": {"notification.events", "notification.dead"},
    "vigie-analytics": {"analytics.events", "analytics.dead"},
    "gentilly-web": set(),
    "gentilly-voirie": {"desk.gentilly.voirie"},
    "gentilly-stats": {"statistics"},
}
USERS = sorted(WRITES)
TOOLS = ["gentilly-web", "gentilly-voirie", "gentilly-stats"]
EXCHANGES = ["", "amq.topic", "amq.direct", "amq.fanout", *(e.name for e in topology.services().exchanges)]
DESKS = ["desk.gentilly.voirie", "desk.gentilly.proprete", "desk.arcueil.voirie"]
QUEUES = [*(q.name for q in topology.services().queues), *DESKS]


@pytest.mark.parametrize("user", USERS)
def test_publishes_only_where_it_may(applied: Place, user: str) -> None:
    with connected(applied, applied.login(user)) as connection:
        for exchange in EXCHANGES:
            key = WRITES[user].get(exchange)
            code = answer(connection, send(exchange, key or "gentilly.submission"))
            assert code == (None if key else REFUSED), f"{user} publishing to {exchange or 'amq.default'}"


@pytest.mark.parametrize("user", USERS)
def test_reads_only_what_is_its_own(applied: Place, user: str) -> None:
    with connected(applied, applied.login(user)) as connection:
        for queue in QUEUES:
            expected = None if queue in READS[user] else REFUSED
            assert answer(connection, listen(queue)) == expected, f"{user} reading {queue}"


@pytest.mark.parametrize("user", USERS)
def test_changes_nothing_on_the_broker(applied: Place, user: str) -> None:
    attempts: dict[str, Attempt] = {
        "declare a queue": lambda c: c.queue_declare("mine"),
        "declare an exclusive queue": lambda c: c.queue_declare("", exclusive=True),
        "declare a queue that exists": lambda c: c.queue_declare("desk.gentilly.voirie", durable=True),
        "declare an exchange": lambda c: c.exchange_declare("mine"),
        "delete an exchange": lambda c: c.exchange_delete("citizen.in"),
        "bind a queue": lambda c: c.queue_bind("desk.gentilly.voirie", "events", "#"),
        "unbind a queue": lambda c: c.queue_unbind("intake.submissions", "citizen.in", "*.submission"),
        "bind an exchange": lambda c: c.exchange_bind("desk", "citizen.in", "#"),
    }
    with connected(applied, applied.login(user)) as connection:
        for what, attempt in attempts.items():
            assert answer(connection, attempt) == REFUSED, f"{user}: {what}"
        for queue in QUEUES:
            assert answer(connection, delete(queue)) == REFUSED, f"{user} deleting {queue}"
        for queue in set(QUEUES) - READS[user]:
            assert answer(connection, purge(queue)) == REFUSED, f"{user} purging {queue}"


@pytest.mark.parametrize(
    ("user", "exchange", "key"),
    [
        ("gentilly-web", "citizen.in", "arcueil.submission"),
        ("gentilly-web", "citizen.in", "gentilly.submission.more"),
        ("gentilly-web", "citizen.in", "gentilly.report.routed.v1"),
        ("gentilly-voirie", "desk.in", "gentilly.proprete"),
        ("gentilly-voirie", "desk.in", "arcueil.voirie"),
        ("gentilly-voirie", "desk.in", "gentilly.voirie.more"),
        ("vigie-intake", "events", "gentilly.report.routed.v1"),
        ("vigie-intake", "events", "gentilly.report.submitted.v2"),
        ("vigie-routing", "events", "gentilly.report.submitted.v1"),
        ("vigie-notification", "events", "gentilly.town.configured.v1"),
    ],
)
def test_a_routing_key_of_somebody_else_is_refused(
    applied: Place, user: str, exchange: str, key: str
) -> None:
    assert answer_to(applied, applied.login(user), send(exchange, key)) == REFUSED


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_tells_all_that_it_has_to(applied: Place, service: str) -> None:
    with connected(applied, applied.login(f"vigie-{service}")) as connection:
        for kind in topology.PUBLISHED[service]:
            assert answer(connection, send("events", f"gentilly.{kind}")) is None, kind


@pytest.mark.parametrize(
    ("user", "exchange"), [("gentilly-web", "citizen.in"), ("gentilly-voirie", "desk.in")]
)
def test_a_forged_sender_is_refused(applied: Place, user: str, exchange: str) -> None:
    key = WRITES[user][exchange]
    own, other = applied.user(user), applied.user("arcueil-web")
    assert answer_to(applied, applied.login(user), send(exchange, key, user_id=other)) == PRECONDITION_FAILED
    assert answer_to(applied, applied.login(user), send(exchange, key, user_id=own)) is None


@pytest.mark.parametrize("header", ["CC", "BCC"])
@pytest.mark.parametrize(
    ("user", "exchange", "queue"),
    [("gentilly-web", "citizen.in", "intake.submissions"), ("gentilly-voirie", "desk.in", "routing.actions")],
)
def test_carbon_copies_do_not_leave_their_zone(
    applied: Place, user: str, exchange: str, queue: str, header: str
) -> None:
    keys = [f"gentilly.{kind}" for kinds in topology.PUBLISHED.values() for kind in kinds]
    copies = [
        *QUEUES,
        *keys,
        "contacts",
        "gentilly.proprete",
        "arcueil.voirie",
        "arcueil.submission",
        "gentilly",
    ]
    watched = [q for q in QUEUES if q != STATISTICS]
    with deployer_channel(applied) as channel:
        channel.queue_purge(queue)
    before = depths(applied, watched)
    attempt = send(exchange, WRITES[user][exchange], headers={header: copies})
    if version(applied) >= (4, 0):
        assert answer_to(applied, applied.login(user), attempt) == REFUSED
    else:  # the message itself is delivered, its copies are not
        assert answer_to(applied, applied.login(user), attempt) is None
        with deployer_channel(applied) as channel:
            receive(channel, queue, 1)
    assert depths(applied, watched) == before


def version(place: Place) -> tuple[int, ...]:
    """The broker's release."""
    with Management(place.broker.api_url) as api:
        return tuple(map(int, re.findall(r"\d+", api.get("overview")["rabbitmq_version"])[:2]))


def test_a_receipt_reaches_its_front_end_and_no_other(applied: Place) -> None:
    with (
        connected(applied, applied.login("gentilly-web")) as front,
        connected(applied, applied.login("vigie-intake")) as intake,
    ):
        waiting, service = front.channel(), intake.channel()
        replies: list[bytes] = []
        waiting.basic_consume("amq.rabbitmq.reply-to", lambda *m: replies.append(m[3]), auto_ack=True)
        send("citizen.in", "gentilly.submission", b"?", reply_to="amq.rabbitmq.reply-to")(waiting)
        address = _last_reply_address(service)
        other = answer_to(applied, applied.login("arcueil-web"), send("", address, b"forged"))
        send("", address, b"receipt")(service)
        front.process_data_events(time_limit=20)
    assert other == REFUSED
    assert replies == [b"receipt"]


def _last_reply_address(channel: BlockingChannel) -> str:
    while True:
        [(_, properties, _)] = receive(channel, "intake.submissions", 1)
        if properties.reply_to:
            return str(properties.reply_to)


@pytest.mark.parametrize("user", TOOLS)
def test_a_tool_has_only_so_many_connections_and_channels(applied: Place, user: str) -> None:
    role = {"gentilly-web": "front_end", "gentilly-voirie": "agent", "gentilly-stats": "analyst"}[user]
    rights = topology.tool_rights(role, "gentilly", "voirie")
    assert rights.connections
    assert rights.channels
    with ExitStack() as opened:
        connections = [
            opened.enter_context(connected(applied, applied.login(user))) for _ in range(rights.connections)
        ]
        with pytest.raises(ProbableAccessDeniedError, match=r"\(530\).*user connection limit"):
            opened.enter_context(connected(applied, applied.login(user)))
        with pytest.raises(ConnectionClosedByBroker, match="number of channels opened for user") as refused:
            [connections[0].channel() for _ in range(rights.channels + 1)]
        assert refused.value.reply_code == NOT_ALLOWED
