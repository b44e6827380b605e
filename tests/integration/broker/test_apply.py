"""Setting the broker up: once, again, over what somebody else left there, and without a broker."""

from __future__ import annotations

import json
import re
from collections import deque
from dataclasses import replace
from typing import Any

import pika
import pytest
from click.testing import CliRunner

from shared.amqp.management import BrokerError, Management
from shared.messaging import commands, deployer, topology
from shared.messaging.deployer import Broker, Login
from shared.settings import SERVICES

from .client import Place, answer_to, connected, deployer_channel, listen, receive, send, turn_down
from .conftest import apply_town, logins


def _definitions(place: Place) -> dict[str, Any]:
    """All that the vhost holds and its users may do; passwords, which get new salt, aside."""
    with Management(place.broker.api_url) as api:
        found = api.get("definitions", place.broker.vhost)
        for kind in ("permissions", "topic-permissions"):
            found[kind] = api.get("vhosts", place.broker.vhost, kind)
        found["users"] = [
            (u["name"], u["tags"], api.get("user-limits", u["name"]))
            for u in api.get("users")
            if u["name"].endswith(place.suffix)
        ]
    return {
        kind: sorted(json.dumps(x, sort_keys=True) for x in entries)
        for kind, entries in found.items()
        if isinstance(entries, list)
    }


def test_applying_again_changes_nothing(place: Place) -> None:
    deployer.apply_services(place.broker, logins(place))
    apply_town(place, "gentilly")
    once = _definitions(place)
    assert len(once["queues"]) == len(topology.services().queues) + 2
    deployer.apply_services(place.broker, logins(place))
    apply_town(place, "gentilly")
    assert _definitions(place) == once


def test_what_is_connected_stays_connected(applied: Place) -> None:
    with connected(applied, applied.login("vigie-routing")) as routing:
        deployer.apply_services(applied.broker, logins(applied))
        send("desk", "gentilly.voirie", b"still here")(routing.channel())


def test_a_queue_with_another_argument_is_named_and_left_alone(place: Place) -> None:
    queue = "notification.events"
    deployer.apply_services(place.broker, logins(place))
    [wanted] = [q for q in topology.services().queues if q.name == queue]
    with deployer_channel(place) as channel:
        channel.queue_delete(queue)
        channel.queue_declare(queue, durable=True, arguments={**wanted.arguments, "x-delivery-limit": 5})
        send("", queue, b"precious")(channel)
    try:
        with pytest.raises(
            BrokerError, match=f"(?s)'x-delivery-limit' for queue '{queue}'.*'12'.*'5'.*delete it.*make reset"
        ):
            deployer.apply_services(place.broker, logins(place))
        with deployer_channel(place) as channel:
            assert [body for _, _, body in receive(channel, queue, 1)] == [b"precious"]
    finally:
        with deployer_channel(place) as channel:
            channel.queue_delete(queue)
        deployer.apply_services(place.broker, logins(place))


def test_a_binding_of_an_older_version_goes(applied: Place) -> None:
    with deployer_channel(applied) as channel:
        channel.queue_bind("routing.events", "events", "*.report.submitted.v0")
    deployer.apply_services(applied.broker, logins(applied))
    with Management(applied.broker.api_url) as api:
        bound = api.get("bindings", applied.broker.vhost, "e", "events", "q", "routing.events")
    assert sorted(b["routing_key"] for b in bound) == sorted(
        f"*.{type_}" for type_ in topology.SUBSCRIPTIONS["routing.events"]
    )


def test_a_policy_limits_what_agents_tools_can_leave_unread(
    applied: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = topology.POLICIES
    [actions] = [policy for policy in usual if re.match(policy.pattern, "routing.actions")]
    monkeypatch.setattr(topology, "POLICIES", [replace(actions, definition={"max-length": 3})])
    deployer.apply_services(applied.broker, logins(applied))
    with connected(applied, applied.login("gentilly-voirie")) as tool:
        channel = tool.channel()
        channel.confirm_delivery()
        with pytest.raises(pika.exceptions.NackError):  # it takes some more before it looks at its length
            deque(map(send("desk.in", "gentilly.voirie"), [channel] * 1000))
    monkeypatch.setattr(topology, "POLICIES", usual)
    deployer.apply_services(applied.broker, logins(applied))
    with deployer_channel(applied) as channel:
        channel.queue_purge("routing.actions")
    assert answer_to(applied, applied.login("gentilly-voirie"), send("desk.in", "gentilly.voirie")) is None


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_rejects_is_kept_for_it(applied: Place, service: str) -> None:
    queue = "intake.submissions" if service == "intake" else f"{service}.events"
    with deployer_channel(applied) as channel:
        channel.queue_purge(queue)
        send("", queue, b"poison")(channel)
    with connected(applied, applied.login(f"vigie-{service}")) as connection:
        turn_down(connection.channel(), queue, requeue=False)
        [(_, properties, body)] = receive(connection.channel(), f"{service}.dead", 1)
    assert body == b"poison"
    assert properties.headers["x-death"][0]["queue"] == queue


def test_what_kills_its_consumer_again_and_again_is_dead_lettered(applied: Place) -> None:
    with deployer_channel(applied) as channel:
        channel.queue_purge("analytics.events")
        send("", "analytics.events", b"killer")(channel)
    with connected(applied, applied.login("vigie-analytics")) as connection:
        times = topology.DELIVERY_LIMIT + 1
        turn_down(connection.channel(), "analytics.events", requeue=True, times=times)
        [(_, properties, _)] = receive(connection.channel(), "analytics.dead", 1)
    assert properties.headers["x-death"][0]["reason"] == "delivery_limit"


def test_the_analyst_reads_the_stream_from_the_first_fact_again_and_again(applied: Place) -> None:
    facts = [b"%d" % n for n in range(50)]
    with connected(applied, applied.login("vigie-analytics")) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        for fact in facts:
            send("statistics", "gentilly", fact)(channel)
    for _ in range(2):
        with connected(applied, applied.login("gentilly-stats")) as connection:
            found = receive(connection.channel(), "statistics", len(facts), **{"x-stream-offset": "first"})
        assert [body for _, _, body in found] == facts


def test_a_user_with_rights_of_its_own_is_never_taken_over(place: Place) -> None:
    admin = Login.of(place.broker.amqp_url)
    with pytest.raises(BrokerError, match=f"{admin.user} exists and is somebody else's .*administrator"):
        deployer.apply_services(place.broker, {**logins(place), "intake": admin})
    with Management(place.broker.api_url) as api:
        assert "administrator" in api.get("users", admin.user)["tags"]


def test_two_services_cannot_share_a_user(place: Place) -> None:
    shared = place.login("vigie-intake")
    with pytest.raises(BrokerError, match="each service needs a user of its own"):
        deployer.apply_services(place.broker, {**logins(place), "routing": shared})


def test_a_new_password_is_set_and_the_old_one_refused(place: Place) -> None:
    changed = {**logins(place), "analytics": Login(place.user("vigie-analytics"), "changed")}
    deployer.apply_services(place.broker, changed)
    assert answer_to(place, changed["analytics"], listen("analytics.events")) is None
    deployer.apply_services(place.broker, logins(place))
    assert answer_to(place, place.login("vigie-analytics"), listen("analytics.events")) is None


@pytest.mark.parametrize(
    ("api_url", "said"),
    [
        ("http://guest:guest@127.0.0.1:9", r"no answer .* at 127\.0\.0\.1:9 .*rabbitmq_management"),
        (None, r"refuses the user nobody \(401\).*administrator"),
    ],
)
def test_without_the_api_it_says_what_is_missing(place: Place, api_url: str | None, said: str) -> None:
    address = place.broker.api_url.rpartition("@")[2]
    broker = Broker(place.broker.amqp_url, api_url or f"http://nobody:secret@{address}")
    with pytest.raises(BrokerError, match=said) as refused:
        deployer.apply_services(broker, logins(place))
    assert "secret" not in str(refused.value)


def test_without_amqp_it_says_where_it_tried(place: Place) -> None:
    user = Login.of(place.broker.amqp_url).user
    broker = Broker(f"amqp://{user}:secret@127.0.0.1:9/{place.broker.vhost}", place.broker.api_url)
    with pytest.raises(BrokerError, match=r"RabbitMQ at 127\.0\.0\.1:9: .*refused") as refused:
        deployer.apply_services(broker, logins(place))
    assert "secret" not in str(refused.value)


def test_the_command_takes_everything_from_the_environment(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = place.broker.amqp_url.rpartition("@")[2]
    monkeypatch.setenv("ADMIN_AMQP_URL", place.broker.amqp_url)
    for name, login in logins(place).items():
        monkeypatch.setenv(f"{name.upper()}_AMQP_URL", f"amqp://{login.user}:{login.password}@{host}")
    result = CliRunner().invoke(commands.broker, ["apply"])
    assert result.exit_code == 0, result.output
    assert result.output == f"vhost {place.broker.vhost}: 7 exchanges, 12 queues, 4 users\n"
    monkeypatch.delenv("ROUTING_AMQP_URL")
    result = CliRunner().invoke(commands.broker, ["apply"])
    assert result.exit_code == 1
    assert "ROUTING_AMQP_URL is not set" in result.output
