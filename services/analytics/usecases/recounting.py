"""What has been counted in a town, whether its facts say the same, and making the counts anew from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from services.analytics.errors import NothingCounted
from services.analytics.store import repository
from services.analytics.store.repository import Count
from shared.unit import Unit


@dataclass(frozen=True, slots=True)
class Counts:
    """A town's counts over all hours. `equal_to_facts`: a recount of the facts gives the same."""

    town: str
    counts: tuple[Count, ...]
    equal_to_facts: bool

    @property
    def happened(self) -> Mapping[str, int]:
        """How often each thing happened, whoever had the report."""
        total: Counter[str] = Counter()
        for count in self.counts:
            total[count.happened] += count.n
        return total


def counts(unit: Unit, town: str) -> Counts:
    """The counts of `town`, as they are at one moment; nothing has been read in the unit before.

    Raises NothingCounted.
    """
    repository.see_one_moment(unit.conn)
    found, of_facts = repository.counts(unit.conn, town), repository.recounted(unit.conn, town)
    if not found and not of_facts:
        raise NothingCounted(town)
    return Counts(town, tuple(found), found == of_facts)


def rebuild(unit: Unit, town: str) -> None:
    """Make the counts of `town` anew from its facts; nothing is published. Raises NothingCounted."""
    if not repository.rebuild(unit.conn, town):
        raise NothingCounted(town)
