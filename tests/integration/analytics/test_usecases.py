"""Analytics' use cases on PostgreSQL, called as any door may call them: no broker, no message."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.analytics import domain
from services.analytics.domain import ReportEvent
from services.analytics.errors import NothingCounted
from services.analytics.store.repository import Count
from services.analytics.usecases import recounting
from services.analytics.usecases.counting import Counting
from shared import ids
from shared.unit import Units
from tests.support import reports

from .counter import Counter


def happened(what: str, town: str = "gentilly", quiet: bool = False) -> ReportEvent:
    """An event of a report that a department has, unless it was just sent."""
    who = (None, None) if what == "submitted" else ("department", "voirie")
    return ReportEvent(
        town=town,
        id=ids.new_id(),
        happened=what,
        time="2026-11-22T10:30:00.000Z",
        kind="problem",
        category="voirie/nid-de-poule",
        submitted_at="2026-11-22T09:05:07.123Z",
        place=reports.POINT,
        target_kind=who[0],
        target=who[1],
        quiet=quiet,
    )


def count(counter: Counter, *events: ReportEvent) -> None:
    with Units(counter.pool).open() as unit:
        Counting().count(unit, events)


def test_each_event_counts_once_and_is_published_once(counter: Counter) -> None:
    routed = happened("routed")
    count(counter, happened("submitted"), routed)
    count(counter, routed)

    assert counter.rows("select happened, seconds, cell from fact order by sequence") == [
        {"happened": "submitted", "seconds": 5092, "cell": domain.cell(reports.POINT)},
        {"happened": "routed", "seconds": 5092, "cell": domain.cell(reports.POINT)},
    ]
    assert [told["data"]["happened"] for told in counter.told()] == ["submitted", "routed"]


def test_a_replay_is_counted_and_not_published(counter: Counter) -> None:
    count(counter, happened("routed"), happened("routed", quiet=True))

    assert sum(counter.tallied().values()) == 2
    assert len(counter.told()) == 1


def test_towns_are_numbered_apart(counter: Counter) -> None:
    count(counter, happened("submitted"), happened("submitted", "arcueil"), happened("submitted"))

    numbers = {t: [e["sequence"] for e in counter.told() if e["town"] == t] for t in ("gentilly", "arcueil")}
    first, second = map(int, numbers["gentilly"])
    assert second == first + 1
    assert len(numbers["arcueil"]) == 1


def test_a_unit_that_fails_leaves_no_count(counter: Counter) -> None:
    def fail() -> None:
        with Units(counter.pool).open() as unit:
            Counting().count(unit, [happened("submitted")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert not counter.tallied()
    assert not counter.told()


def test_counts_are_compared_with_the_facts_and_made_anew(counter: Counter) -> None:
    count(counter, happened("submitted"), happened("routed"), replace(happened("routed"), target="parcs"))
    counter.run("update tally set n = n + 1 where happened = 'submitted'")
    with Units(counter.pool).open() as unit:
        assert not recounting.counts(unit, "gentilly").equal_to_facts

    with Units(counter.pool).open() as unit:
        recounting.rebuild(unit, "gentilly")
    with Units(counter.pool).open() as unit:
        found = recounting.counts(unit, "gentilly")

    assert found.equal_to_facts
    assert found.happened == {"submitted": 1, "routed": 2}
    assert Count("routed", "department", "parcs", 1) in found.counts


def test_of_a_town_of_which_nothing_was_counted_nothing_is_made_anew(counter: Counter) -> None:
    count(counter, happened("submitted"))
    for use_case in (recounting.counts, recounting.rebuild):
        with pytest.raises(NothingCounted, match="gentily"), Units(counter.pool).open() as unit:
            use_case(unit, "gentily")
