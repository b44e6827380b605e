"""AMQP properties as they come, whatever is in them.

py-amqp raises on a text that is not UTF-8 and on a time or a table that Python cannot hold, in the middle
of reading: the connection is lost, and with it the queue's consumer, again at every delivery. Whoever may
publish could stop a service that way. Here such a property is read as far as it can be.
"""

from __future__ import annotations

from struct import unpack_from
from typing import Any

from amqp import serialization
from amqp.basic_message import Message
from amqp.spec import Basic

_read = serialization.decode_properties_basic
_LENGTHS = {"o": (">B", 1), "L": (">Q", 8)}
Properties = dict[str, Any]


def install() -> None:
    """Make py-amqp read every property there can be."""
    serialization.PROPERTY_CLASSES[Basic.CLASS_ID] = read


def read(raw: bytes, offset: int) -> tuple[Properties, int]:
    """The properties at `offset` (flags first, AMQP 0-9-1 §4.2.6.1) by name, and where they end."""
    try:
        properties, end = _read(raw, offset)
    except Exception:
        return _salvage(raw, offset)
    return properties, end


def _salvage(raw: bytes, offset: int) -> tuple[Properties, int]:
    (flags,) = unpack_from(">H", raw, offset)
    offset += 2
    properties: Properties = {}
    for bit, (name, kind) in enumerate(Message.PROPERTIES):
        if flags & (1 << (15 - bit)):
            properties[name], offset = _value(kind, raw, offset)
    return properties, offset


def _value(kind: str, raw: bytes, offset: int) -> tuple[Any, int]:
    if kind in _LENGTHS:
        form, length = _LENGTHS[kind]
        return unpack_from(form, raw, offset)[0], offset + length
    if kind == "F":
        end = offset + 4 + unpack_from(">I", raw, offset)[0]
        return _table(raw, offset), end
    end = offset + 1 + raw[offset]
    return bytes(raw[offset + 1 : end]).decode(errors="replace"), end


def _table(raw: bytes, offset: int) -> Properties:
    try:
        (table,), _ = serialization.loads("F", raw, offset)
    except Exception:
        return {}
    found: Properties = table
    return found
