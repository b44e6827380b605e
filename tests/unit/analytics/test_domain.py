"""What is counted, and what of it analysts may see."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.analytics import domain
from services.analytics.bus.consumers import report_event
from services.analytics.domain import Fact, Point
from shared.contracts import analytics as contract
from tests.support import reports

HOUR, DAY = 3600, 86_400
TREE = {
    "categories": [
        {"slug": "voirie", "children": [{"slug": "voirie/chaussee", "children": [{"slug": "voirie/trou"}]}]},
        {"slug": "arbres", "children": []},
    ]
}
KNOWN = domain.parents(TREE)

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)
places = st.tuples(latitudes, longitudes)
aware = st.datetimes(
    min_value=datetime(1970, 1, 1),
    max_value=datetime(2900, 1, 1),
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


def _fact(happened: str = "submitted", **changes: Any) -> Fact:
    made = reports.event(happened, **changes)
    return domain.fact(report_event(reports.message(made)))


@pytest.mark.parametrize(
    ("bound", "below", "at"),
    [
        (HOUR, "<1h", "<4h"),
        (4 * HOUR, "<4h", "<1d"),
        (DAY, "<1d", "<2d"),
        (2 * DAY, "<2d", "<5d"),
        (5 * DAY, "<5d", "<10d"),
        (10 * DAY, "<10d", "<30d"),
        (30 * DAY, "<30d", "more"),
    ],
)
def test_a_bound_belongs_to_the_next_class(bound: int, below: str, at: str) -> None:
    assert domain.delay_class(bound - 1) == below
    assert domain.delay_class(bound) == at
    just_before = timedelta(seconds=bound, milliseconds=-1)
    assert _fact("routed", after=just_before).delay == below
    assert _fact("routed", after=timedelta(seconds=bound)).delay == at


@given(st.lists(st.integers(-(10**9), 10**9), min_size=2, max_size=2).map(sorted))
def test_longer_is_never_a_shorter_class(delays: list[int]) -> None:
    shorter, longer = (contract.DELAYS.index(domain.delay_class(seconds)) for seconds in delays)
    assert shorter <= longer


def test_what_happened_is_the_contracts() -> None:
    assert set(domain.HAPPENED.values()) <= set(contract.HAPPENED)


def test_what_happened_before_it_was_sent_took_no_time() -> None:
    fact = _fact("routed", after=timedelta(seconds=-90))
    assert (fact.seconds, fact.delay) == (0, "<1h")


@given(aware)
def test_the_hour_holds_the_moment_and_nothing_finer(moment: datetime) -> None:
    text = domain.hour(moment)
    hour = datetime.fromisoformat(text)
    assert hour <= moment < hour + timedelta(hours=1)
    assert (hour.minute, hour.second, hour.microsecond, hour.tzinfo) == (0, 0, 0, UTC)
    assert text.endswith(":00:00Z")


def _corner(place: Point) -> tuple[float, float]:
    cell = domain.cell(place)
    assert cell is not None
    south, west = cell.split(":")
    return float(south), float(west)


@given(places)
def test_a_cell_holds_its_place_and_is_200_m_wide_at_the_least(place: Point) -> None:
    south, west = _corner(place)
    width = domain._width(round(south * 1e6)) / 1e6
    assert -1e-6 <= place[0] - south < 0.002 + 1e-6
    assert -1e-6 <= place[1] - west < width + 1e-6
    ring = math.cos(math.radians(south)) * 111_195
    assert width == 360 or width * ring >= 199.9
    assert width == 360 or width * ring < 200 + ring / 1000 + 0.1


@given(places)
def test_the_corner_of_a_cell_lies_in_it(place: Point) -> None:
    south, west = _corner(place)
    corner = (max(-90.0, south), max(-180.0, west))
    assert domain.cell(corner) == domain.cell(place) or west < -180


@given(places)
def test_a_cell_says_no_more_than_the_grid(place: Point) -> None:
    cell = domain.cell(place)
    assert cell is not None
    south, west = (round(float(part) * 1000) for part in cell.split(":"))
    assert south % 2 == 0
    assert west % (domain._width(south * 1000) // 1000) == 0


def test_the_cells_of_gentilly() -> None:
    assert domain.cell((48.8130, 2.3420)) == "48.812:2.340"
    assert domain.cell((48.8139, 2.34299)) == "48.812:2.340"
    assert domain.cell((48.8141, 2.3431)) == "48.814:2.343"
    assert domain.cell((48.8130, -0.0001)) == "48.812:-0.003"
    assert domain.cell(None) is None


@given(
    seen=st.integers(0, 10_000),
    place=st.none() | places,
    category=st.sampled_from(["voirie/trou", "voirie/chaussee", "voirie", "arbres", "autre/rare", "autre"]),
)
def test_fewer_than_eleven_are_not_told_apart(seen: int, place: Point | None, category: str) -> None:
    where = place and {"latitude": place[0], "longitude": place[1]}
    fact = _fact(about=reports.report(place=where, category=category))
    above = {"voirie/trou": "voirie/chaussee", "voirie/chaussee": "voirie", "autre/rare": "autre"}
    expected = (category, fact.cell) if seen >= 11 else (above.get(category, category), None)
    assert domain.published(fact, seen, KNOWN) == expected


def test_the_category_above_is_the_configurations_then_the_paths() -> None:
    assert domain.parent("voirie/trou", KNOWN) == "voirie/chaussee"
    assert domain.parent("voirie/trou", {}) == "voirie"
    assert domain.parent("a/b/c", {}) == "a/b"
    assert domain.parent("arbres", KNOWN) == domain.parent("arbres", {}) == "arbres"


@pytest.mark.parametrize(
    ("happened", "target"),
    [
        ("submitted", (None, None)),
        ("routed", ("department", "voirie")),
        ("forwarded", ("authority", "ratp")),
        ("triaged", ("triage", None)),
        ("acknowledged", ("department", "voirie")),
        ("planned", ("department", "voirie")),
        ("resolved", ("department", "voirie")),
        ("declined", ("department", "voirie")),
        ("overdue", ("department", "voirie")),
    ],
)
def test_who_had_the_report(happened: str, target: tuple[str | None, str | None]) -> None:
    fact = _fact(happened)
    assert (fact.target_kind, fact.target) == target
    assert fact.happened == happened


def test_overdue_in_triage_has_no_target() -> None:
    fact = _fact("overdue", target={"kind": "triage", "id": None})
    assert (fact.target_kind, fact.target) == ("triage", None)


@pytest.mark.parametrize("happened", reports.EVERYTHING)
def test_a_fact_keeps_nothing_of_person_text_or_place(happened: str) -> None:
    about = reports.report()
    kept = repr(_fact(happened, about=about))
    for telling in (*reports.TELLING, about["id"], about["citizen_id"]):
        assert telling not in kept


def test_the_locality_counts_reports_without_a_place_too() -> None:
    fact = _fact(about=reports.report(place=None))
    assert fact.locality == ("gentilly", "", "voirie/nid-de-poule", "2026-11-01")
