"""Requests: the same gets the same answer and is done once; a refusal is forgotten; nobody is in the way."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import orjson
import pytest
from prometheus_client import REGISTRY

from shared import ids
from shared.messaging.retries import Retries
from shared.messaging.store import parked
from tests.support import behaviours
from tests.support.asking import Asker, asker
from tests.support.lab import DELAYS, Lab
from tests.support.probing import Probe, request
from tests.support.reply_addresses import made_up
from tests.support.system import wait_until

ACCEPTED, REJECTED = "action.accepted.v1", "action.rejected.v1"


def test_a_thousand_repeats_at_once_over_two_processes_are_done_once_and_answered_alike(
    probe: Probe, client: Asker
) -> None:
    event = request()
    client.send([event] * 1000)
    probe.start()
    probe.start()
    answers = client.receive(1000)
    assert len({repr(answer) for _, answer in answers}) == 1
    assert answers[0][1]["type"] == ACCEPTED
    assert {correlation for correlation, _ in answers} == {event.id}
    assert probe.effects() == [event.id]


def test_another_content_under_the_same_id_is_a_conflict_in_the_same_batch_and_later(
    lab: Lab, client: Asker
) -> None:
    event, other = request(key="a"), request(key="b")
    changed = request(id=event.id, key="c")
    client.send([event, changed, other, changed, event])
    lab.take_requests(3)
    lab.take_requests(2)
    types = [(cause, answer["type"]) for cause, answer in client.receive(5)]
    assert sorted(types[:3]) == sorted([(event.id, ACCEPTED), (changed.id, REJECTED), (other.id, ACCEPTED)])
    assert types[3:] == [(changed.id, REJECTED), (event.id, ACCEPTED)]
    assert client.answers[3][1]["data"]["errors"][0]["code"] == "conflict"
    assert lab.probe.effects() == sorted([event.id, other.id])


def test_the_same_content_said_at_another_time_is_the_same(lab: Lab, client: Asker) -> None:
    event = request()
    client.send([event, replace(event, time="2026-11-22T10:00:00+01:00")])
    lab.take_requests(1)
    lab.take_requests(1)
    first, again = client.receive(2)
    assert first == again


def test_a_refusal_is_not_remembered(lab: Lab, client: Asker) -> None:
    wrong = request("refuse")
    right = request(id=wrong.id)
    client.send([wrong, wrong, right, right])
    lab.take_requests(4)
    types = [answer["type"] for _, answer in client.receive(4)]
    assert sorted(types) == [ACCEPTED, ACCEPTED, REJECTED, REJECTED]
    assert lab.probe.effects() == [right.id]


def test_ids_count_for_each_town_and_each_sender(lab: Lab, client: Asker) -> None:
    id_ = ids.new_id()
    client.send([request(id=id_), request(id=id_, town="arcueil", key="another")])
    with asker(lab.probe.values["ROUTING_AMQP_URL"]) as stranger:
        stranger.send([request(id=id_, key="something else")])
        wait_until(lambda: lab.probe.depth("routing.actions") == 3)
        lab.take_requests(3)
        answers = [*client.receive(2), *stranger.receive(1)]
    assert {answer["type"] for _, answer in answers} == {ACCEPTED}
    assert lab.probe.effects() == [id_, id_, id_]


def test_the_answer_names_the_senders_own_correlation_id(lab: Lab, client: Asker) -> None:
    client.send_raw(request().encode(), correlation_id="mine")
    lab.take_requests(1)
    assert client.receive(1)[0][0] == "mine"


def _unwelcome(**changes: Any) -> bytes:
    """A request whose envelope is wrong; what is None is left out."""
    document = request(id="its-id").document() | {"time": "yesterday"} | changes
    return orjson.dumps({name: value for name, value in document.items() if value is not None})


@pytest.mark.parametrize(
    ("body", "properties", "answered_as"),
    [
        (_unwelcome(), {}, "its-id"),
        (_unwelcome(data=None), {}, "its-id"),
        (_unwelcome(more="x" * 256 * 1024), {}, "its-id"),
        (_unwelcome(time="2026-11-22T10:00:00Z"), {"user_id": None}, "its-id"),
        (_unwelcome(), {"correlation_id": "mine"}, "mine"),
        (_unwelcome(id="not an id"), {}, "its-message"),
        (b"not json", {}, "its-message"),
        (b"not json", {"correlation_id": "mine"}, "mine"),
        (b'["an", "array"]', {"message_id": b"\xff" * 255}, ""),
    ],
)
def test_a_refused_envelope_is_answered_under_the_name_that_its_sender_knows(
    lab: Lab, client: Asker, body: bytes, properties: dict[str, Any], answered_as: str
) -> None:
    client.send_raw(body, **{"message_id": "its-message"} | properties)
    lab.take_requests(1)
    ((known_as, answer),) = client.receive(1)
    assert (known_as, answer["type"]) == (answered_as, REJECTED)


# Read as 255 U+FFFD, which are 765 bytes; and as a lone surrogate, which is no text.
UNSPEAKABLE = [b"\xff" * 255, b"\xed\xa0\x80"]


@pytest.mark.parametrize("name", UNSPEAKABLE, ids=["too long", "no text"])
@pytest.mark.parametrize("do", ["count", "refuse"])
def test_a_correlation_id_that_cannot_be_sent_back_costs_nobody_an_answer(
    lab: Lab, client: Asker, name: bytes, do: str
) -> None:
    first, odd, last = request(), request(do), request()
    client.send([first])
    client.send_raw(odd.encode(), correlation_id=name)
    client.send_raw(b"not json", correlation_id=name)
    client.send([last])
    lab.take_requests(4)
    assert sorted(cause for cause, _ in client.receive(4)) == sorted([first.id, odd.id, "", last.id])
    assert lab.probe.effects() == sorted(e.id for e in (first, odd, last) if do == "count" or e is not odd)


@pytest.mark.parametrize("name", UNSPEAKABLE, ids=["too long", "no text"])
def test_a_message_id_that_is_no_text_does_not_keep_a_message_from_being_parked(
    lab: Lab, client: Asker, name: bytes
) -> None:
    first, odd, last = request(), request("reject"), request()
    client.send([first])
    client.send_raw(odd.encode(), message_id=name)
    client.send([last])
    lab.take_requests(3)
    assert [cause for cause, _ in client.receive(2)] == [first.id, last.id]
    assert [body for _, _, body in lab.probe.parked()] == [odd.encode()]


@pytest.mark.parametrize(
    "address", ["notification.events", "amq.rabbitmq.reply-to.garbage", "amq.rabbitmq.reply-to.é.k"]
)
def test_an_answer_goes_to_a_direct_reply_to_only(lab: Lab, client: Asker, address: str) -> None:
    client.send_raw(request().encode(), reply_to=address)
    lab.take_requests(1)
    ((queue, cause, _),) = lab.probe.parked()
    assert (queue, cause) == ("routing.actions", "reply_to is not a direct reply-to")
    assert (lab.probe.effects(), lab.probe.depth("notification.events")) == ([], 0)


FORGED = [
    "amq.rabbitmq.reply-to.g2EB.key",
    "amq.rabbitmq.reply-to.xx.yy",
    made_up(b"reply@7", serial=2**32 - 1),
]


@pytest.mark.parametrize("addresses", [[address] for address in FORGED] + [FORGED * 50])
def test_forged_reply_addresses_that_break_the_broker_delay_no_other_answer(
    lab: Lab, client: Asker, addresses: list[str]
) -> None:
    forged, honest = [request() for _ in addresses], [request() for _ in range(20)]
    client.send(honest[:10])
    for event, address in zip(forged, addresses, strict=True):
        client.send_raw(event.encode(), reply_to=address)
    client.send(honest[10:])
    began = time.monotonic()
    lab.take_requests(20 + len(forged))
    assert {known_as for known_as, _ in client.receive(20)} == {event.id for event in honest}
    assert time.monotonic() - began < 60  # each that breaks the connection would cost 16 s
    assert lab.probe.effects() == sorted(event.id for event in [*forged, *honest])


def test_of_what_one_sender_has_refused_so_much_is_parked_and_of_a_long_body_the_beginning(
    lab: Lab, client: Asker
) -> None:
    """Whoever may publish could fill the database otherwise."""
    small = [request("refuse").encode() for _ in range(parked.QUOTA)]
    before = _dropped()
    _take(lab, client, [b"x" * 1_000_000, *small[:50]], headers={"x": "y" * 100_000}, reply_to=None)
    assert sorted({len(body) for _, _, body in lab.probe.parked()}) == [len(small[0]), parked.BEGINNING]
    assert sorted({size for (size,) in lab.probe.rows("select cut_from from parked")}, key=str) == [
        1_000_000,
        None,
    ]
    assert "yyy" not in str(lab.table("parked"))
    _take(lab, client, small[50:], reply_to="elsewhere")
    assert (len(lab.probe.parked()), _dropped() - before) == (parked.QUOTA, 1)
    _take(lab, client, [request().encode() for _ in range(300)], reply_to="elsewhere")
    assert (len(lab.probe.parked()), _dropped() - before) == (parked.QUOTA, 301)
    assert {cause for _, cause, _ in lab.probe.parked()} == {"reply_to is not a direct reply-to"}


def test_what_others_have_parked_or_what_is_no_fault_of_theirs_makes_no_room(lab: Lab, client: Asker) -> None:
    failed, others = request("raise").encode(), request("refuse").encode()
    _take(lab, client, [failed])
    lab.probe.rows(f"update retry set due_at = now(), attempts = {len(DELAYS)} returning 1")
    processor = lab.processor(behaviours.requests(), "routing.actions")
    Retries(lab.pool, {"routing.actions": processor.process}, len(DELAYS)).take_due()
    _take(lab, client, [others], reply_to=None, user_id=None)
    for _ in range(2):
        _take(lab, client, [request().encode() for _ in range(parked.QUOTA)], reply_to="elsewhere")
    bodies = [body for _, _, body in lab.probe.parked()]
    assert {failed, others} <= set(bodies)
    assert len(bodies) == parked.QUOTA + 2


def _take(lab: Lab, client: Asker, bodies: list[bytes], **properties: Any) -> None:
    for body in bodies:
        client.send_raw(body, **properties)
    lab.take_requests(len(bodies))


def _dropped() -> float:
    return REGISTRY.get_sample_value("vigie_parked_dropped_total", {"queue": "routing.actions"}) or 0.0


def test_what_cannot_be_read_is_refused_with_its_code(lab: Lab, client: Asker) -> None:
    bodies = [b"not json", b"\xff\xfe", b"{}", b'"text"', b"", b"\x80\x04\x95.", b"[" * 100_000]
    for body in bodies:
        client.send_raw(body, content_type="application/x-python-serialize")
    lab.take_requests(len(bodies))
    answers = client.receive(len(bodies))
    assert {answer["type"] for _, answer in answers} == {REJECTED}
    assert all(answer["data"]["errors"][0]["code"] for _, answer in answers)
    assert not lab.probe.parked()


def test_an_unknown_type_or_version_and_a_body_too_large_are_refused(lab: Lab, client: Asker) -> None:
    plain = request().encode()
    client.send_raw(plain.replace(b"agent.noted.v1", b"agent.noted.v9"))
    client.send_raw(plain.replace(b"agent.noted.v1", b"agent.danced.v1"))
    client.send_raw(request(key="x" * (256 * 1024)).encode())
    lab.take_requests(3)
    codes = [answer["data"]["errors"][0]["code"] for _, answer in client.receive(3)]
    assert codes == ["unknown_version", "unknown_type", "too_large"]


def test_a_refused_request_whose_sender_waits_for_no_answer_is_parked(lab: Lab, client: Asker) -> None:
    client.send_raw(request("refuse").encode(), reply_to=None)
    client.send_raw(request().encode(), reply_to=None, user_id=None)
    lab.take_requests(2)
    assert {cause for _, cause, _ in lab.probe.parked()} == {
        "refused, and its sender waits for no answer: refused at /data/do",
        "refused, and its sender waits for no answer: not_allowed at /",
    }
