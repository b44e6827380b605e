"""What analytics keeps and publishes names nobody, and places nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.analytics import domain
from shared.clock import rfc3339
from shared.contracts.envelope import Event
from tests.support import reports

from .counter import Counter, town_configured

CELL = domain.cell(reports.POINT)
LEAF, PARENT = "voirie/nid-de-poule", "voirie"


def _submitted(n: int, **changes: Any) -> list[Event]:
    return [reports.event("submitted", reports.report(**changes)) for _ in range(n)]


def _published(counter: Counter) -> list[tuple[str, str | None]]:
    return [(told["data"]["category"], told["data"]["cell"]) for told in counter.told()]


@pytest.mark.parametrize("size", [1, 500])
def test_nothing_kept_or_told_leads_to_a_person_or_a_place(counter: Counter, size: int) -> None:
    abouts = [reports.report() for _ in range(12)]
    events = [reports.event(kind, about) for about in abouts for kind in reports.EVERYTHING]
    counter.take([town_configured(), *events], size)
    kept = counter.dump()
    assert str(CELL) in kept
    for about in abouts:
        for telling in (about["id"], about["citizen_id"]):
            assert telling not in kept
    for telling in (*reports.TELLING, *(str(event.correlationid) for event in events)):
        assert telling not in kept


def test_what_is_told_leads_back_to_no_event(counter: Counter) -> None:
    events = reports.stories(20)
    counter.take(events)
    told = counter.dump("event", "outbox")
    for event in events:
        assert event.id not in told
        assert event.time not in told
    allowed = {"specversion", "datacontenttype", "id", "source", "type", "town", "time", "sequence", "data"}
    assert {name for t in counter.told() for name in t} == allowed


def test_the_eleventh_report_of_its_kind_and_place_is_told_with_its_place(counter: Counter) -> None:
    counter.take(_submitted(12), size=1)
    assert _published(counter) == [(PARENT, None)] * 10 + [(LEAF, CELL)] * 2


def test_a_batch_sees_its_own_reports(counter: Counter) -> None:
    counter.take(_submitted(11))
    assert _published(counter) == [(LEAF, CELL)] * 11


def test_other_categories_cells_and_towns_do_not_help(counter: Counter) -> None:
    counter.take(_submitted(10))
    counter.take(_submitted(5, category="voirie/trottoir"))
    counter.take(_submitted(5, place={"latitude": 48.8161, "longitude": 2.3391}))
    counter.take([reports.event("submitted", town="arcueil") for _ in range(5)])
    assert {cell for _, cell in _published(counter)} == {None}


def test_later_facts_of_reports_follow_the_same_rule_and_count_as_no_report(counter: Counter) -> None:
    counter.take(_submitted(10))
    counter.take([reports.event("routed") for _ in range(20)])
    counter.take(_submitted(1))
    counter.take([reports.event("resolved")])
    assert _published(counter) == [(PARENT, None)] * 30 + [(LEAF, CELL)] * 2


def test_reports_without_a_place_are_told_by_their_category_once_they_are_enough(counter: Counter) -> None:
    counter.take(_submitted(11, place=None), size=1)
    assert _published(counter) == [(PARENT, None)] * 10 + [(LEAF, None)]


def test_only_the_last_twelve_months_count(counter: Counter) -> None:
    def sent(days: int) -> str:
        return rfc3339(reports.SENT - timedelta(days=days))

    counter.take(_submitted(10, submitted_at=sent(365)))
    counter.take(_submitted(1))
    assert _published(counter)[-1] == (PARENT, None)
    counter.take(_submitted(9, submitted_at=sent(330)))
    counter.take(_submitted(1))
    assert _published(counter)[-1] == (LEAF, CELL)


def test_the_configuration_says_which_category_is_above(counter: Counter) -> None:
    counter.take(_submitted(1))
    counter.take([town_configured()])
    counter.take(_submitted(1))
    counter.take([town_configured(version=3, categories=[]), town_configured(version=2)])
    counter.take(_submitted(1))
    assert [category for category, _ in _published(counter)] == [PARENT, "trous", PARENT]


def test_a_town_that_nobody_configured_is_counted(counter: Counter) -> None:
    events = [reports.event(kind, town="nulle-part") for kind in reports.EVERYTHING]
    counter.take(events)
    assert sum(counter.tallied().values()) == len(events)
    assert {told["data"]["category"] for told in counter.told()} == {PARENT}
    assert not counter.rows("select 1 from retry union all select 1 from parked")
