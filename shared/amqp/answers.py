"""Sending answers to direct reply-to addresses, some of which are made up.

RabbitMQ closes the connection on which it is to send to some of these, and writes what was sent into its log.
So a place at which nobody has been answered yet is tried first, on a connection apart, with an empty message
for nobody: an address that the broker fails on delays no answer to anybody else.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence

from shared import ids, metrics
from shared.amqp import reply_to
from shared.amqp.publisher import Outgoing, Publisher

log = logging.getLogger(__name__)

FAILURES = 3
PAUSE = 600.0
_MOST_PLACES = 10_000
_NOT_DIRECT = "its reply address is none that RabbitMQ gave"
_FAILS = "its reply address is at a place where the broker fails to send"


class Answers:
    """Publishes answers as `user`, like Publisher.

    A sender (`Outgoing.recipient`) that asked for answers at `FAILURES` places where the broker failed is
    answered at no other new place for `PAUSE` seconds. `clock`: seconds that only rise.
    """

    def __init__(
        self, url: str, user: str, timeout: float = 10.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._publisher = Publisher(url, user, timeout)
        self._trials = Publisher(url, user, timeout)
        self._clock = clock
        self._known: set[bytes] = set()
        self._failed: defaultdict[str, list[float]] = defaultdict(list)

    def publish(self, answers: Sequence[Outgoing]) -> dict[int, str]:
        """Publish them; returns position → cause for those that could not be sent.

        Raises Unavailable where the broker is away: then any of them may have been sent or not.
        """
        places = [reply_to.place(answer.routing_key) for answer in answers]
        self._try_new(places, answers)
        good = [n for n, place in enumerate(places) if place in self._known]
        withheld = {
            n: _FAILS if place else _NOT_DIRECT for n, place in enumerate(places) if place not in self._known
        }
        refused = self._publisher.publish([answers[n] for n in good])
        if refused:  # a node of the broker's cluster may be gone: what is known is to be found out again
            self._known.clear()
        metrics.ANSWERS_WITHHELD.inc(len(withheld) + len(refused))
        return withheld | {good[n]: cause for n, cause in refused.items()}

    def close(self) -> None:
        """Let go of the connections."""
        self._publisher.close()
        self._trials.close()

    def _try_new(self, places: Sequence[bytes | None], answers: Sequence[Outgoing]) -> None:
        if len(self._known) > _MOST_PLACES:
            self._known.clear()
        tried = {None, *self._known}
        for place, answer in zip(places, answers, strict=True):
            if place not in tried and not self._is_paused(answer.recipient):
                tried.add(place)
                self._try(place, answer)

    def _is_paused(self, sender: str) -> bool:
        failed = self._failed.get(sender, [])
        return len([moment for moment in failed if self._clock() - moment < PAUSE]) >= FAILURES

    def _try(self, place: bytes | None, answer: Outgoing) -> None:
        assert place
        address = reply_to.nobody_beside(answer.routing_key)
        trial = Outgoing("", address, b"", ids.new_id(), "trial", mandatory=False)
        if self._trials.publish([trial]):
            self._failed[answer.recipient] = [*self._failed[answer.recipient][1 - FAILURES :], self._clock()]
            log.warning("the broker fails to send where %s asks for answers", answer.recipient)
        else:
            self._known.add(place)
