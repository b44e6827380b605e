"""Slow pages and fast events: what each costs the other.

Twenty visits a second to a page that takes 300 ms of processor are six times what its process can serve: it
is as busy as it can be, and answers 503 to whom it cannot serve. Beside it reports are submitted at 20 a
second. Then the page is visited once a second, which it can serve, beside services at full speed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from deploy.local import paths, ports, services, wait
from tests.load.contenders import VIGIE
from tests.load.latency import measure, percentile
from tests.load.saturation import audit, run
from tests.load.visitors import Visit
from tests.load.world import World
from tests.support.children import dies_with_us

RATE = 20  # reports a second, and visits a second that are too many
SECONDS = 20.0
SERVED_RATE = 1.0  # visits a second that the page can serve
FULL_SPEED = 20_000  # reports, already queued
ROUNDS = 3


@dataclass
class Found:
    """Milliseconds: p99 from submitted to routed, and the page's p95, each alone and beside the other."""

    routed_p99_alone: list[float] = field(default_factory=list)
    routed_p99_beside_slow_pages: list[float] = field(default_factory=list)
    page_p95_alone: list[float] = field(default_factory=list)
    page_p95_beside_full_speed: list[float] = field(default_factory=list)

    @property
    def events_ratio(self) -> float:
        """How much slower events are beside slow pages."""
        return round(median(self.routed_p99_beside_slow_pages) / median(self.routed_p99_alone), 2)

    @property
    def page_ratio(self) -> float:
        """How much slower a page is beside events at full speed."""
        return round(median(self.page_p95_beside_full_speed) / median(self.page_p95_alone), 2)

    def lines(self) -> list[str]:
        """All of it in words."""
        return [
            f"submitted to routed at {RATE}/s: p99 {median(self.routed_p99_alone)} ms alone, "
            f"{median(self.routed_p99_beside_slow_pages)} ms beside {RATE} slow pages a second: "
            f"x {self.events_ratio} (aim: 1.5)",
            f"a page of 300 ms of processor: p95 {median(self.page_p95_alone)} ms alone, "
            f"{median(self.page_p95_beside_full_speed)} ms beside events at full speed: "
            f"x {self.page_ratio} (aim: 2)",
        ]

    def document(self) -> dict[str, object]:
        """As `.local/bench.json` has it."""
        ratios = {"events_ratio": self.events_ratio, "page_ratio": self.page_ratio}
        return {"pages_and_events": {**ratios, **asdict(self)}}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page runs. `nice`: its share against other sessions, -8 is six. `cpu`: its only processor."""

    nice: int = 0
    cpu: int | None = None


def compare(world: World, place: Place) -> Found:
    """Interleaved rounds of all four."""
    found = Found()
    for turn in range(ROUNDS):
        seed = 700 + 10 * turn
        found.routed_p99_alone.append(_routed(world, seed))
        with _slow_page(place) as port, _visitors(port, RATE):
            found.routed_p99_beside_slow_pages.append(_routed(world, seed + 1))
        with _slow_page(place) as port:  # a new one: the last has visits in hand that nobody waits for
            found.page_p95_alone.append(_visited(port, SECONDS))
            found.page_p95_beside_full_speed.append(_visited_at_full_speed(port, world, seed + 2))
        print(f"  round {turn + 1}: {[values[-1] for values in asdict(found).values()]}", flush=True)
    return found


def _routed(world: World, seed: int) -> float:
    latency = measure(VIGIE, world, RATE, SECONDS, seed)
    audit(world)
    return latency.p99


def _visited(port: int, seconds: float) -> float:
    with _visitors(port, SERVED_RATE) as visits:
        time.sleep(seconds)
    return _p95(visits)


def _visited_at_full_speed(port: int, world: World, seed: int) -> float:
    with _visitors(port, SERVED_RATE) as visits:
        done = run(VIGIE, world, FULL_SPEED, seed)
        ended = time.monotonic()
    return _p95([visit for visit in visits if ended - done.seconds < visit[0] < ended])


def _p95(visits: list[Visit]) -> float:
    """Of those that were served, which are nearly all."""
    seconds = [took for _, took, status in visits if status == 200]
    assert len(seconds) >= len(visits) - 2, f"of {len(visits)} visits only {len(seconds)} saw the page"
    return percentile(seconds, 0.95)


@contextmanager
def _slow_page(place: Place) -> Iterator[int]:
    """The page's own process; gives its port."""
    port = ports.pick(set())
    command = [sys.executable, "-m", "tests.load.slow_page", str(port)]

    def begin() -> None:
        dies_with_us()
        if place.cpu is not None:
            os.sched_setaffinity(0, {place.cpu})

    with subprocess.Popen(command, cwd=paths.ROOT, preexec_fn=begin, start_new_session=True) as page:
        try:
            assert wait.until(lambda: services.answers(f"http://127.0.0.1:{port}/healthz"), 30)
            Path(f"/proc/{page.pid}/autogroup").write_text(str(place.nice))  # below 0 it takes root
            yield port
        finally:
            page.terminate()


@contextmanager
def _visitors(port: int, rate: float) -> Iterator[list[Visit]]:
    """Visitors who come meanwhile; the list has their visits afterwards."""
    visits: list[Visit] = []
    command = [sys.executable, "-m", "tests.load.visitors", str(port), str(rate)]
    with subprocess.Popen(
        command, cwd=paths.ROOT, stdout=subprocess.PIPE, text=True, preexec_fn=dies_with_us
    ) as coming:
        try:
            yield visits
        finally:
            coming.terminate()
        assert coming.stdout
        visits += [tuple(visit) for visit in json.loads(coming.stdout.read())]
