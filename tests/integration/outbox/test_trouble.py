"""Publishing over links and brokers in trouble: nobody hangs, nothing is credited that was not confirmed."""

from __future__ import annotations

import struct
import subprocess
import threading
import time
from collections.abc import Iterator

import pytest

from deploy.local import home, rabbitmq
from shared.amqp import Outgoing, Publisher
from shared.errors import Unavailable
from shared.messaging import deployer
from shared.settings import SERVICES
from tests.integration.outbox.telling import came, firsts, relay, tell
from tests.support.broker import PrivateBroker, private_broker
from tests.support.lab import Lab
from tests.support.probing import Probe
from tests.support.proxy import Proxy
from tests.support.system import wait_until


def message(id_: str, key: str = "gentilly.report.routed.v1", size: int = 2) -> Outgoing:
    return Outgoing("events", key, b"x" * size, id_, "report.routed.v1")


def test_a_late_confirm_is_credited_to_nobody(probe: Probe) -> None:
    with Proxy(probe.values["ROUTING_AMQP_URL"]) as link:
        publisher = Publisher(link.url, "vigie-routing", timeout=3)
        assert publisher.publish([message("m1")]) == {}
        link.hold()
        with pytest.raises(Unavailable):
            publisher.publish([message("m2")])
        link.release()
        nowhere = message("m3", "gentilly.delivery.sent.v1")
        objected = publisher.publish([message("m4"), nowhere])
        publisher.close()
    assert list(objected) == [1]
    assert link.connections >= 2


def test_what_amqp_has_no_room_for_is_refused_by_its_position_and_the_others_go(probe: Probe) -> None:
    publisher = Publisher(probe.values["ROUTING_AMQP_URL"], "vigie-routing")
    window = [message("m1"), message("é" * 128), message("m3"), message("\ud800"), message("m5")]
    refused = publisher.publish(window)
    assert publisher.publish([message("é" * 128)]).keys() == {0}
    publisher.close()
    assert refused.keys() == {1, 3}
    assert "too long for AMQP" in refused[1]
    assert probe.depth("intake.events") == 3


@pytest.mark.parametrize("connected", [True, False])
def test_a_broker_that_never_answers_is_not_waited_for_for_ever(probe: Probe, connected: bool) -> None:
    with Proxy(probe.values["ROUTING_AMQP_URL"]) as link:
        publisher = Publisher(link.url, "vigie-routing", timeout=3)
        if connected:
            publisher.publish([message("m1")])
        link.hold()
        began = time.monotonic()
        with pytest.raises(Unavailable):
            publisher.publish([message("m2")])
        assert time.monotonic() - began < 60
        publisher.close()


@pytest.mark.parametrize("method", [(20, 10), (85, 10)], ids=["channel.open", "confirm.select"])
def test_a_broker_that_stops_answering_while_we_connect_is_not_waited_for_either(
    probe: Probe, method: tuple[int, int]
) -> None:
    with Proxy(probe.values["ROUTING_AMQP_URL"]) as link:
        link.hold_after(struct.pack(">HH", *method))
        publisher = Publisher(link.url, "vigie-routing", timeout=3)
        with pytest.raises(Unavailable):
            publisher.publish([message("m1")])
        publisher.close()


def test_two_threads_with_one_publisher_do_not_mix_up_their_confirms(probe: Probe) -> None:
    publisher = Publisher(probe.values["ROUTING_AMQP_URL"], "vigie-routing")
    refused: list[list[int]] = []

    def publish(bad: int) -> None:
        window = [message(f"{bad}-{n}") for n in range(50)]
        window[bad] = Outgoing("desk", "gentilly.nowhere", b"{}", f"{bad}-bad", "report.routed.v1")
        refused.append([*publisher.publish(window), bad])

    threads = [threading.Thread(target=publish, args=(n,)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    publisher.close()
    assert sorted(refused) == [[n, n] for n in range(10)]


@pytest.fixture(scope="module")
def broker() -> Iterator[PrivateBroker]:
    with private_broker() as own:
        yield own


@pytest.fixture
def moved(lab: Lab, broker: PrivateBroker) -> Lab:
    """The lab on a broker of its own, with the same exchanges, queues and users."""
    values = broker.instead(lab.probe.values)
    values = {
        n: v.rpartition("/")[0] + f"/{rabbitmq.VHOST}" if n.endswith("AMQP_URL") else v
        for n, v in values.items()
    }
    lab.probe.values = values
    logins = {s: deployer.Login.of(values[f"{s.upper()}_AMQP_URL"]) for s in SERVICES}
    deployer.apply_services(deployer.Broker(values["ADMIN_AMQP_URL"], values["ADMIN_API_URL"]), logins)
    lab.probe.purge()
    return lab


def _control(broker: PrivateBroker, *arguments: str) -> None:
    user = home.become("rabbitmq")
    folder = home.owned(broker.node.name, user)
    environment = rabbitmq._environment(folder, broker.node)
    command = ["/usr/lib/rabbitmq/bin/rabbitmqctl", "-n", environment["RABBITMQ_NODENAME"], *arguments]
    subprocess.run(command, env=environment, user=user, cwd="/", check=True, capture_output=True)


@pytest.mark.parametrize("size", [2, 500_000])
def test_under_an_alarm_a_publisher_gives_up_and_goes_on_afterwards(
    moved: Lab, broker: PrivateBroker, size: int
) -> None:
    publisher = Publisher(moved.probe.values["ROUTING_AMQP_URL"], "vigie-routing", timeout=3)
    publisher.publish([message("before")])
    _control(broker, "set_vm_memory_high_watermark", "absolute", "1")
    try:
        began = time.monotonic()
        with pytest.raises(Unavailable):
            publisher.publish([message(str(n), size=size) for n in range(100)])
        assert time.monotonic() - began < 60
    finally:
        _control(broker, "set_vm_memory_high_watermark", "0.4")
    wait_until(lambda: _publishes(publisher))
    publisher.close()


def _publishes(publisher: Publisher) -> bool:
    try:
        return publisher.publish([message("after")]) == {}
    except Unavailable:
        return False


@pytest.mark.parametrize("end", ["restart", "kill"])
def test_a_broker_that_goes_down_in_the_middle_loses_nothing_and_keeps_the_order(
    moved: Lab, broker: PrivateBroker, end: str
) -> None:
    one = relay(moved, window=20)
    thread = threading.Thread(target=one.run, args=(0.05,))
    thread.start()
    tell(moved, *[(f"s{n % 7}", n) for n in range(700)])
    wait_until(lambda: 0 < moved.probe.one("select count(*) from outbox") < 600)
    broker.restart() if end == "restart" else broker.kill()
    tell(moved, *[(f"s{n % 7}", n) for n in range(700, 1400)])
    if end == "kill":
        broker.start()
    wait_until(lambda: moved.probe.one("select count(*) from outbox") == 0, 60)
    one.stop()
    thread.join(30)
    assert firsts(came(moved)) == {f"s{k}": list(range(k, 1400, 7)) for k in range(7)}
