"""`make bench`: how fast a report goes the whole way, beside the same path in Celery, FastStream and nameko.

    python -m tests.load.bench [--quick] [--reports N] [--only vigie,floor] [--day] [--grow] [--pages]

Submission, stored, routed, told in the ledger, counted, published on the stream; mail sending is off. All
run on the same servers with the same durability: quorum queues, persistent messages, confirms, fsync.
The result is also in `.local/bench.json`.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from deploy.local import connections, paths
from shared import settings
from tests.load import asked as asked_for
from tests.load import grow, pages, results, words
from tests.load.contenders import ALL, VIGIE, candidates
from tests.load.latency import Latency, measure
from tests.load.saturation import Run, audit, run
from tests.load.world import Contender, World
from tests.support import ground
from tests.support.databases import Databases
from tests.support.ground import Ground

DAY_OF_FRANCE = 59_400  # reports, at Amsterdam's rate a head
STORED = (1_000, 10_000, 100_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured. `reports`: in one run of those that take batches; `of_peers`: of the others."""

    reports: int
    of_peers: int
    to_try: int
    rounds: int
    latencies: tuple[tuple[int, float], ...]  # reports a second, for so many seconds
    tune: bool = True

    def reports_of(self, name: str) -> int:
        """How many reports go through in one run of a contender."""
        return self.reports if name in ("vigie", "floor", "faststream_batched") else self.of_peers


FULL = Plan(reports=5_000, of_peers=500, to_try=150, rounds=3, latencies=((20, 25.0), (200, 15.0)))
QUICK = Plan(reports=2_000, of_peers=150, to_try=0, rounds=1, latencies=((20, 8.0),), tune=False)


class Bench:
    """The running servers, and a world for each contender."""

    def __init__(self, values: dict[str, str], folder: Path, stack: ExitStack) -> None:
        self.values = values
        self._databases = Databases(values)
        self._folder = folder
        self._stack = stack
        self._worlds: dict[str, World] = {}
        ground.sweep(values)
        self._databases.sweep()
        stack.callback(self._databases.close)

    def ground(self, name: str) -> Ground:
        """Ground of its own, without a world."""
        folder = self._folder / name
        folder.mkdir()
        made = Ground(self.values, self._databases, folder)
        return self._stack.enter_context(made)

    def world(self, name: str) -> World:
        """The contender's world, made when it is first asked for."""
        if name not in self._worlds:
            say(f"  ground for {name}")
            folder = self._folder / name
            folder.mkdir()
            made = World(Ground(self.values, self._databases, folder))
            self._worlds[name] = self._stack.enter_context(made)
        return self._worlds[name]

    def run(self, contender: Contender, reports: int, seed: int) -> Run:
        """One exact run."""
        found = run(contender, self.world(contender.name), reports, seed)
        say(f"  {contender!s:<60} {found.rate:8.1f} reports/s  {cpu(found)}  (load {found.load:.1f})")
        return found

    def latencies(self, plan: Plan) -> list[Latency]:
        """Vigie's latency at each rate of the plan."""
        world, found = self.world("vigie"), []
        for rate, seconds in plan.latencies:
            found.append(measure(VIGIE, world, rate, seconds, seed=900 + rate))
            audit(world)
            say(f"  {describe(found[-1])}")
        return found

    def tuned(self, name: str, plan: Plan) -> Contender:
        """The contender with the best of its settings."""
        tried = candidates(name)
        if len(tried) == 1 or not plan.tune:
            return tried[min(1, len(tried) - 1)]
        reports = plan.to_try * (plan.reports_of(name) // plan.of_peers)
        return max(
            (self.run(c, reports, 100 + i) for i, c in enumerate(tried)), key=lambda r: r.rate
        ).contender

    def compare(self, contenders: Iterable[Contender], plan: Plan) -> dict[str, list[Run]]:
        """So many interleaved runs of each."""
        chosen = list(contenders)
        found: dict[str, list[Run]] = {contender.name: [] for contender in chosen}
        for turn in range(plan.rounds):
            say(f"round {turn + 1} of {plan.rounds}")
            for contender in chosen:
                found[contender.name].append(self.run(contender, plan.reports_of(contender.name), turn))
        return found


def say(text: str) -> None:
    """One line of progress, at once."""
    print(text, flush=True)


def cpu(found: Run) -> str:
    """Processor time a report."""
    return "" if found.used.total is None else f"{1000 * found.used.total / found.reports:6.2f} ms CPU each"


def describe(found: Latency) -> str:
    """A latency in words."""
    return (
        f"at {found.rate}/s, submitted to routed: p50 {found.p50} ms, p99 {found.p99} ms "
        f"(receipt p50 {found.receipt_p50} ms, p99 {found.receipt_p99} ms; {found.reports} reports)"
    )


def comparison(bench: Bench, names: Sequence[str], plan: Plan) -> dict[str, Any]:
    """The table, the latencies, and all of it for the file."""
    latencies = []
    if "vigie" in names:
        say("latency of Vigie, offered at a steady rate")
        latencies = bench.latencies(plan)
    say("settings: the best of those tried is kept" if plan.tune else "settings: not tuned")
    chosen = [bench.tuned(name, plan) for name in names]
    runs = bench.compare(chosen, plan)
    say(f"\n{results.table(runs)}\n")
    for name, value in results.ratios(runs).items():
        say(f"{name}: {value:.2f}")
    for latency in latencies:
        say(describe(latency))
    say("mail sending off; medians; every run was exact to the last row and message")
    return results.document(runs, latencies, bench.values)


def day(bench: Bench) -> dict[str, Any]:
    """One day of all France, through Vigie."""
    found = bench.run(VIGIE, DAY_OF_FRANCE, seed=1)
    say(f"{found.reports} reports, a day of all France: {found.seconds:.1f} s, exactly once")
    return {
        "day_of_france": {"reports": found.reports, "seconds": round(found.seconds, 1), "load": found.load}
    }


def growth(bench: Bench) -> dict[str, Any]:
    """What a report costs with more and more of them stored."""
    world, found = bench.world("vigie"), []
    for turn, stored in enumerate(STORED):
        began = time.monotonic()
        grow.prefill(world, stored - world.sent)
        say(f"  {stored} reports stored ({time.monotonic() - began:.0f} s)")
        measured = bench.run(VIGIE, FULL.reports, seed=turn)
        spent = results.costs([measured])
        found.append({"stored": stored, "reports_per_second": round(measured.rate, 1), "cpu_ms": spent})
    return {"growth": found}


def slow_pages(bench: Bench, place: pages.Place) -> dict[str, Any]:
    """What slow pages and fast events cost each other."""
    found = pages.compare(bench.world("vigie"), place)
    for line in found.lines():
        say(line)
    return found.document()


def proposals() -> dict[str, Any]:
    """What a proposal of categories takes, and how often it is right."""
    found = words.measured()
    for name, value in found.items():
        say(f"{name:20} {value}")
    return {"proposals": found}


def pages_asked(bench: Bench) -> dict[str, Any]:
    """Citizens' pages and Open311's lists, with few and with many reports stored."""
    found: list[asked_for.Asked] = []
    for stored in (STORED[0], STORED[-1]):
        say(f"{stored} reports stored")
        for each in asked_for.measured(bench.ground(f"asked-{stored}"), stored):
            say(f"  {each.name:32} p95 {each.p95_ms:7.1f} ms, {each.rate:7.1f} a second")
            found.append(each)
    return {"asked": [asdict(each) for each in found]}


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one short run each, nothing tuned")
    parser.add_argument("--reports", type=int, metavar="N", help="in one run of those that take batches")
    parser.add_argument("--only", default=",".join(ALL), metavar="NAMES", help="of: " + ",".join(ALL))
    parser.add_argument(
        "--day", action="store_true", help=f"a day of all France ({DAY_OF_FRANCE} reports) instead"
    )
    parser.add_argument("--grow", action="store_true", help="cost with 1,000 to 1,000,000 stored, instead")
    parser.add_argument("--pages", action="store_true", help="slow pages beside fast events, instead")
    parser.add_argument(
        "--pages-nice", type=int, default=0, metavar="N", help="-8: the pages have six shares of processor"
    )
    parser.add_argument("--pages-cpu", type=int, metavar="N", help="the pages run on this processor alone")
    parser.add_argument("--words", action="store_true", help="proposals of categories for words, instead")
    parser.add_argument(
        "--asked",
        action="store_true",
        help="citizens' pages and Open311's lists, with up to 1,000,000 stored",
    )
    asked = parser.parse_args(argv)
    unknown = set(asked.only.split(",")) - set(ALL)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return asked


def plan_of(asked: argparse.Namespace) -> Plan:
    """How much is to be measured."""
    plan = QUICK if asked.quick else FULL
    return replace(plan, reports=asked.reports) if asked.reports else plan


def main() -> None:
    """Measure what was asked for, say it, write it down."""
    asked = arguments()
    settings.load_connections(paths.CONNECTIONS)
    values: Mapping[str, str] = connections.read(paths.CONNECTIONS)
    say(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; on the servers of `make servers`")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        bench = Bench(dict(values), Path(folder), stack)
        if asked.words:
            found = proposals()
        elif asked.asked:
            found = pages_asked(bench)
        elif asked.day:
            found = day(bench)
        elif asked.grow:
            found = growth(bench)
        elif asked.pages:
            found = slow_pages(bench, pages.Place(asked.pages_nice, asked.pages_cpu))
        else:
            found = comparison(bench, asked.only.split(","), plan_of(asked))
    results.write(found)
    say(f"also in {results.FILE.relative_to(paths.ROOT)}")


if __name__ == "__main__":
    main()
