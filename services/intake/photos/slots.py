"""So many at once, and nobody holds all of them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from services.intake.domain.photos import PhotoRefused


@dataclass(eq=False, slots=True)
class _Waiting:
    holder: Hashable


class Slots:
    """`total` slots, of which each holder has `share` at most. Who has fewest gets the next that is free."""

    def __init__(self, total: int, share: int) -> None:
        self._total = total
        self._share = share
        self._held: Counter[Hashable] = Counter()
        self._waiting: list[_Waiting] = []
        self._changed = threading.Condition()

    @contextmanager
    def hold(self, holder: Hashable, patience: float = 0) -> Iterator[None]:
        """Hold a slot; raises PhotoRefused, `busy`, where `holder` gets none within `patience` seconds."""
        self._take(holder, patience)
        try:
            yield
        finally:
            with self._changed:
                self._held -= Counter([holder])
                self._changed.notify_all()

    def _take(self, holder: Hashable, patience: float) -> None:
        waiting = _Waiting(holder)
        with self._changed:
            self._waiting.append(waiting)
            try:
                if not self._changed.wait_for(lambda: self._next() is waiting, patience):
                    raise PhotoRefused("busy")
                self._held[holder] += 1
            finally:
                self._waiting.remove(waiting)
                self._changed.notify_all()

    def _next(self) -> _Waiting | None:
        """Who gets a slot now: of those that hold fewest, the one that has waited longest."""
        if self._held.total() >= self._total:
            return None
        may = [waiting for waiting in self._waiting if self._held[waiting.holder] < self._share]
        return min(may, key=lambda waiting: self._held[waiting.holder], default=None)
