"""Claims what is due, a list at a time in which towns take turns, and gives claims up again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.notification import domain
from services.notification.domain import Delivery
from services.notification.store import repository
from shared.unit import Unit


@dataclass(slots=True)
class Claiming:
    """Claims lists of `size` deliveries, for `seconds` each; every list goes on where the last one ended."""

    size: int
    seconds: float
    last_town: str = ""

    def claim(self, unit: Unit) -> list[Delivery]:
        """The next list, in the order in which things happened."""
        claimed = [
            delivery
            for town, places in self._places(unit).items()
            for delivery in repository.claim(unit.conn, town, places, self.seconds)
        ]
        return sorted(claimed, key=lambda delivery: delivery.order)

    def _places(self, unit: Unit) -> Mapping[str, int]:
        """How many deliveries of each town go into the list."""
        turns = domain.turns(repository.due(unit.conn, self.size), self.size, self.last_town)
        if turns:
            self.last_town = turns[-1]
        return Counter(turns)


def put_back(unit: Unit, deliveries: Sequence[Delivery], after: float) -> None:
    """Give up the claim on `deliveries`: due again in `after` seconds, with nothing counted against them."""
    if deliveries:
        repository.put_back(unit.conn, deliveries, after)
