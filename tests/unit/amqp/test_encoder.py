"""The publisher's frames, read back by py-amqp's own decoder."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from amqp.basic_message import Message
from amqp.serialization import loads
from hypothesis import given
from hypothesis import strategies as st

from shared.amqp.publisher import Encoder, Outgoing, fits

SHORT = (
    st.text(max_size=255)
    .filter(lambda text: len(text.encode(errors="replace")) <= 255)
    .map(lambda text: text.encode(errors="replace").decode())
)
OUTGOING = st.builds(
    Outgoing,
    exchange=SHORT,
    routing_key=SHORT,
    body=st.binary(max_size=500),
    message_id=SHORT,
    type=SHORT,
    correlation_id=st.none() | SHORT.filter(bool),
    mandatory=st.booleans(),
    quiet=st.booleans(),
)


def _frames(raw: bytes) -> list[tuple[int, int, bytes]]:
    found = []
    while raw:
        kind, channel, size = struct.unpack_from(">BHI", raw)
        assert raw[7 + size] == 0xCE
        found.append((kind, channel, raw[7 : 7 + size]))
        raw = raw[8 + size :]
    return found


def _decoded(raw: bytes) -> list[tuple[Outgoing, dict[str, Any]]]:
    """Every message in `raw`, and the properties that Outgoing does not hold."""
    messages: list[tuple[list[Any], Message]] = []
    for kind, _, payload in _frames(raw):
        if kind == 1:
            assert struct.unpack_from(">HH", payload) == (60, 40)
            messages.append((loads("Bssbb", payload, 4)[0], Message()))
        elif kind == 2:
            messages[-1][1].inbound_header(payload)
        else:
            messages[-1][1].inbound_body(payload)
    return [_outgoing(arguments, message) for arguments, message in messages]


def _outgoing(arguments: list[Any], message: Message) -> tuple[Outgoing, dict[str, Any]]:
    assert message.ready
    _, exchange, key, mandatory, _ = arguments
    rest = dict(message.properties)
    ids = rest.pop("message_id"), rest.pop("type"), rest.pop("correlation_id", None)
    quiet = rest.pop("application_headers", {}) == {"quiet": True}
    return Outgoing(exchange, key, message.body or b"", *ids, mandatory=mandatory, quiet=quiet), rest


@given(st.lists(OUTGOING, max_size=5), st.integers(9, 300), SHORT)
def test_what_is_written_is_what_is_read(sent: list[Outgoing], frame_max: int, user: str) -> None:
    encode = Encoder(7, frame_max, user)
    raw = b"".join(piece for message in sent for piece in encode.message(message))
    found = _decoded(raw)
    assert [message for message, _ in found] == sent
    expected = {"content_type": "application/cloudevents+json", "delivery_mode": 2, "user_id": user}
    assert all(rest == expected for _, rest in found)
    assert {channel for _, channel, _ in _frames(raw)} <= {7}


@given(st.integers(0, 5000), st.sampled_from([64, 100, 4096]))
def test_no_body_frame_is_larger_than_was_agreed(size: int, frame_max: int) -> None:
    message = Outgoing("e", "k", bytes(size), "m", "t")
    frames = _frames(b"".join(Encoder(1, frame_max, "u").message(message)))
    bodies = [len(payload) + 8 for kind, _, payload in frames if kind == 3]
    assert all(length <= frame_max for length in bodies)
    assert len(bodies) == -(-size // (frame_max - 8))


@pytest.mark.parametrize("field", ["exchange", "routing_key", "message_id", "type", "correlation_id"])
def test_a_short_string_holds_255_bytes_of_text_and_no_more(field: str) -> None:
    values = {"exchange": "", "routing_key": "", "message_id": "", "type": "", "correlation_id": None}

    def encoded(value: str) -> bytes:
        message = Outgoing(body=b"", **(values | {field: value}))  # type: ignore[arg-type]
        return b"".join(Encoder(1, 4096, "u").message(message))

    most = "é" * 127 + "e"
    ((found, _),) = _decoded(encoded(most))
    assert (getattr(found, field), fits(most)) == (most, True)
    for value in ("é" * 128, "\ud800"):
        assert not fits(value)
        with pytest.raises(ValueError, match=r"255|surrogates"):
            encoded(value)
