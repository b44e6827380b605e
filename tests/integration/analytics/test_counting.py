"""Every fact is counted once, whatever comes again, in whatever order, and however many count at once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from services.analytics import domain
from services.analytics.store import repository
from shared import clock, contracts
from shared.contracts.envelope import Event, decode
from tests.support import reports

from .counter import OWN, Counter, delivery, expected

KINDS = reports.EVERYTHING
EXAMPLES = Path(contracts.__file__).parent / "examples"


def test_counts_what_happened(counter: Counter) -> None:
    about = reports.report()
    hours = [timedelta(hours=3 * n) for n in range(len(KINDS))]
    events = [reports.event(kind, about, after=after) for kind, after in zip(KINDS, hours, strict=True)]
    counter.take(events)
    assert counter.tallied() == expected(events)
    facts = counter.rows("select * from fact order by sequence")
    assert [f["happened"] for f in facts] == list(KINDS)
    assert [f["seconds"] for f in facts] == [int(h.total_seconds()) for h in hours]
    assert {f["cell"] for f in facts} == {domain.cell(reports.POINT)}
    assert [f["event_id"] for f in facts] == [e.id for e in events]


def test_facts_that_are_alike_add_up_within_batches_and_between_them(counter: Counter) -> None:
    about = reports.report()
    alike = [reports.event("routed", about, after=timedelta(minutes=n % 50)) for n in range(90)]
    counter.take([*alike, *(reports.event("submitted") for _ in range(30))], size=40)
    rows = counter.rows("select happened, n, seconds from tally order by happened")
    minutes = sum(n % 50 for n in range(90))
    assert rows == [
        {"happened": "routed", "n": 90, "seconds": 60 * minutes},
        {"happened": "submitted", "n": 30, "seconds": 0},
    ]
    assert counter.rows("select n from cell_month") == [{"n": 30}]
    _agree(counter)


def test_tells_each_fact_in_order_under_its_own_number(counter: Counter) -> None:
    counter.take(reports.stories(40), size=25)
    told = counter.told()
    facts = counter.rows("select id::text, sequence, happened, hour from fact order by sequence")
    assert [(t["id"], int(t["sequence"])) for t in told] == [(f["id"], f["sequence"]) for f in facts]
    first = int(told[0]["sequence"])
    assert [int(t["sequence"]) for t in told] == list(range(first, first + len(told)))
    assert [t["data"]["happened"] for t in told] == [f["happened"] for f in facts]
    routes = counter.rows("select distinct exchange, routing_key from outbox")
    assert routes == [{"exchange": "statistics", "routing_key": "gentilly"}]


@pytest.mark.parametrize("seed", range(3))
def test_again_in_any_order_and_in_other_batches_changes_nothing(counter: Counter, seed: int) -> None:
    events = reports.stories(60, seed)
    chance = random.Random(seed)
    again = [*events, *events, *chance.choices(events, k=50)]
    chance.shuffle(again)
    counter.take(again, size=chance.choice([1, 7, 90, 500]))
    chance.shuffle(again)
    counter.take(again)
    assert counter.tallied() == expected(events)
    assert len(counter.told()) == len(events)
    _agree(counter)


def test_an_event_said_again_after_its_inbox_row_is_gone_counts_once(counter: Counter) -> None:
    events = reports.stories(20)
    counter.take(events)
    counter.run("delete from inbox")
    late = reports.stories(5, seed=9)
    counter.take([*events, *late])
    assert counter.tallied() == expected([*events, *late])
    assert len(counter.told()) == len(events) + len(late)
    _agree(counter)


def test_several_replicas_at_once_count_each_once(counter: Counter) -> None:
    towns = ("arcueil", "gentilly", "kremlin-bicetre")
    events = [event for town in towns for event in reports.stories(80, seed=3, town=town)]
    with _replicas(counter.url, 3) as replicas, ThreadPoolExecutor(len(replicas)) as threads:
        work = [threads.submit(r.take, _shuffled(events, n), 60) for n, r in enumerate(replicas)]
        for done in work:
            done.result(timeout=120)
    assert counter.tallied() == expected(events)
    _agree(counter)
    for town in towns:
        numbers = [int(t["sequence"]) for t in counter.told() if t["town"] == town]
        in_order = list(range(numbers[0], numbers[0] + len(numbers)))
        assert numbers == in_order, "published in the order of the numbers"


def test_after_its_database_was_lost_the_numbers_go_on_above_those_published(counter: Counter) -> None:
    begun = int(clock.now().timestamp()) - 7200
    counter.run("insert into fact_sequence values ('gentilly', %s)", begun)
    counter.take(reports.stories(20))
    published = [int(t["sequence"]) for t in counter.told()]
    counter.run("truncate fact, tally, cell_month, fact_sequence, event, outbox, inbox")
    counter.take(reports.stories(20, seed=2), size=5)
    again = [int(t["sequence"]) for t in counter.told()]
    assert max(published) < min(again)
    assert again == sorted(set(again))
    assert all(len(t["sequence"]) == 10 for t in counter.told())


def _shuffled(events: list[Event], seed: int) -> list[Event]:
    return random.Random(seed).sample(events, len(events))


@contextmanager
def _replicas(url: str, n: int) -> Iterator[list[Counter]]:
    made = [Counter(url) for _ in range(n)]
    yield made
    for each in made:
        each.close()


def test_a_batch_that_fails_leaves_nothing_behind(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    events = reports.stories(10)
    counter.take(events[:5])
    before = counter.dump(*OWN, "outbox")

    def fails(*_: object) -> None:
        raise KeyError("after everything was written")

    monkeypatch.setattr(domain, "published", fails)
    counter.take(events[5:])
    assert counter.dump(*OWN, "outbox") == before
    assert len(counter.rows("select 1 from retry")) == len(events) - 5


def test_what_cannot_be_read_is_parked_and_its_neighbours_are_counted(counter: Counter) -> None:
    good = reports.stories(3)
    bad = reports.event("routed")
    del bad.data["department"]
    counter.take([good[0], bad, *good[1:]])
    assert counter.tallied() == expected(good)
    (parked,) = counter.rows("select cause from parked")
    assert parked["cause"] == "unreadable: /data/department"


def test_a_redelivery_beside_its_first_delivery_counts_once(counter: Counter) -> None:
    event = reports.event("submitted")
    counter.processor.process([delivery(event), delivery(event)])
    counter.processor.process([delivery(event)])
    assert sum(counter.tallied().values()) == 1


def _agree(counter: Counter) -> None:
    """Tallies and cells are what a recount of the facts gives."""
    recount = counter.rows(
        "select town, hour, kind, category, coalesce(target_kind, '') as target_kind,"
        " coalesce(target, '') as target, happened, delay, count(*) as n, sum(seconds)::bigint as seconds"
        " from fact group by 1, 2, 3, 4, 5, 6, 7, 8 order by 1, 2, 3, 4, 5, 6, 7, 8"
    )
    assert counter.rows("select * from tally order by 1, 2, 3, 4, 5, 6, 7, 8") == recount
    cells = counter.rows("select coalesce(sum(n), 0)::int n from cell_month")
    assert cells == counter.rows("select count(*)::int n from fact where happened = 'submitted'")


def test_counting_looks_at_no_more_than_it_must_however_much_is_stored(counter: Counter) -> None:
    """No statement of a batch reads a whole table."""
    _store_much(counter)
    events = reports.stories(30)
    counter.take(events[:40], size=10)
    before = _scans(counter)
    counter.take(events[40:], size=10)
    assert _scans(counter) == before


def _store_much(counter: Counter) -> None:
    counter.run(
        "insert into fact select 'gentilly', -n, gen_random_uuid(), 'old-' || n, 'problem', 'voirie',"
        " null, null, 'submitted', timestamptz '2026-01-01' + n * interval '10 minutes', '<1h', 0,"
        " 'cell-' || mod(n, 200) from generate_series(1, 20000) n"
    )
    counter.run("insert into fact_sequence values ('gentilly', 1)")
    with counter.pool.connection() as conn:
        assert repository.rebuild(conn, "gentilly")
    counter.run("analyze")


def _scans(counter: Counter) -> list[dict[str, int]]:
    counter.run("select pg_stat_force_next_flush()")
    return counter.rows(
        "select relname, seq_scan from pg_stat_user_tables"
        " where relname in ('fact', 'tally', 'cell_month') order by relname"
    )


def test_reports_how_many_events_of_a_report_were_counted(counter: Counter) -> None:
    about = reports.report()
    events = [reports.event(kind, about) for kind in ("submitted", "routed", "acknowledged")]
    counter.take(events[:2])
    with counter.pool.connection() as conn:
        ids = [event.id for event in events]
        assert repository.report_facts(conn, "gentilly", ids) == {"counted": 2}
        assert repository.report_facts(conn, "arcueil", ids) == {"counted": 0}
        assert repository.report_facts(conn, "gentilly", []) == {"counted": 0}


def test_counts_every_golden_example(counter: Counter) -> None:
    """What the contract shows as an event of a report is taken as it stands."""
    folders = [EXAMPLES / type_ for type_ in domain.HAPPENED]
    events = [decode(file.read_bytes()) for folder in folders for file in folder.iterdir()]
    assert len(events) >= len(folders)
    counter.take(events)
    assert counter.tallied() == expected(events)
