"""Whose business a place is: every point on earth has exactly one answer."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.competence import AreaError, Competence, polygon
from services.routing.domain.town import TOWN, Area, Authority, CompetenceRule, TownConfiguration
from tests.unit.routing.small_town import (
    AREAS,
    CENTRE,
    COMPETENCE,
    IN_EAST,
    IN_PARK,
    NOWHERE,
    ON_MOTORWAY,
    calm,
    changed_town,
    label,
    line,
    square,
    town,
)

COMPETENT = Competence(town())
CATEGORIES = ["voirie/trou", "voirie/panneau", "proprete/tag", "eau/fuite", "eau/autre", "bruit"]


@pytest.mark.parametrize(
    ("place", "category", "competent", "authority", "rule"),
    [
        (CENTRE, "voirie/trou", "town", None, None),
        (CENTRE, "eau/fuite", "authority", "regie", "C3"),
        (CENTRE, "eau/autre", "town", None, None),
        (ON_MOTORWAY, "voirie/trou", "authority", "dirif", "C1"),
        # The motorway's rule does not admit the category: the town's outline is next.
        (ON_MOTORWAY, "proprete/tag", "town", None, None),
        # The park is more specific than the town: its rule comes before the water company's.
        (IN_PARK, "eau/fuite", "town", None, "C2"),
        (IN_EAST, "voirie/trou", "authority", "est", "C4"),
        ((2.0, 48.035), "bruit", "authority", "nord", "C5"),
        # A motorway goes on outside the town.
        ((2.005, 47.995), "voirie/trou", "authority", "dirif", "C1"),
        ((2.005, 47.995), "bruit", "unknown", None, None),
        (NOWHERE, "voirie/trou", "unknown", None, None),
    ],
)
def test_the_most_specific_area_decides(
    place: tuple[float, float], category: str, competent: str, authority: str | None, rule: str | None
) -> None:
    found = COMPETENT.at(*place, category)
    assert (found.competent, found.authority, found.rule and found.rule.rule) == (competent, authority, rule)


def test_says_all_areas_and_layers_that_hold_the_place() -> None:
    assert COMPETENT.at(*IN_PARK, "bruit").inside == {"parc", "parcs", "ici", "commune"}


on_earth = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
near_town = st.tuples(st.floats(1.98, 2.06), st.floats(47.98, 48.08))


@calm
@given(st.one_of(on_earth, near_town), st.sampled_from(CATEGORIES))
def test_any_point_on_earth_has_exactly_one_answer(place: tuple[float, float], category: str) -> None:
    found = COMPETENT.at(*place, category)
    assert found == COMPETENT.at(*place, category)
    assert (found.competent == "authority") == (found.authority is not None)
    inside_town = shapely.Point(place).intersects(polygon(AREAS[0].geometry))
    assert found.competent != "unknown" or not inside_town


corners = st.sampled_from(
    [point for area in AREAS for point in shapely.get_coordinates(polygon(area.geometry, area.width))]
)


@calm
@given(corners, corners, st.floats(0, 1), st.sampled_from(CATEGORIES), st.randoms())
def test_a_border_point_belongs_to_one_area_whatever_their_order(
    start: Any, end: Any, share: float, category: str, shuffle: Any
) -> None:
    place = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
    areas = list(AREAS)
    shuffle.shuffle(areas)
    other = Competence(changed_town(areas=tuple(areas))).at(*place, category)
    assert other == COMPETENT.at(*place, category)


@pytest.mark.parametrize("latitude", [48.0, 48.005, 48.02])
def test_the_border_with_a_neighbour_is_the_towns(latitude: float) -> None:
    assert COMPETENT.at(2.02, latitude, "bruit").competent == "town"


def test_between_two_neighbours_the_smaller_one_has_the_border() -> None:
    found = COMPETENT.at(2.03, 48.02, "bruit")
    assert {"est", "au-nord"} <= found.inside
    assert found.authority == "est"


def _twins(order: tuple[str, ...]) -> TownConfiguration:
    areas = (AREAS[0], *(Area(slug, "parcs", label(slug), square(2.001, 48.001, 0.002)) for slug in order))
    rules = tuple(CompetenceRule(f"C{i}", label(slug), slug, (slug,)) for i, slug in enumerate(order))
    authorities = tuple(Authority(slug, label(slug)) for slug in order)
    return changed_town(areas=areas, competence=rules, authorities=authorities)


@pytest.mark.parametrize("order", list(permutations(("a", "b", "c"))))
def test_areas_of_the_same_size_go_by_their_slug(order: tuple[str, ...]) -> None:
    assert Competence(_twins(order)).at(2.002, 48.002, "bruit").authority == "a"


def test_within_an_area_the_first_rule_that_admits_the_category_decides() -> None:
    first = CompetenceRule("C0", label("tout"), "est", ("autoroutes",))
    found = Competence(changed_town(competence=(first, *COMPETENCE))).at(*ON_MOTORWAY, "voirie/trou")
    assert found.rule == first


@pytest.mark.parametrize("category", ["voirie", "voirie/trou-noir", "voiries/trou"])
def test_a_rule_on_a_category_admits_its_leaves_and_no_namesake(category: str) -> None:
    rules = (CompetenceRule("C1", label("x"), "dirif", ("commune",), ("voirie/trou",)),)
    assert Competence(changed_town(competence=rules)).at(*CENTRE, category).competent == "town"


@pytest.mark.parametrize(
    ("category", "competent", "authority", "cause"),
    [
        ("voirie/trou", "unknown", None, "place_needed"),  # on the motorway it is another's
        ("proprete/tag", "town", None, "default"),  # in the park too
        ("eau/fuite", "unknown", None, "place_needed"),  # in the park it is the town's
        ("bruit", "town", None, "default"),
    ],
)
def test_without_a_place_only_what_depends_on_it_is_unknown(
    category: str, competent: str, authority: str | None, cause: str
) -> None:
    found = COMPETENT.without_place(category)
    assert (found.competent, found.authority, found.cause) == (competent, authority, cause)


def test_without_a_place_a_category_that_is_one_authoritys_everywhere_goes_there() -> None:
    rules = tuple(rule for rule in COMPETENCE if rule.competent != TOWN)
    found = Competence(changed_town(competence=rules)).without_place("eau/fuite")
    assert (found.competent, found.authority) == ("authority", "regie")


def test_a_strip_is_as_wide_as_it_says() -> None:
    strip = polygon(line((2.0, 48.0), (2.0, 48.1)), width=100)
    west, _, east, _ = strip.bounds
    degree = 111_320 * 0.6691  # metres in a degree of longitude at 48°
    assert (east - west) * degree == pytest.approx(100, rel=0.01)


@pytest.mark.parametrize(
    ("geometry", "width", "says"),
    [
        ({}, None, "not a GeoJSON geometry"),
        ({"type": "Circle", "coordinates": [2, 48]}, None, "not a GeoJSON geometry"),
        ({"type": "Polygon", "coordinates": 5}, None, "not a GeoJSON geometry"),
        ({"type": "Polygon", "coordinates": [[[2, 48], [2, 49]]]}, None, "not a GeoJSON geometry"),
        ({"type": "Polygon", "coordinates": []}, None, "not an area"),
        ({"type": "Point", "coordinates": [2, 48]}, None, "Point is not an area"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, None, "Self-inter"),
        (line((2.0, 48.0), (2.0, 48.1)), None, "needs a width"),
    ],
)
def test_what_is_no_area_is_refused_with_the_reason(geometry: Any, width: float | None, says: str) -> None:
    with pytest.raises(AreaError, match=says):
        polygon(geometry, width)


def test_an_area_may_have_several_parts() -> None:
    parts = [square(2.001, 48.001, 0.001)["coordinates"], square(2.009, 48.009, 0.002)["coordinates"]]
    split = replace(AREAS[1], geometry={"type": "MultiPolygon", "coordinates": parts})
    competence = Competence(changed_town(areas=(AREAS[0], split)))
    assert "parc" in competence.at(*CENTRE, "bruit").inside
    assert "parc" not in competence.at(2.005, 48.005, "bruit").inside
