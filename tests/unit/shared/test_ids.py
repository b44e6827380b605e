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


OURS = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.mark.parametrize(
    "spelt",
    [
        OURS.upper(),
        OURS.title(),
        OURS.replace("-", ""),
        f"{{{OURS.upper()}}}",
        f"urn:uuid:{OURS}",
    ],
)
def test_an_id_of_ours_is_known_however_it_is_spelt(spelt: str) -> None:
    assert ids.as_given(spelt) == OURS


@pytest.mark.parametrize(
    "other",
    ["", "GEN-7K3M-9QX2", "P_4Xn7cQ2kVb", OURS[:-1], f"{OURS} ", f"{OURS}\n", OURS.replace("0", "０")],
)
def test_what_is_none_of_ours_stays_as_it_is(other: str) -> None:
    assert ids.as_given(other) == other
