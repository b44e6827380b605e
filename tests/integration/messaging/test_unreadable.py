"""Whatever comes, however it was made: parked with its cause, not executed, not lost, in nobody's way."""

from __future__ import annotations

import pickle
import struct
from typing import Any

import pytest
from kombu import Connection

from shared.messaging import RawMessage
from shared.messaging.dead import DeadLetters
from tests.support.lab import Lab, delivery
from tests.support.probing import Probe, fact
from tests.support.system import wait_until


class Bomb:
    """Ends the process that unpickles it."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return exec, ("import os; os._exit(66)",)


GOOD = fact().encode()
OTHER_VERSION = GOOD.replace(b"report.submitted.v1", b"report.submitted.v7")
BODIES = {
    "unreadable: /": [
        b"not json",
        b"",
        b"\xff\xfe\x00",
        b"[" * 50_000,
        pickle.dumps(Bomb()),
        b'"text"',
    ],
    "unknown type of event": [GOOD.replace(b"report.submitted.v1", b"report.danced.v1")],
    "unknown major version of report.submitted": [
        GOOD.replace(b"report.submitted.v1", b"report.submitted.v7")
    ],
    "report.resolved.v1 is not for this consumer": [GOOD.replace(b"submitted.v1", b"resolved.v1")],
    "unreadable: /data/do": [GOOD.replace(b'"do":"count"', b'"did":"count"')],
    "unreadable: /town": [GOOD.replace(b'"gentilly"', b'"Gentilly; drop"')],
}
CASES = [(cause, body) for cause, bodies in BODIES.items() for body in bodies]


@pytest.mark.parametrize(("cause", "body"), CASES)
def test_a_body_that_is_no_fact_for_us_is_parked_raw_with_its_cause(
    lab: Lab, cause: str, body: bytes
) -> None:
    good = fact()
    strange = RawMessage(
        "routing.events", body, {"user_id": "vigie-intake", "content_type": "application/x-python-serialize"}
    )
    lab.take_facts([delivery(fact()), strange, delivery(good)])
    ((queue, why, kept),) = lab.probe.parked()
    assert (queue, kept) == ("routing.events", body)
    assert why.startswith(cause)
    assert len(lab.probe.effects()) == 2


def test_a_fact_without_user_id_is_parked(lab: Lab) -> None:
    lab.take_facts([delivery(fact(), sender="")])
    ((_, cause, _),) = lab.probe.parked()
    assert cause == "the message has no user_id, so nobody vouches for it"


def test_a_text_of_one_mebibyte_is_a_fact_like_another(lab: Lab) -> None:
    event = fact(key="é" * 500_000)
    lab.take_facts([delivery(event)])
    assert lab.probe.effects() == [event.id]


ODD: list[dict[str, Any]] = [
    {"correlation_id": b"\xff\xfe"},
    {"correlation_id": b"\xed\xa0\x80"},
    {"type": "a\x00b"},
    {"timestamp": 2**63},
    {"headers": {"compression": "bzip2", "nul": "\x00", "\\u0000": "\\u0000"}},
    {"headers": {"deep": [[[[[[{"a": {"b": [1]}}]]]]]]}},
    {"content_encoding": "punycode"},
    {"content_encoding": "unicode_escape"},
    {"app_id": b"\xc3", "message_id": "x" * 255, "expiration": "600000", "priority": 9},
]


@pytest.mark.parametrize("properties", ODD, ids=lambda odd: next(iter(odd)))
def test_odd_properties_are_read_kept_and_stop_nobody(lab: Lab, properties: dict[str, Any]) -> None:
    body = b"\\ud800 not json \xff"
    lab.probe.publish_raw(body, **properties)
    lab.probe.publish([good := fact()])
    wait_until(lambda: lab.probe.depth("routing.events") == 2)
    lab.take_facts(lab.fetch("routing.events", 2))
    assert [(queue, kept) for queue, _, kept in lab.probe.parked()] == [("routing.events", body)]
    assert lab.probe.effects() == [good.id]


def test_a_process_is_stopped_by_none_of_them(probe: Probe) -> None:
    process = probe.start_ready()
    for number, properties in enumerate(ODD):
        probe.publish_raw(b"not json \xff %d" % number, **properties)
        pickled = pickle.dumps((number, Bomb()))
        probe.publish_raw(pickled, content_type="application/x-python-serialize", **properties)
    _publish_a_time_after_the_end_of_time(probe)
    sent = probe.publish(fact() for _ in range(10))
    probe.await_effects(sent)
    wait_until(lambda: len(probe.parked()) == 2 * len(ODD) + 1)
    assert "consuming again soon" not in probe.log
    assert process.poll() is None


def _publish_a_time_after_the_end_of_time(probe: Probe) -> None:
    """A header that holds a year beyond Python's, which no client library writes: frame by frame."""
    table = b"\x04when" + b"T" + struct.pack(">Q", 2**63)
    method = (
        struct.pack(">HHH", 60, 40, 0) + _short(b"events") + _short(b"gentilly.report.submitted.v1") + b"\0"
    )
    header = struct.pack(">HHQHI", 60, 0, 2, 1 << 13, len(table)) + table
    with Connection(probe.values["ADMIN_AMQP_URL"]) as connection:
        channel = connection.default_channel
        frames = [_frame(kind, payload) for kind, payload in ((1, method), (2, header), (3, b"{}"))]
        channel.connection.transport.write(b"".join(frames))
        channel.queue_declare("routing.events", passive=True)  # an answer: it has been read


def _short(text: bytes) -> bytes:
    return bytes((len(text),)) + text


def _frame(kind: int, payload: bytes) -> bytes:
    return struct.pack(">BHI", kind, 1, len(payload)) + payload + b"\xce"


def test_what_the_broker_gave_up_is_parked_under_the_queue_that_it_came_from(lab: Lab) -> None:
    lab.probe.publish([event := fact()])
    with lab.probe.channel() as channel:
        method, _, _ = next(channel.consume("routing.events", inactivity_timeout=60))
        channel.basic_reject(method.delivery_tag, requeue=False)
        channel.cancel()
    wait_until(lambda: lab.probe.depth("routing.dead") == 1)
    lab.processor(DeadLetters(), "routing.dead").process(lab.fetch("routing.dead", 1))
    assert lab.probe.parked() == [("routing.events", "rejected by its consumer", event.encode())]
