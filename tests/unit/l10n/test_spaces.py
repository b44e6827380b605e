"""The spaces of French: no line breaks at a mark."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.l10n import colon, quoted, unbroken

MARKED = "Le trou « devant l’école » : où est-il ? Là ! Vite ; merci"


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "service : « Voirie »"), ("en", "department: “Voirie”")]
)
def test_marks_are_those_of_the_language(language: str, said: str) -> None:
    name = "service" if language == "fr" else "department"
    assert f"{name}{colon(language)}{quoted('Voirie', language)}" == said


def test_no_line_breaks_at_a_mark_in_french() -> None:
    assert unbroken(MARKED, "fr") == (
        "Le trou «\u00a0devant l’école\u00a0»\u00a0: où est-il\u202f? Là\u202f! Vite\u202f; merci"
    )
    assert unbroken(MARKED, "en") == MARKED


@given(st.text(alphabet="a «»:;?!\u00a0"))
def test_nothing_but_spaces_changes_and_none_is_left_that_breaks(text: str) -> None:
    said = unbroken(text, "fr")
    assert len(said) == len(text)
    assert re.sub(r"\s", " ", said) == re.sub(r"\s", " ", text)
    assert not re.search(r"« | [»:;?!]", said)


def test_texts_are_found_wherever_they_are() -> None:
    held = {"a": ["b :", ("c ?", {"d": "e !"})], "f": 1, "g": None}
    assert unbroken(held, "fr") == {"a": ["b\u00a0:", ("c\u202f?", {"d": "e\u202f!"})], "f": 1, "g": None}
