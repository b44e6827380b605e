"""Labels in two languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.l10n import LANGUAGES, Label, language_or_french


@given(st.text(), st.text(min_size=1))
def test_label_survives_its_way_through_json(fr: str, en: str) -> None:
    assert Label.of(Label(fr, en).as_dict()) == Label(fr, en)


@pytest.mark.parametrize("texts", [{"fr": "Voirie"}, {"fr": "Voirie", "en": ""}])
def test_what_has_no_english_is_said_in_french(texts: dict[str, str]) -> None:
    assert Label.of(texts).in_language("en") == "Voirie"


def test_slug_stands_for_itself_in_both() -> None:
    assert {Label.same("voirie").in_language(language) for language in LANGUAGES} == {"voirie"}


@pytest.mark.parametrize(
    ("name", "language"), [("fr", "fr"), ("en", "en"), ("de", "fr"), ("EN", "fr"), ("", "fr"), (None, "fr")]
)
def test_other_languages_are_answered_in_french(name: str | None, language: str) -> None:
    assert language_or_french(name) == language
