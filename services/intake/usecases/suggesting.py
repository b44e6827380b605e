"""Proposing categories for a person's own words, and learning from the reports of the town."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from services.intake.domain.stems import stems, words
from services.intake.domain.suggestions import Learned, Suggester, Suggestion
from services.intake.store import learned as store
from services.intake.store.learned import Written
from shared import db, towns
from shared.masking import without
from shared.unit import Unit

PEOPLE = 5
"""How many people must have used a word, and half of them for one category, before it is kept."""
_TRIED = 5  # every fifth report is tried and not learned from, when the accuracy is taken


class Suggesters:
    """Each town's suggester, made anew when the town is configured or has learned."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[tuple[int, str], Suggester]] = {}

    def suggest(self, conn: db.Connection, town: str, text: str) -> list[Suggestion] | None:
        """At most three categories, the best first, for the person to choose; None for no such town."""
        state = store.state(conn, town)
        if state is None:
            return None
        known = self._made.get(town)
        if known is None or known[0] != state:
            known = self._made[town] = state, _suggester(conn, town)
        return known[1].suggest(text)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What came of learning: shares of the `tried` reports whose category was among the three, if any."""

    reports: int
    stems: int
    tried: int
    before: float | None
    after: float | None


def learn(unit: Unit, town: str) -> Lesson:
    """Count anew which words went with which categories in the town's reports, and keep that."""
    written = store.written(unit.conn, town)
    told = [each for number, each in enumerate(written) if number % _TRIED]
    tried = written[::_TRIED]
    learned = shares(written)
    store.keep(unit.conn, town, learned)
    return Lesson(
        reports=len(written),
        stems=len(learned),
        tried=len(tried),
        before=_accuracy(_suggester(unit.conn, town, {}), tried),
        after=_accuracy(_suggester(unit.conn, town, shares(told)), tried),
    )


def shares(written: Iterable[Written]) -> dict[str, dict[str, float]]:
    """Of each stem that enough people used, the share of each category that enough of them meant."""
    people: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for each in written:
        for stem in _told(each.text):
            people[stem][each.category].add(each.citizen_id)
    return {stem: found for stem, by_category in people.items() if (found := _shares(by_category))}


def _told(text: str) -> set[str]:
    """The stems of a text that name nobody: no number, and nothing that is masked elsewhere."""
    return {stem for word in words(without(text)) if word.isalpha() for stem in stems(word)}


def _shares(by_category: dict[str, set[str]]) -> dict[str, float]:
    counted = Counter({category: len(who) for category, who in by_category.items()})
    if len(set().union(*by_category.values())) < PEOPLE:
        return {}
    total = counted.total()
    return {c: round(n / total, 3) for c, n in counted.items() if n * 2 >= PEOPLE and n * 10 >= total}


def _suggester(conn: db.Connection, town: str, learned: Learned | None = None) -> Suggester:
    found = towns.stored(conn, town)
    assert found is not None
    return Suggester(found[1]["categories"], store.learned(conn, town) if learned is None else learned)


def _accuracy(suggester: Suggester, tried: list[Written]) -> float | None:
    right = [each.category in {s.category for s in suggester.suggest(each.text)} for each in tried]
    return round(sum(right) / len(right), 3) if right else None
