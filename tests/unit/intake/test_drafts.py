"""Drafts: what is missing, in the order of the form."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.drafts import Draft, Part
from services.intake.domain.submissions import Author, Place

EMPTY = Draft("gentilly", "id", "fr", "problem")
FILLED: dict[Part, dict[str, object]] = {
    "what": {"category": "voirie/trou"},
    "where": {"place": Place(address="ici")},
    "details": {"description": "Un trou", "has_details": True},
    "who": {"author": Author("Ada", "Martin", "ada@example.org")},
}


@given(st.sets(st.sampled_from(list(FILLED))))
def test_the_first_part_that_is_not_filled_in_is_missing(parts: set[Part]) -> None:
    draft = EMPTY
    for part in parts:
        draft = replace(draft, **FILLED[part])  # type: ignore[arg-type]
    assert draft.missing == next((part for part in FILLED if part not in parts), None)


def test_no_place_is_an_answer_and_words_alone_are_no_details() -> None:
    draft = replace(EMPTY, category="voirie/trou", description="Un trou", without_place=True)
    assert draft.missing == "details"


def test_what_is_sent_names_neither_the_draft_nor_an_answer_that_was_left_out() -> None:
    draft = replace(EMPTY, author=Author("Ada", "Martin", "ada@example.org"), answers={"a": "", "b": "oui"})
    sent = draft.submission()
    assert sent.answers == {"b": "oui"}
    assert draft.id not in (sent.cause.correlationid, sent.cause.causationid)


def test_a_draft_is_not_shown_in_a_log() -> None:
    assert "Un trou" not in repr(replace(EMPTY, description="Un trou"))
