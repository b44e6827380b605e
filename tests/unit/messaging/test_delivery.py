"""Who sent a message, where it may be answered, and how it is kept when it cannot be done."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging import RawMessage
from shared.messaging.store.rows import plain, row, town_of

TOKEN = "amq.rabbitmq.reply-to.g1h3AAVhYmJpdAAAAAAA.Aq+/3Q=="


@pytest.mark.parametrize(
    ("address", "can"),
    [
        (TOKEN, True),
        ("amq.rabbitmq.reply-to", False),
        ("amq.rabbitmq.reply-to.", False),
        ("amq.rabbitmq.reply-to.abc", False),
        ("amq.rabbitmq.reply-to.a.b.c", False),
        (f"{TOKEN}\n", False),
        (f"x{TOKEN}", False),
        ("notification.events", False),
        ("", False),
    ],
)
def test_only_a_direct_reply_to_is_answered(address: str, can: bool) -> None:
    assert RawMessage("q", b"", {"reply_to": address}).can_be_answered is can


def test_no_property_is_no_sender_and_no_address() -> None:
    for delivery in (RawMessage("q", b"", {}), RawMessage("q", b"", {"user_id": None, "reply_to": None})):
        assert (delivery.sender, delivery.reply_to, delivery.can_be_answered) == ("", "", False)


SURROGATES = st.text(st.characters(categories=["Cs"]), max_size=3)
NUMBERS = st.integers(-(2**63), 2**64) | st.floats() | st.decimals() | st.booleans()
ANYTHING = st.recursive(
    st.none() | NUMBERS | st.text() | st.binary() | st.datetimes() | SURROGATES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.binary(), inner, max_size=3),
    max_leaves=20,
)


@given(ANYTHING)
def test_whatever_a_sender_put_into_headers_can_be_stored(value: Any) -> None:
    kept = json.dumps(plain(value), allow_nan=False, ensure_ascii=False)
    assert "\x00" not in kept
    assert "\\u0000" not in kept.replace("\\\\", "")
    assert kept.encode()


SOUND = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))


@given(st.dictionaries(SOUND, SOUND | st.integers() | st.booleans()))
def test_what_can_be_stored_is_stored_as_it_is(value: dict[str, Any]) -> None:
    assert plain(value) == value


def test_a_table_without_end_is_cut() -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    assert len(json.dumps(plain(deep))) < 100
    assert plain(Decimal("1.5")) == "1.5"


@pytest.mark.parametrize(
    ("body", "town"),
    [
        (b'{"town": "gentilly"}', "gentilly"),
        (b'{"town": 3}', ""),
        (b'{"town": "a\\u0000b"}', ""),
        (b'{"town": "' + b"x" * 64 + b'"}', ""),
        (b"[1]", ""),
        (b'"town"', ""),
        (b"3", ""),
        (b"\xff", ""),
        (b"[" * 100_000, ""),
    ],
)
def test_the_town_of_what_cannot_be_read(body: bytes, town: str) -> None:
    assert town_of(RawMessage("q", body, {})) == town


def test_a_cause_is_short_and_postgresql_takes_it() -> None:
    cause = row(RawMessage("q", b"", {}), 1, "a\x00b\ud800" + "c" * 10_000)["cause"]
    assert cause.encode()
    assert (len(cause), cause[:4]) == (500, "a�b?")
