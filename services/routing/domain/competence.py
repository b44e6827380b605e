"""Whose business is it: areas × category → the town, an authority, or unknown.

The most specific layer decides: `layers.inner` in their order, then the town's outline, then what lies around
it. Within a layer the smallest area comes first, then the slug in alphabetical order; within an area the
first rule that admits the category. An area whose rules do not admit it leaves the decision to the next.

Tie rule: borders belong to an area (`intersects`), so that a point on the border of two areas lies in both,
and the order above gives it to exactly one: to the town rather than to its neighbour, to the smaller of two
neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, radians
from typing import Any, Literal

import numpy
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from services.routing.domain.town import TOWN, Area, CompetenceRule, TownConfiguration, covers_category
from shared.l10n import Label

METRES_PER_DEGREE = 111_195.0
"""Of latitude, on a sphere of 6,371 km: within 0.3 % anywhere."""

Competent = Literal["town", "authority", "unknown"]
Cause = Literal["rule", "default", "outside_town", "place_needed"]


_NO_AREAS = ("Point", "MultiPoint", "GeometryCollection")
_IN_WORDS = {
    "Self-intersection": Label("son contour se croise ou se touche", "its outline crosses or touches itself"),
    "Ring Self-intersection": Label("un anneau se croise ou se touche", "a ring crosses or touches itself"),
    "Too few points in geometry component": Label(
        "un anneau a moins de trois coins", "a ring has fewer than three corners"
    ),
    "Hole lies outside shell": Label(
        "un anneau après le premier n'est pas dans le premier",
        "a ring after the first is not inside the first",
    ),
    "Holes are nested": Label("un trou est dans un autre trou", "a hole lies in another hole"),
    "Interior is disconnected": Label("ses trous le coupent en morceaux", "its holes cut it into pieces"),
    "Nested shells": Label("un de ses polygones est dans un autre", "one of its polygons lies in another"),
    "Duplicate Rings": Label("un anneau y est deux fois", "a ring is there twice"),
}
"""What GEOS finds wrong with a polygon, for who draws maps and does not know GEOS."""


class AreaError(ValueError):
    """The geometry cannot be an area; `said` says why."""

    def __init__(self, said: Label) -> None:
        super().__init__(said.en)
        self.said = said


@dataclass(frozen=True)
class Finding:
    """Who is competent and why. `inside` holds the slugs of all areas and layers that contain the place."""

    competent: Competent
    cause: Cause
    authority: str | None = None
    rule: CompetenceRule | None = None
    area: Area | None = None
    inside: frozenset[str] = field(default_factory=frozenset)


def polygon(geometry: Mapping[str, Any], width: float | None = None) -> BaseGeometry:
    """The area that GeoJSON describes; a line becomes a strip of `width` metres.

    Raises AreaError if it is no valid polygon, or a line without a width.
    """
    if geometry.get("type") in _NO_AREAS:
        kind = geometry["type"]
        raise AreaError(Label(f"un {kind} n'est pas un lieu", f"a {kind} is not an area"))
    try:
        built = shape(dict(geometry))
    except (
        shapely.errors.ShapelyError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
    ) as error:
        raise AreaError(Label("pas une géométrie GeoJSON", "not a GeoJSON geometry")) from error
    if built.geom_type in ("LineString", "MultiLineString"):
        built = _strip(built, width)
    if built.is_empty:
        kind = built.geom_type
        raise AreaError(Label(f"un {kind} vide n'est pas un lieu", f"an empty {kind} is not an area"))
    if not built.is_valid:
        raise AreaError(_invalid(shapely.is_valid_reason(built)))
    return built


def _invalid(reason: str) -> Label:
    """GEOS's reason, its place rounded to a metre, as GeoJSON writes it."""
    what, _, place = reason.partition("[")
    what = what.strip()
    numbers = ", ".join(f"{float(number):.5f}" for number in place.rstrip("]").split())
    words = _IN_WORDS.get(what)
    at = Label(f" en [{numbers}]", f" at [{numbers}]") if numbers else Label("", "")
    if words is None:
        return Label(f"{what}{at.fr}", f"{what}{at.en}")
    return Label(f"{words.fr}{at.fr}", f"{what}: {words.en}{at.en}")


def _strip(line: BaseGeometry, width: float | None) -> BaseGeometry:
    if not width or line.is_empty:
        raise AreaError(Label("une ligne a besoin d'une largeur en mètres", "a line needs a width in metres"))
    # Buffered in metres: a degree of longitude is shorter than one of latitude, and a strip must not be.
    scale = numpy.array([METRES_PER_DEGREE * cos(radians(line.centroid.y)), METRES_PER_DEGREE])
    metres = shapely.transform(line, lambda points: points * scale)
    return shapely.transform(metres.buffer(width / 2, quad_segs=2), lambda points: points / scale)


class Competence:
    """Look-ups for one configuration; the tree is built once. Raises AreaError."""

    def __init__(self, configuration: TownConfiguration) -> None:
        self._town = configuration.layers.town.slug
        self._inner = {layer.slug for layer in configuration.layers.inner}
        ranks = {layer.slug: rank for rank, layer in enumerate(configuration.layers.in_order())}
        sized = [(area, polygon(area.geometry, area.width)) for area in configuration.areas]
        sized.sort(key=lambda pair: (ranks[pair[0].layer], pair[1].area, pair[0].slug))
        self._areas = [area for area, _ in sized]
        self._tree = shapely.STRtree([geometry for _, geometry in sized])
        self._rules = [_rules_of(configuration.competence, area) for area in self._areas]
        self._found: dict[tuple[tuple[int, ...], str], Finding] = {}
        self._found_without_place: dict[str, Finding] = {}

    def at(self, longitude: float, latitude: float, category: str) -> Finding:
        """Who is competent there. WGS 84 degrees; any point on earth has exactly one answer."""
        hits = self._tree.query(shapely.Point(longitude, latitude), predicate="intersects")
        # Points that lie in the same areas share their answer; there are few such sets.
        key = tuple(sorted(hits.tolist())), category
        if key not in self._found:
            self._found[key] = self._decide(key[0], category)
        return self._found[key]

    def without_place(self, category: str) -> Finding:
        """Who is competent when the place is unknown but in the town: unknown where it would matter."""
        if category not in self._found_without_place:
            self._found_without_place[category] = self._decide_without_place(category)
        return self._found_without_place[category]

    def _decide_without_place(self, category: str) -> Finding:
        outline = [i for i, area in enumerate(self._areas) if area.layer == self._town]
        default = self._decide(outline, category)
        inner = (i for i, area in enumerate(self._areas) if area.layer in self._inner)
        for index in inner:
            rule = _first(self._rules[index], category)
            if rule and rule.competent != (default.authority or TOWN):
                return Finding("unknown", "place_needed", rule=rule, area=self._areas[index])
        return Finding(default.competent, default.cause, default.authority, default.rule)

    def _decide(self, hits: Sequence[int], category: str) -> Finding:
        areas = [self._areas[i] for i in hits]
        inside = frozenset(area.slug for area in areas) | frozenset(area.layer for area in areas)
        for index, area in zip(hits, areas, strict=True):
            rule = _first(self._rules[index], category)
            if rule:
                return _ruled(rule, area, inside)
            if area.layer == self._town:
                return Finding("town", "default", area=area, inside=inside)
        return Finding("unknown", "outside_town", inside=inside)


def _rules_of(rules: tuple[CompetenceRule, ...], area: Area) -> tuple[CompetenceRule, ...]:
    return tuple(rule for rule in rules if area.slug in rule.areas or area.layer in rule.areas)


def _first(rules: tuple[CompetenceRule, ...], category: str) -> CompetenceRule | None:
    return next((rule for rule in rules if covers_category(rule.categories, category)), None)


def _ruled(rule: CompetenceRule, area: Area, inside: frozenset[str]) -> Finding:
    if rule.competent == TOWN:
        return Finding("town", "rule", rule=rule, area=area, inside=inside)
    return Finding("authority", "rule", rule.competent, rule, area, inside)
