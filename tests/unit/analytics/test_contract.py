"""What analytics reads and tells is what the contract says."""

from __future__ import annotations

import pytest
from marshmallow import ValidationError

from services.analytics import domain, events
from services.analytics.bus import consumers
from services.analytics.bus.fields import READS
from shared.contracts import registry
from shared.contracts.envelope import Event, decode
from shared.messaging import topology
from tests.contract.examples import example
from tests.support import reports


def test_takes_what_its_queue_is_bound_to() -> None:
    assert set(consumers.report_events().on) == set(topology.SUBSCRIPTIONS["analytics.events"])


@pytest.mark.parametrize("happened", reports.EVERYTHING)
def test_reads_the_same_as_the_contract(happened: str) -> None:
    event = reports.event(happened)
    read, whole = registry.read(event, READS[happened]), registry.read(event)
    for field in ("kind", "category", "submitted_at"):
        assert read["report"][field] == whole["report"][field]
    assert set(read["report"]["place"]) == {"latitude", "longitude"}
    assert set(read) <= set(whole)
    made, of_contract = (consumers.report_event(reports.message(event, data)) for data in (read, whole))
    assert made == of_contract


def test_reads_past_what_later_versions_add() -> None:
    event = reports.event("routed")
    event.data["report"]["place"] = {**event.data["report"]["place"], "floor": 3}
    event.data["report"]["mood"] = event.data["weather"] = "fine"
    assert registry.read(event, READS["routed"])["department"] == "voirie"


@pytest.mark.parametrize("happened", reports.EVERYTHING)
def test_tells_what_the_contract_allows_and_nothing_that_leads_back(happened: str) -> None:
    told = _told(happened)
    registry.check(told)
    assert decode(told.encode()) == told
    assert (told.subject, told.correlationid, told.causationid, told.traceparent) == (None,) * 4
    assert told.sequence == "0000000042"
    assert told.time == told.data["hour"] == "2026-11-22T09:00:00Z"


@pytest.mark.parametrize(
    ("happened", "outcome"),
    [
        ("resolved", "done"),
        ("declined", "not_planned"),
        ("withdrawn", "other"),
        ("rated", "unsatisfied"),
        ("reopened", None),
        ("routed", None),
    ],
)
def test_says_how_it_ended_why_it_was_withdrawn_and_how_it_was_rated(
    happened: str, outcome: str | None
) -> None:
    assert _told(happened).data.get("outcome") == outcome


def _told(happened: str) -> Event:
    event = reports.event(happened)
    fact = domain.fact(consumers.report_event(reports.message(event)))
    told = events.statistics_fact(fact, "b1b2b3b4", 42, *domain.published(fact, 11, {}))
    for telling in (*reports.TELLING, event.id, event.data["report"]["id"], str(event.correlationid)):
        assert telling not in told.encode().decode()
    return told


@pytest.mark.parametrize(
    ("category", "seen", "told", "coarsened"),
    [
        ("voirie/nid-de-poule", 11, "voirie/nid-de-poule", False),
        ("voirie/nid-de-poule", 10, "voirie", True),
        ("a/b/c", 0, "a/b", True),
        ("autre", 0, "autre", False),
    ],
)
def test_a_fact_says_when_its_category_is_the_one_above(
    category: str, seen: int, told: str, coarsened: bool
) -> None:
    event = reports.event("submitted", reports.report(category=category))
    fact = domain.fact(consumers.report_event(reports.message(event)))
    said = events.statistics_fact(fact, "b1", 1, *domain.published(fact, seen, {}))
    registry.check(said)
    assert (said.data["category"], said.data["coarsened"]) == (told, coarsened)


def test_the_coarsened_example_is_a_fact_without_a_cell() -> None:
    data = registry.read(example("statistics.fact.v1", "coarsened"))
    assert (data["coarsened"], data["cell"]) == (True, None)
    assert registry.read(example("statistics.fact.v1"))["coarsened"] is False


def test_a_cell_is_written_as_in_the_contracts_example() -> None:
    assert domain.cell((48.8130, 2.3420)) == example("statistics.fact.v1").data["cell"]


@pytest.mark.parametrize("cell", ["48.813,2.342", "48.812:2.34", "48.812:2.340\n", "cell-7", ""])
def test_no_other_form_of_a_cell_is_told(cell: str) -> None:
    told = example("statistics.fact.v1")
    told.data["cell"] = cell
    with pytest.raises(ValidationError):
        registry.check(told)


def test_cells_fit_the_contract_wherever_on_earth_they_lie() -> None:
    for latitude, longitude in [(-90.0, -180.0), (90.0, 180.0), (-21.1, 55.5), (0.0, 0.0)]:
        about = reports.report(place={"latitude": latitude, "longitude": longitude})
        event = reports.event("submitted", about)
        fact = domain.fact(consumers.report_event(reports.message(event)))
        registry.check(events.statistics_fact(fact, "b1", 1, fact.category, fact.cell))
