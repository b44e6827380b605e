"""Properties are read whatever is in them, and as py-amqp reads them where it can."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from amqp.basic_message import Message
from amqp.serialization import decode_properties_basic
from hypothesis import given
from hypothesis import strategies as st

from shared.amqp.properties import read

TEXTS = [name for name, kind in Message.PROPERTIES if kind == "s"]


def _short(raw: bytes) -> bytes:
    return bytes((len(raw),)) + raw


def _table(raw: bytes) -> bytes:
    return struct.pack(">I", len(raw)) + raw


FORMS: dict[str, Callable[[Any], bytes]] = {
    "s": _short,
    "F": _table,
    "o": partial(struct.pack, ">B"),
    "L": partial(struct.pack, ">Q"),
}
SIZES: dict[str, st.SearchStrategy[Any]] = {
    "s": st.binary(max_size=20),
    "F": st.binary(max_size=30),
    "o": st.integers(0, 2**8 - 1),
    "L": st.integers(0, 2**64 - 1),
}


def _encoded(values: dict[str, Any]) -> bytes:
    flags, parts = 0, []
    for bit, (name, kind) in enumerate(Message.PROPERTIES):
        if name in values:
            flags |= 1 << (15 - bit)
            parts.append(FORMS[kind](values[name]))
    return struct.pack(">H", flags) + b"".join(parts)


RAW = st.fixed_dictionaries({}, optional={name: SIZES[kind] for name, kind in Message.PROPERTIES})


@given(RAW, st.binary(max_size=5))
def test_any_bytes_are_read_to_their_end(values: dict[str, Any], after: bytes) -> None:
    raw = b"head" + _encoded(values)
    properties, end = read(raw + after, 4)
    assert set(properties) == set(values)
    assert end == len(raw)
    for name in TEXTS:
        assert properties.get(name, "") == values.get(name, b"").decode(errors="replace")


@given(st.fixed_dictionaries({}, optional={name: st.text(max_size=30) for name in TEXTS}))
def test_what_py_amqp_reads_is_read_as_it_reads_it(values: dict[str, str]) -> None:
    raw = _encoded({name: text.encode() for name, text in values.items()})
    assert read(raw, 0) == decode_properties_basic(raw, 0)


@pytest.mark.parametrize("table", [b"\x04whenT" + b"\xff" * 8, b"\x01a?", b"\xff"])
def test_a_table_that_python_cannot_hold_is_left_out(table: bytes) -> None:
    raw = _encoded({"application_headers": table, "user_id": b"gentilly-web"})
    with pytest.raises(Exception):  # noqa: B017, PT011 (several, and each would end the connection)
        decode_properties_basic(raw, 0)
    assert read(raw, 0)[0] == {"application_headers": {}, "user_id": "gentilly-web"}
