"""Identifiers."""

from __future__ import annotations

import pytest

from shared import ids


@pytest.mark.parametrize("text", [ids.new_id(), ids.random_id(), ids.derived_id("a", "b")], ids="754")
def test_our_own_ids_are_ids(text: str) -> None:
    assert ids.is_id(text)


@pytest.mark.parametrize(
    "text",
    ["", "GEN-7K3M-9QX2", "01890000000070008000000000000000", "{01890000-0000-7000-8000-000000000000}"],
)
def test_what_is_not_written_as_ours_is_no_id(text: str) -> None:
    assert not ids.is_id(text)
    assert not ids.is_id(ids.new_id().upper())
