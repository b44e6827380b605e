"""Gentilly as it is delivered, and its neighbour that must not touch it."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.routing.domain import Report, decide, from_document, to_document, to_event_data
from services.routing.domain.competence import polygon
from services.routing.domain.town import Authority, Department, TownConfiguration
from services.routing.townfiles import load, read_town
from shared.contracts.routing import TownConfiguredV1

TOWNS = Path(__file__).parents[3] / "deploy" / "towns"
GENTILLY = replace(load(TOWNS / "gentilly"), version=1)
EXEMPLE = replace(load(TOWNS / "exemple-sur-bievre"), version=1)
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
RUE_CHARLES_FREROT = (2.3420, 48.8130)


def _decide(
    category: str, place: tuple[float, float] | None, **answers: str
) -> tuple[str, str | None, str | None]:
    sent = Report("r1", "problem", category, NOON, place, answers)
    decision = decide(GENTILLY, sent, NOON)
    return decision.target_kind, decision.target, decision.rule


@pytest.mark.parametrize("town", ["gentilly", "exemple-sur-bievre"])
def test_the_delivered_towns_load_without_a_warning(town: str) -> None:
    assert [str(problem) for problem in read_town(TOWNS / town).mistakes] == []


@pytest.mark.parametrize("town", [GENTILLY, EXEMPLE], ids=["gentilly", "exemple"])
def test_the_delivered_towns_keep_to_the_contract(town: TownConfiguration) -> None:
    assert not TownConfiguredV1().validate(to_event_data(town, 1))
    assert from_document(json.loads(json.dumps(to_document(town))), 1) == town


def test_gentilly_has_forty_leaves_and_more_that_admit_problems() -> None:
    leaves = [leaf for leaf in GENTILLY.leaves() if leaf.active]
    assert len(leaves) >= 40
    assert all("problem" in leaf.kinds for leaf in leaves)
    assert GENTILLY.kinds == ("problem",)
    assert len({leaf.label.fr for leaf in leaves}) == len({leaf.label.en for leaf in leaves}) == len(leaves)


@pytest.mark.parametrize(
    ("category", "place", "target"),
    [
        ("voirie/nid-de-poule", RUE_CHARLES_FREROT, ("department", "voirie", "R12")),
        ("proprete/depot-sauvage", RUE_CHARLES_FREROT, ("department", "proprete", "R20")),
        ("eclairage/lampadaire-eteint", RUE_CHARLES_FREROT, ("department", "eclairage", "R23")),
        ("batiments/ecole", None, ("department", "batiments", "R24")),
        ("accueil/autre", None, ("department", "etat-civil-accueil", "R27")),
        ("proprete/graffiti", (2.3475, 48.8113), ("department", "espaces-verts", "R10")),
        # What is not the town's.
        ("dechets/bac-non-collecte", None, ("authority", "grand-orly-seine-bievre", "C10")),
        ("eau/fuite", None, ("authority", "eau-seine-bievre", "C11")),
        ("eau/odeur-egout", RUE_CHARLES_FREROT, ("authority", "grand-orly-seine-bievre", "C12")),
        ("reseaux/electricite", None, ("authority", "enedis", "C13")),
        ("proprete/graffiti", (2.3405, 48.8153), ("authority", "ratp", "C1")),
        ("voirie/nid-de-poule", (2.3364, 48.8130), ("authority", "dirif", "C2")),
        ("voirie/nid-de-poule", (2.3503, 48.8112), ("authority", "departement-94", "C5")),
        ("proprete/depot-sauvage", (2.3503, 48.8112), ("department", "proprete", "R20")),
        ("habitat/parties-communes", (2.3325, 48.8150), ("authority", "opaly", "C4")),
        # Around the town, and far away.
        ("voirie/nid-de-poule", (2.3420, 48.8250), ("authority", "paris", "C30")),
        ("accueil/autre", (2.3600, 48.8250), ("authority", "paris", "C30")),
        ("voirie/nid-de-poule", (2.3350, 48.8050), ("authority", "arcueil", "C31")),
        ("voirie/nid-de-poule", (2.3600, 48.8120), ("authority", "le-kremlin-bicetre", "C32")),
        ("voirie/nid-de-poule", (2.3180, 48.8150), ("authority", "montrouge", "C33")),
        ("voirie/nid-de-poule", (2.3600, 48.7900), ("authority", "villejuif", "C34")),
        ("voirie/nid-de-poule", (-73.98, 40.75), ("triage", None, None)),
        ("voirie/nid-de-poule", None, ("triage", None, None)),
    ],
)
def test_where_gentillys_reports_go(
    category: str, place: tuple[float, float] | None, target: tuple[str, str | None, str | None]
) -> None:
    assert _decide(category, place) == target


def test_a_danger_is_urgent_day_and_night() -> None:
    assert _decide("voirie/nid-de-poule", RUE_CHARLES_FREROT, danger="oui")[2] == "R3"
    assert _decide("eclairage/lampadaire-eteint", RUE_CHARLES_FREROT, danger="non")[2] == "R23"


@pytest.mark.parametrize("leaf", [leaf.slug for leaf in GENTILLY.leaves() if leaf.active])
def test_in_the_middle_of_town_every_leaf_has_somebody_at_any_hour(leaf: str) -> None:
    sent = Report("r1", "problem", leaf, NOON, RUE_CHARLES_FREROT)
    for hour in range(7 * 24):
        decision = decide(GENTILLY, sent, NOON + timedelta(hours=hour))
        assert decision.target_kind != "triage"
        assert decision.clocks.resolve_by is not None


def test_every_neighbour_and_department_has_a_use() -> None:
    assert {rule.department for rule in GENTILLY.rules} == {d.slug for d in GENTILLY.departments}
    used = {rule.competent for rule in GENTILLY.competence} - {"town"}
    assert {a.slug for a in GENTILLY.authorities} - used == {"sncf"}


def test_no_address_could_be_a_real_one() -> None:
    holders: list[Department | Authority] = []
    for town in (GENTILLY, EXEMPLE):
        holders += [*town.departments, *town.authorities]
    addresses = [
        GENTILLY.mail.sender,
        EXEMPLE.mail.sender,
        *(holder.email for holder in holders if holder.email),
    ]
    assert all(address.endswith("@example.org") for address in addresses)


def test_the_outlines_are_a_few_dozen_points() -> None:
    for area in (*GENTILLY.areas, *EXEMPLE.areas):
        points = area.geometry["coordinates"]
        assert len(points[0] if area.geometry["type"] == "Polygon" else points) <= 36


def test_the_two_towns_share_no_user_and_no_ground() -> None:
    assert not {tool.user for tool in GENTILLY.tools} & {tool.user for tool in EXEMPLE.tools}
    ours = [polygon(area.geometry, area.width) for area in GENTILLY.areas]
    theirs = [polygon(area.geometry, area.width) for area in EXEMPLE.areas]
    assert not any(one.intersects(other) for one in ours for other in theirs)


def test_a_decision_takes_a_small_part_of_a_millisecond() -> None:
    sent = [Report("r1", "problem", leaf.slug, NOON, RUE_CHARLES_FREROT) for leaf in GENTILLY.leaves()]
    for report in sent:
        decide(GENTILLY, report, NOON)
    began = time.process_time()
    for _ in range(20):
        for report in sent:
            decide(GENTILLY, report, NOON)
    # Measured 20 µs; a router that is built again for each report takes milliseconds.
    assert (time.process_time() - began) / (20 * len(sent)) < 500e-6
