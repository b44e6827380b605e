"""Categories for a person's own words, as the town's files lead to them."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.learning import PEOPLE, Written, shares
from services.intake.domain.stems import folded, words
from services.intake.domain.suggestions import AT_MOST, Suggester, Suggestion
from services.routing import townfiles
from services.routing.domain import to_event_data
from tests.support.system import GENTILLY

HELD_OUT: dict[str, dict[str, list[str]]] = yaml.safe_load(
    Path(__file__).with_name("held_out.yaml").read_text("utf-8")
)
PHRASES = sorted({phrase for said in HELD_OUT.values() for each in said.values() for phrase in each})


@cache
def categories() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = to_event_data(townfiles.load(GENTILLY), 1)["categories"]
    return found


@cache
def gentilly() -> Suggester:
    return Suggester(categories())


def leaves(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [leaf for node in nodes for leaf in (leaves(node["children"]) if node["children"] else [node])]


def suggested(text: str) -> list[str]:
    return [each.category for each in gentilly().suggest(text)]


def unaccented(text: str) -> str:
    return folded(text)


def misspelt(text: str) -> str:
    """Two letters of its longest word change places, as under a hurried thumb."""
    longest = max(text.split(), key=len)
    at = random.Random(text).randrange(1, len(longest) - 2)
    return text.replace(longest, longest[:at] + longest[at + 1] + longest[at] + longest[at + 2 :])


@pytest.mark.parametrize(
    ("language", "least", "written"),
    [
        ("fr", 0.9, str),
        ("en", 0.75, str),
        ("fr", 0.9, str.upper),
        ("fr", 0.9, unaccented),
        ("fr", 0.8, misspelt),
        ("en", 0.7, misspelt),
    ],
)
def test_the_right_category_is_among_three(language: str, least: float, written: Any) -> None:
    tried = [(slug, phrase) for slug, said in HELD_OUT.items() for phrase in said[language]]
    missed = [(slug, phrase) for slug, phrase in tried if slug not in suggested(written(phrase))]
    assert len(tried) >= {"fr": 150, "en": 60}[language]
    assert 1 - len(missed) / len(tried) >= least, missed


def test_each_category_that_can_be_sent_has_words_and_was_tried() -> None:
    active = [leaf for leaf in leaves(categories()) if leaf["active"]]
    assert {leaf["slug"] for leaf in active} == set(HELD_OUT)
    counted = {len(said) for leaf in active for said in leaf["words"].values()}
    assert counted <= set(range(6, 11))


def test_no_phrase_that_is_tried_stands_in_the_files() -> None:
    written = {phrase for leaf in leaves(categories()) for said in leaf["words"].values() for phrase in said}
    assert not {folded(phrase) for phrase in PHRASES} & {folded(phrase) for phrase in written}


def test_it_says_which_words_led_there() -> None:
    best, *_ = gentilly().suggest("Bonjour, il y a un MATELAS devant chez moi")
    assert (best.category, best.because) == ("proprete/encombrants", ("matelas",))
    assert best.label.fr == "Meubles et encombrants abandonnés"


@pytest.mark.parametrize("text", ["", "   ", "bonjour merci", "xqzw", "!!!", "\u200b", "123456"])
def test_nothing_is_proposed_where_nothing_is_like_it(text: str) -> None:
    assert gentilly().suggest(text) == []


def test_a_retired_category_is_not_proposed() -> None:
    assert "mobilier-urbain/cabine-telephonique" not in suggested("cabine téléphonique")


calm = settings(deadline=None, max_examples=50)


@calm
@given(st.text(max_size=600) | st.sampled_from(PHRASES))
def test_at_most_three_the_best_first_each_with_its_words(text: str) -> None:
    found = gentilly().suggest(text)
    assert len(found) <= AT_MOST
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert all(0 < each.score <= 1 and set(each.because) <= set(words(text)) for each in found)
    assert len({each.category for each in found}) == len(found)


@calm
@given(st.sampled_from(PHRASES), st.randoms(use_true_random=False))
def test_neither_case_nor_accents_nor_order_matter(phrase: str, chance: Any) -> None:
    def essence(found: list[Suggestion]) -> list[tuple[str, float]]:
        return sorted((each.category, round(each.score, 2)) for each in found)

    mixed = phrase.split()
    chance.shuffle(mixed)
    other = folded(" ".join(mixed)).upper()
    assert essence(gentilly().suggest(other)) == essence(gentilly().suggest(phrase))


def _reports(category: str, text: str, people: int) -> list[Written]:
    return [Written(f"{category}{number}", category, text) for number in range(people)]


def test_what_enough_people_meant_is_learned() -> None:
    learned = shares(_reports("voirie/potelet", "le zigouigoui est tombé", PEOPLE))
    assert learned["zigouigou"] == {"voirie/potelet": 1.0}
    taught = Suggester(categories(), learned)
    assert next(each.category for each in taught.suggest("zigouigoui")) == "voirie/potelet"
    assert suggested("zigouigoui") == []


def test_what_few_people_wrote_is_not_kept_however_often() -> None:
    assert shares(_reports("voirie/potelet", "Dupont", PEOPLE - 1) * 10) == {}


def test_what_names_or_reaches_a_person_is_not_kept_however_many_wrote_it() -> None:
    text = "Tapage de Monsieur Dupont, 06 12 34 56 78, ada@example.org, AB-123-CD, depuis le 12"
    assert set(shares(_reports("tranquillite/bruit", text, PEOPLE))) == {"tapag", "monsieur"}


def test_a_word_that_all_categories_have_alike_says_little() -> None:
    every = [leaf["slug"] for leaf in leaves(categories())]
    assert shares([each for slug in every for each in _reports(slug, "truc", 3)]) == {}
