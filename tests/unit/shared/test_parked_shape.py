"""`vigie parked show` tells the shape of a message and nothing that somebody wrote."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from shared.commands.parked import _readable

SECRET = "Zoë-8c3f"
VALUES = st.recursive(
    st.just(SECRET) | st.just(31415926) | st.booleans() | st.none() | st.floats(8.25e9, 8.26e9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "Qui ?", SECRET]), inner)
    ),
    max_leaves=10,
)


@given(VALUES)
def test_nothing_that_was_written_is_shown(value: object) -> None:
    for document in (value, {"data": value, "id": value if isinstance(value, dict) else "x"}):
        shown = json.dumps(_readable(json.dumps(document).encode()), ensure_ascii=False)
        assert not [secret for secret in (SECRET, "31415926", "82", "Qui") if secret in shown]


def test_the_shape_can_be_seen() -> None:
    body = {
        "id": "1",
        "type": "t.v1",
        "data": {"text": "abc", "photos": ["x"], "share": True, "n": 3, "no": None},
    }
    assert _readable(json.dumps(body).encode()) == {
        "id": "1",
        "type": "t.v1",
        "data": {
            "text": "(3 characters)",
            "photos": ["(1 characters)"],
            "share": True,
            "n": "(a number)",
            "no": None,
        },
    }
    assert _readable(b"\xff") == "not JSON, 1 bytes"
