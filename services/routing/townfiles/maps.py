"""Whether a town's areas are areas, and lie where the town lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any, TypeGuard

from services.routing.domain.competence import AreaError, polygon
from services.routing.townfiles.marked import Marked, Place, Problem

FAR = 0.5
"""Degrees from the town's centre beyond which an area cannot be meant."""


def check(files: Mapping[str, Marked]) -> Iterator[Problem]:
    centre = _centre(files)
    for name, marked in files.items():
        if name.startswith("areas/"):
            for place, feature in marked.items("features"):
                yield from _area(marked, place, feature, centre)
    yield from _outline(files, centre)


def _centre(files: Mapping[str, Marked]) -> tuple[float, float] | None:
    town = files.get("town.yaml")
    found = town.at(("centre",)) if town else None
    if not isinstance(found, dict):
        return None
    longitude, latitude = found.get("longitude"), found.get("latitude")
    return (longitude, latitude) if _number(longitude) and _number(latitude) else None


def _area(
    marked: Marked, place: Place, feature: Mapping[str, Any], centre: tuple[float, float] | None
) -> Iterator[Problem]:
    here = (*place, "geometry")
    geometry, width = feature.get("geometry"), marked.at((*place, "properties", "width"))
    if not isinstance(geometry, dict):
        return
    positions = list(_positions(geometry.get("coordinates"), (*here, "coordinates")))
    wrong = list(_off_the_map(marked, positions, centre))
    yield from wrong
    if not wrong:
        yield from _no_polygon(marked, here, geometry, width)


def _positions(coordinates: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    """Every [longitude, latitude] in nested lists of them."""
    if not isinstance(coordinates, list):
        return
    if coordinates and not any(isinstance(item, list) for item in coordinates):
        yield place, coordinates
    for index, item in enumerate(coordinates):
        yield from _positions(item, (*place, index))


def _off_the_map(
    marked: Marked, positions: list[tuple[Place, Any]], centre: tuple[float, float] | None
) -> Iterator[Problem]:
    for place, position in positions:
        message = _misplaced(position, centre)
        if message:
            yield marked.problem(place, message, "GeoJSON has [longitude, latitude], in degrees")
            return  # One line tells the whole area's mistake.


def _misplaced(position: Any, centre: tuple[float, float] | None) -> str:
    if len(position) != 2 or not all(_number(value) for value in position):
        return f"{position} is no position"
    longitude, latitude = position
    swapped = "; longitude and latitude look swapped" if centre and _near(latitude, longitude, centre) else ""
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        return f"{position} is not on earth{swapped}"
    if centre and not _near(longitude, latitude, centre):
        return f"{position} is far from the town{swapped}"
    return ""


def _number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _near(longitude: float, latitude: float, centre: tuple[float, float]) -> bool:
    return abs(longitude - centre[0]) <= FAR and abs(latitude - centre[1]) <= FAR


def _no_polygon(
    marked: Marked, place: Place, geometry: Mapping[str, Any], width: float | None
) -> Iterator[Problem]:
    try:
        polygon(geometry, width if _number(width) else None)
    except AreaError as error:
        hint = "a Polygon whose rings close and do not cross, or a LineString with a width"
        yield marked.problem(place, f"no valid area: {error}", hint)


def _outline(files: Mapping[str, Marked], centre: tuple[float, float] | None) -> Iterator[Problem]:
    competence, town = files.get("competence.yaml"), files.get("town.yaml")
    outline = files.get(f"areas/{competence.at(('layers', 'town', 'layer'))}.geojson") if competence else None
    if not (town and centre and outline):
        return
    geometries = [outline.at((*place, "geometry")) for place, _ in outline.items("features")]
    try:
        inside = any(polygon(geometry).intersects(_point(centre)) for geometry in geometries)
    except (AreaError, TypeError):
        return  # Told already.
    if not inside:
        message = f"the centre is outside the town's outline ({outline.file})"
        yield town.problem(("centre",), message, "correct one of the two")


def _point(position: tuple[float, float]) -> Any:
    # A tiny square rather than a point, so that shapely stays in one module.
    x, y = position
    ring = [[x, y], [x + 1e-7, y], [x + 1e-7, y + 1e-7], [x, y]]
    return polygon({"type": "Polygon", "coordinates": [ring]})
