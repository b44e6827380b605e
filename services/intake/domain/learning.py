"""Which words went with which category in a town's reports; no number, and no name that masking finds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.intake.domain.stems import stems, words
from services.intake.domain.suggestions import Suggester
from shared.masking import without

PEOPLE = 5
"""How many people must have used a word, and half of them for one category, before it is kept."""


@dataclass(frozen=True, slots=True)
class Written:
    """What one person wrote, and the category that it has."""

    citizen_id: str
    category: str
    text: str


def shares(written: Iterable[Written]) -> dict[str, dict[str, float]]:
    """Of each stem that enough people used, the share of each category that enough of them meant."""
    people: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for each in written:
        for stem in _nameless_stems(each.text):
            people[stem][each.category].add(each.citizen_id)
    return {stem: found for stem, by_category in people.items() if (found := _shares(by_category))}


def _nameless_stems(text: str) -> set[str]:
    """The stems of a text, without numbers, and without what is masked elsewhere."""
    return {stem for word in words(without(text)) if word.isalpha() for stem in stems(word)}


def _shares(by_category: Mapping[str, set[str]]) -> dict[str, float]:
    counted = Counter({category: len(who) for category, who in by_category.items()})
    if len(set().union(*by_category.values())) < PEOPLE:
        return {}
    total = counted.total()
    return {c: round(n / total, 3) for c, n in counted.items() if n * 2 >= PEOPLE and n * 10 >= total}


def accuracy(suggester: Suggester, tried: Iterable[Written]) -> float | None:
    """How many of them, from 0 to 1, have their category among those proposed; None where none was tried."""
    right = [each.category in {s.category for s in suggester.suggest(each.text)} for each in tried]
    return round(sum(right) / len(right), 3) if right else None
