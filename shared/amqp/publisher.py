"""Publishing in windows: many messages in one write, each confirmed by the broker or refused.

py-amqp can publish one message a write, and credits a late confirm to the wrong message; so the frames
of a window are built here (AMQP 0-9-1, §4.2) and the confirms are counted here. A connection on which
anything is late is thrown away, never closed politely: under an alarm the broker does not answer.

Where the broker objects to one message (no such exchange, not allowed, too large, a reply address that
makes it fail) it closes the channel and does not say which: then those without an answer go one by one.
"""

from __future__ import annotations

import logging
import struct
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.amqp.connections import Connection, connection_to
from shared.amqp.sockets import PATIENT, in_large_pieces
from shared.contracts import envelope
from shared.errors import Unavailable

log = logging.getLogger(__name__)

CONTENT_TYPE = envelope.CONTENT_TYPE.encode()
WINDOW = 500
_PUBLISH = struct.Struct(">HHH")
_FRAME = struct.Struct(">BHI")
_HEADER = struct.Struct(">HHQH")
_METHOD, _CONTENT_HEADER, _BODY, _END = 1, 2, 3, b"\xce"
# Which properties follow, in the order of the specification's bits.
_CONTENT_TYPE, _HEADERS, _DELIVERY_MODE, _CORRELATION_ID = 1 << 15, 1 << 13, 1 << 12, 1 << 10
_MESSAGE_ID, _TYPE, _USER_ID = 1 << 7, 1 << 5, 1 << 4
_QUIET = b"\x00\x00\x00\x08\x05quiett\x01"  # the table of headers {"quiet": true}
# Not allowed, not found, precondition failed; and what a forged reply address makes of the broker.
_OBJECTIONS = (403, 404, 406, 541)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to publish. `mandatory`: to be returned, not dropped, where no queue takes it.

    `quiet`: a replay to a service whose database was rebuilt: record it, notify nobody. `recipient`: the user
    who waits for it, where it is an answer.
    """

    exchange: str
    routing_key: str
    body: bytes
    message_id: str
    type: str
    correlation_id: str | None = None
    mandatory: bool = True
    quiet: bool = False
    recipient: str = ""


class Publisher:
    """One connection for publishing as `user`, opened when first needed and again after any trouble.

    `timeout`: seconds to wait for the confirms of one window, and for anything else of the broker.
    """

    def __init__(self, url: str, user: str, timeout: float = 10.0) -> None:
        self._url = url
        self._user = user
        self._timeout = timeout
        self._connection: Connection | None = None
        self._channel: Any = None
        self._published = 0
        self._waiting: dict[int, int] = {}
        self._refused: dict[int, str] = {}
        self._window: Sequence[Outgoing] = ()
        self._lock = threading.Lock()

    def publish(self, messages: Sequence[Outgoing]) -> dict[int, str]:
        """Publish and wait for the broker's word on each; returns position → cause for those refused.

        Raises Unavailable where the broker did not say: then any of them may have been published or not.
        """
        refused: dict[int, str] = {}
        with self._lock:
            for start in range(0, len(messages), WINDOW):
                window = self._publish_window(messages[start : start + WINDOW])
                refused |= {start + position: cause for position, cause in window.items()}
        return refused

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.collect()
        self._connection = self._channel = None

    def _publish_window(self, window: Sequence[Outgoing]) -> dict[int, str]:
        connected = False
        try:
            self._open()
            connected = True
            self._send(window)
            self._await_confirms()
        except Exception as exc:
            self.close()
            objection = getattr(exc, "reply_code", None)
            if not connected or objection not in _OBJECTIONS:
                raise Unavailable(f"publishing failed: {type(exc).__name__}") from exc
            return self._one_by_one(window, f"the broker objects to it: {objection}")
        return self._refused

    def _one_by_one(self, window: Sequence[Outgoing], objection: str) -> dict[int, str]:
        """Find the message that the broker objects to; none is published more than twice for that."""
        if len(window) == 1:
            return {0: objection}
        refused, unanswered = self._refused, sorted(self._waiting.values())
        for position in unanswered:
            if cause := self._publish_window([window[position]]).get(0):
                refused[position] = cause
        return refused

    def _open(self) -> None:
        if self._connection is not None and self._connection.connected:
            return
        self.close()
        self._connection = connection_to(self._url, connect_timeout=5, heartbeat=0, transport_options=PATIENT)
        self._connection.connect()
        # Under an alarm the broker reads no more: writing would wait for ever without this.
        self._connection.connection.transport.sock.settimeout(self._timeout)
        in_large_pieces(self._connection.connection)
        self._channel = self._connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._channel.events["basic_return"].add(self._on_return)
        self._published = 0

    def _send(self, window: Sequence[Outgoing]) -> None:
        self._window, self._refused, self._waiting = window, {}, {}
        amqp = self._channel.connection
        encode = Encoder(self._channel.channel_id, amqp.frame_max, self._user)
        frames: list[bytes] = []
        for position, message in enumerate(window):
            try:
                frames += encode.message(message)
            except ValueError:  # UnicodeEncodeError is one
                self._refused[position] = "one of its names is too long for AMQP, or no text"
            else:
                self._published += 1
                self._waiting[self._published] = position
        amqp.transport.write(b"".join(frames))

    def _await_confirms(self) -> None:
        amqp = self._channel.connection
        deadline = time.monotonic() + self._timeout
        while self._waiting:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            amqp.drain_events(timeout=left)

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._settle(tag, multiple, None)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self._settle(tag, multiple, "refused by the broker: a queue is full")

    def _settle(self, tag: int, multiple: bool, cause: str | None) -> None:
        tags = [t for t in self._waiting if t <= tag] if multiple else [tag]
        for settled in tags:
            position = self._waiting.pop(settled, None)
            if position is not None and cause:
                self._refused[position] = cause

    def _on_return(self, exc: Exception, exchange: str, routing_key: str, message: Any) -> None:
        message_id = message.properties.get("message_id")
        for position, sent in enumerate(self._window):
            if (sent.message_id, sent.exchange, sent.routing_key) == (message_id, exchange, routing_key):
                self._refused[position] = f"no queue takes {routing_key} on {exchange}"


class Encoder:
    """Turns messages into AMQP frames for one channel."""

    def __init__(self, channel: int, frame_max: int, user: str) -> None:
        self._channel = channel
        self._chunk = frame_max - 8
        self._user = _short(user)

    def message(self, m: Outgoing) -> list[bytes]:
        """All frames of one message, in pieces. Raises ValueError where a name does not fit (see `fits`)."""
        parts: list[bytes] = []
        self._frame(parts, _METHOD, self._method(m))
        self._frame(parts, _CONTENT_HEADER, self._header(m))
        for start in range(0, len(m.body), self._chunk):
            self._frame(parts, _BODY, m.body[start : start + self._chunk])
        return parts

    def _frame(self, parts: list[bytes], kind: int, payload: bytes) -> None:
        parts += (_FRAME.pack(kind, self._channel, len(payload)), payload, _END)

    @staticmethod
    def _method(m: Outgoing) -> bytes:
        bits = b"\x01" if m.mandatory else b"\x00"
        return _PUBLISH.pack(60, 40, 0) + _short(m.exchange) + _short(m.routing_key) + bits

    def _header(self, m: Outgoing) -> bytes:
        flags = _CONTENT_TYPE | _DELIVERY_MODE | _MESSAGE_ID | _TYPE | _USER_ID
        headers = correlation = b""
        if m.quiet:
            flags |= _HEADERS
            headers = _QUIET
        if m.correlation_id:
            flags |= _CORRELATION_ID
            correlation = _short(m.correlation_id)
        ids = _short(m.message_id) + _short(m.type) + self._user
        start = _HEADER.pack(60, 0, len(m.body), flags)
        return start + _short_bytes(CONTENT_TYPE) + headers + b"\x02" + correlation + ids


def fits(name: str) -> bool:
    """Whether AMQP can carry it as a name of a message: text, of 255 bytes at the most."""
    try:
        _short(name)
    except ValueError:
        return False
    return True


def _short(text: str) -> bytes:
    return _short_bytes(text.encode())


def _short_bytes(raw: bytes) -> bytes:
    if len(raw) > 255:
        raise ValueError("an AMQP short string holds 255 bytes at the most")
    return bytes((len(raw),)) + raw
