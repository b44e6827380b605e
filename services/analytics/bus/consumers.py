"""What analytics does with what it is told: each fact is counted once, and told to the analysts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from services.analytics import domain, events
from services.analytics.bus.fields import READS, Town
from services.analytics.domain import HAPPENED, Fact, Parents
from services.analytics.store import repository
from services.analytics.store.repository import Entry
from shared import ids
from shared.messaging.batch import Batch
from shared.messaging.events import EventConsumer, On, keep_configuration
from shared.messaging.message import Message
from shared.messaging.resources import ConsumerFactory, Resources
from shared.towns import Towns

STATISTICS = "statistics"


def counting(_resources: Resources | None = None) -> EventConsumer:
    """Counts what happens to reports, and keeps the towns' configuration."""
    take = Counting().take
    facts = {type_: On(READS[happened], take) for type_, happened in HAPPENED.items()}
    return EventConsumer({**facts, "town.configured.v1": On(Town, keep_configuration)})


CONSUMERS: Mapping[str, ConsumerFactory] = {"analytics.events": counting}


def _parents(_version: int, configuration: Mapping[str, Any]) -> Parents:
    return domain.parents(configuration)


@dataclass(frozen=True, slots=True)
class Counting:
    """Counts facts. A town that is not configured yet is counted like any other: no number waits for it."""

    towns: Towns[Parents] = field(default_factory=lambda: Towns(_parents))

    def take(self, batch: Batch, messages: list[Message]) -> None:
        """Count the facts of a batch in a few statements, however many they are, and tell each."""
        entries = _numbered(batch, [_fact(message) for message in messages])
        new = repository.count(batch.conn, entries)
        loud = [e for e, message in zip(entries, messages, strict=True) if not message.raw.quiet]
        self._tell(batch, [e for e in loud if (e.fact.town, e.sequence) in new])

    def _tell(self, batch: Batch, entries: Sequence[Entry]) -> None:
        seen = repository.seen(batch.conn, {e.fact.locality for e in entries})
        parents = self.towns.current(batch.conn, (e.fact.town for e in entries))
        for e in entries:
            known = parents.get(e.fact.town, {})
            category, cell = domain.published(e.fact, seen[e.fact.locality], known)
            told = events.statistics_fact(e.fact, e.id, e.sequence, category, cell)
            batch.publish(told, (STATISTICS, e.fact.town))


def _fact(message: Message) -> Fact:
    event = message.event
    return domain.fact(event.town, event.id, HAPPENED[event.type], event.time, message.data)


def _numbered(batch: Batch, facts: Sequence[Fact]) -> list[Entry]:
    firsts = repository.take_sequences(batch.conn, Counter(fact.town for fact in facts))
    numbers = {town: count(first) for town, first in firsts.items()}
    return [Entry(ids.random_id(), next(numbers[fact.town]), fact) for fact in facts]
