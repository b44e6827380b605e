"""Which categories a person's own words may mean: the best three, and why. Pure, and local to the town.

Each leaf has features: the stems of its label, of its parents' labels, and of the words that the town's files
give it. A word of the text matches a feature of the same stem or, where there is none, one that shares most
runs of three characters with it, as a misspelt word does. A match counts the more, the fewer categories have
the feature; a category counts the more, the more of the text it explains, and when a phrase of its is there.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.intake.domain.stems import grams, stem, stems, words
from shared.categories import leaves
from shared.l10n import LANGUAGES, Label, Language

AT_MOST = 3
LONGEST = 500
"""Characters of a text that are looked at: what a person says first says what it is about."""

_MOST_WORDS = 25
_UNKNOWN = 0.5
"""What a word that leads nowhere counts in what is to be explained; one that leads to one category is 1."""
_UNKNOWN_AT_MOST = 4

_SIMILAR = 0.5
"""What share of runs a misspelt word must have in common with a feature."""
_SHORT = 4  # characters of a word that may not be misspelt: too many others are like it
_FROM_LABEL, _FROM_PARENT, _FROM_WORDS = 1.0, 0.35, 1.0
_WHOLE_PHRASE = 1.5
_LEAST = 0.12
"""The score below which nothing is proposed; 1 is a text of one word that only this category has."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category that the words may mean. `score`: 0 to 1; `because`: the person's words that led to it."""

    category: str
    label: Label
    score: float
    because: tuple[str, ...]

    def as_dict(self, language: Language) -> dict[str, Any]:
        """As programs get it, the label in `language`."""
        label = self.label.in_language(language)
        return {"category": self.category, "label": label, "score": self.score, "because": self.because}


Learned = Mapping[str, Mapping[str, float]]
"""By stem, how much each category had of the reports with it: shares, from 0 to 1."""


@dataclass(slots=True)
class _Leaf:
    label: Label
    features: dict[str, float] = field(default_factory=dict)
    phrases: list[frozenset[str]] = field(default_factory=list)

    def add(self, text: str, language: Language, weight: float, phrase: bool = True) -> None:
        found = [stem(word, language) for word in words(text)]
        for each in found:
            self.features[each] = max(weight, self.features.get(each, 0.0))
        if phrase and len(found) > 1:
            self.phrases.append(frozenset(found))


class Suggester:
    """Made once of a town's categories and of what was learned there; then asked often."""

    def __init__(self, categories: Iterable[Mapping[str, Any]], learned: Learned | None = None) -> None:
        self._leaves = dict(_leaves(categories))
        self._weights: dict[str, dict[str, float]] = defaultdict(dict)  # feature → category → weight
        for slug, leaf in self._leaves.items():
            for feature, weight in leaf.features.items():
                self._weights[feature][slug] = weight
        self._learn(learned or {})
        self._rarity = {feature: self._rarity_of(weights) for feature, weights in self._weights.items()}
        self._rarest = max(self._rarity.values(), default=1.0)
        self._by_gram: dict[str, list[str]] = defaultdict(list)
        for feature in self._weights:
            for gram in grams(feature):
                self._by_gram[gram].append(feature)

    def suggest(self, text: str) -> list[Suggestion]:
        """The best three at the most, the best first; nothing where nothing is like it."""
        said = list(dict.fromkeys(words(text[:LONGEST])))[:_MOST_WORDS]
        matches = {word: self._matches(word) for word in said}
        scores, because, met = self._scores(matches)
        for slug, features in met.items():
            scores[slug] *= _WHOLE_PHRASE if any(p <= features for p in self._leaves[slug].phrases) else 1.0
        best = sorted(scores, key=lambda slug: (-scores[slug], slug))[:AT_MOST]
        return [
            Suggestion(slug, self._leaves[slug].label, round(min(scores[slug], 1.0), 3), tuple(because[slug]))
            for slug in best
            if scores[slug] >= _LEAST
        ]

    def _learn(self, learned: Learned) -> None:
        for feature, shares in learned.items():
            for slug, share in shares.items():
                if slug in self._leaves:
                    self._weights[feature][slug] = max(share, self._weights[feature].get(slug, 0.0))

    def _rarity_of(self, weights: Mapping[str, float]) -> float:
        return math.log(1 + len(self._leaves) / (1 + sum(weights.values())))

    def _matches(self, word: str) -> dict[str, float]:
        """Features that a word stands for, with how surely."""
        found = {each: 1.0 for each in stems(word) if each in self._weights}
        return found or (self._similar(word) if len(word) > _SHORT else {})

    def _similar(self, word: str) -> dict[str, float]:
        own = grams(word)
        shared: dict[str, int] = defaultdict(int)
        for gram in own:
            for feature in self._by_gram.get(gram, ()):
                shared[feature] += 1
        alike = {feature: 2 * number / (len(own) + len(grams(feature))) for feature, number in shared.items()}
        best = max(alike.values(), default=0.0)
        return {f: share**2 for f, share in alike.items() if share >= max(_SIMILAR, best - 0.1)}

    def _scores(
        self, matches: Mapping[str, Mapping[str, float]]
    ) -> tuple[dict[str, float], dict[str, list[str]], dict[str, set[str]]]:
        scores: dict[str, float] = defaultdict(float)
        because: dict[str, list[str]] = defaultdict(list)
        met: dict[str, set[str]] = defaultdict(set)
        known = [word for word, features in matches.items() if features]
        total = sum(max(self._rarity[f] for f in matches[word]) for word in known) or 1.0
        total += _UNKNOWN * self._rarest * min(len(matches) - len(known), _UNKNOWN_AT_MOST)
        for word in known:
            for slug, (strength, features) in self._by_leaf(matches[word]).items():
                scores[slug] += strength / total
                because[slug].append(word)
                met[slug] |= features
        return scores, because, met

    def _by_leaf(self, features: Mapping[str, float]) -> dict[str, tuple[float, set[str]]]:
        """What one word is worth to each category, as much as its best feature there; and its features."""
        found: dict[str, tuple[float, set[str]]] = {}
        for feature, likeness in features.items():
            for slug, weight in self._weights[feature].items():
                strength, met = found.get(slug, (0.0, set()))
                worth = likeness * weight * self._rarity[feature]
                found[slug] = max(strength, worth), met | {feature}
        return found


def _leaves(tree: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, _Leaf]]:
    for category, above in leaves(tree):
        if category["active"]:
            yield category["slug"], _leaf(category, tuple(Label.of(each["label"]) for each in above))


def _leaf(category: Mapping[str, Any], parents: tuple[Label, ...]) -> _Leaf:
    label = Label.of(category["label"])
    leaf = _Leaf(label)
    for language in LANGUAGES:
        for parent in parents:
            leaf.add(parent.in_language(language), language, _FROM_PARENT, phrase=False)
        leaf.add(label.in_language(language), language, _FROM_LABEL, phrase=False)
        for phrase in (category.get("words") or {}).get(language) or ():
            leaf.add(phrase, language, _FROM_WORDS)
    return leaf
