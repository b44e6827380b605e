"""One run: the queue is filled first, then the clock runs until everything is done."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from tests.load.broker import Front
from tests.load.counts import Books
from tests.load.meter import Usage, usage
from tests.load.submissions import submissions
from tests.load.world import Contender, Fleet, World

WARM_UP = 100
_PATIENCE = 60.0  # seconds without a single new fact: it has stopped


@dataclass(frozen=True, slots=True)
class Run:
    """What one run has shown. `load`: processes of the whole machine that wanted a processor at its end."""

    contender: Contender
    reports: int
    seconds: float
    used: Usage
    load: float

    @property
    def rate(self) -> float:
        """Reports per second."""
        return self.reports / self.seconds


def run(contender: Contender, world: World, reports: int, seed: int) -> Run:
    """Run `reports` through. Raises Inexact, and RuntimeError where a contender stands still or ends."""
    with Front(world.values["FRONT_AMQP_URL"]) as front:
        measured = _measure(contender, world, front, reports, seed)
        world.receipts += front.receipts
    audit(world)
    return measured


def audit(world: World) -> None:
    """See that nothing was lost and nothing done twice. Raises Inexact."""
    with Books(world) as books:
        books.audit()


def _measure(contender: Contender, world: World, front: Front, reports: int, seed: int) -> Run:
    with Fleet(contender, world) as fleet, Books(world) as books:
        _send(contender, world, front, WARM_UP, 2 * seed)
        _await(fleet, world, books)
        fleet.hold()
        _send(contender, world, front, reports, 2 * seed + 1)
        front.count_receipts()
        before, began = usage(fleet.pids), time.monotonic()
        fleet.go()
        _await(fleet, world, books)
        seconds, used = time.monotonic() - began, usage(fleet.pids) - before
        return Run(contender, reports, seconds, used, os.getloadavg()[0])


def _send(contender: Contender, world: World, front: Front, count: int, seed: int) -> None:
    made = list(submissions(count, seed))
    front.send(contender.encode(submission) for submission in made)
    world.sent += count
    world.citizens += len({submission.email for submission in made})


def _await(fleet: Fleet, world: World, books: Books) -> None:
    """Return when everything that was sent is done."""
    seen, changed = (-1, ""), time.monotonic()
    while missing := books.missing():
        time.sleep(0.05)
        facts, now = books.facts_given_out(), time.monotonic()
        if (facts, missing) != seen:
            seen, changed = (facts, missing), now
        dead = fleet.dead() or (fleet.logs() if now - changed > _PATIENCE else "")
        if dead:
            raise RuntimeError(
                f"it stands still at {facts} facts of {2 * world.sent}, short of {missing}; {dead}"
            )
