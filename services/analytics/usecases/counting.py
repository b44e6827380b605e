"""Counts what happens to reports, each event once, and publishes it as a fact for analysts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from services.analytics import domain, events
from services.analytics.domain import Fact, Parents, ReportEvent
from services.analytics.store import repository
from services.analytics.store.repository import NumberedFact
from shared import ids
from shared.contracts.exchanges import STATISTICS
from shared.towns import Towns
from shared.unit import Unit


def _parents(_version: int, configuration: Mapping[str, Any]) -> Parents:
    return domain.parents(configuration)


@dataclass(frozen=True, slots=True)
class Counting:
    """Counts events, those of a town that is not configured yet like any other: none waits for it."""

    towns: Towns[Parents] = field(default_factory=lambda: Towns(_parents))

    def count(self, unit: Unit, report_events: Sequence[ReportEvent]) -> None:
        """Count them in a few statements, however many they are, and publish the fact of each new one.

        A quiet one is counted and not published.
        """
        facts = _numbered(unit, [domain.fact(event) for event in report_events])
        new = repository.count(unit.conn, facts)
        public = [f for f, event in zip(facts, report_events, strict=True) if not event.quiet]
        self._publish(unit, [f for f in public if (f.fact.town, f.sequence) in new])

    def _publish(self, unit: Unit, facts: Sequence[NumberedFact]) -> None:
        seen = repository.seen(unit.conn, {f.fact.locality for f in facts})
        parents = self.towns.current(unit.conn, (f.fact.town for f in facts))
        for f in facts:
            known = parents.get(f.fact.town, {})
            category, cell = domain.published(f.fact, seen[f.fact.locality], known)
            event = events.statistics_fact(f.fact, f.id, f.sequence, category, cell)
            unit.publish(event, (STATISTICS, f.fact.town))


def _numbered(unit: Unit, facts: Sequence[Fact]) -> list[NumberedFact]:
    firsts = repository.take_sequences(unit.conn, Counter(fact.town for fact in facts))
    numbers = {town: count(first) for town, first in firsts.items()}
    return [NumberedFact(ids.random_id(), next(numbers[fact.town]), fact) for fact in facts]
