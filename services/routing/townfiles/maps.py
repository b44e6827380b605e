"""Whether a town's areas are areas, and lie where the town lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any, TypeGuard

from services.routing.domain.competence import AreaError, polygon
from services.routing.townfiles import geojson
from services.routing.townfiles.marked import Marked, Mistake, Place, shown
from shared.l10n.spoken import spoken, words_of

_ = words_of("services.routing")

Position = tuple[float, float]
"""Longitude and latitude."""

FAR = 0.5
"""Degrees from the town's centre beyond which an area cannot be meant."""


def check(files: Mapping[str, Marked]) -> Iterator[Mistake]:
    centre = _centre(files)
    if centre and _elsewhere(files, centre):
        yield _wrong_centre(files, centre)
        return
    found = [
        mistake for name in files if name.startswith("areas/") for mistake in _layer(files[name], centre)
    ]
    yield from found
    yield from _outline(files, centre, {mistake.file for mistake in found})


def _layer(marked: Marked, centre: Position | None) -> Iterator[Mistake]:
    for place, feature in marked.items("features"):
        yield from _area(marked, place, feature, centre)


def _centre(files: Mapping[str, Marked]) -> Position | None:
    town = files.get("town.yaml")
    found = town.at(("centre",)) if town else None
    if not isinstance(found, dict) or set(found) != {"latitude", "longitude"}:
        return None
    longitude, latitude = found["longitude"], found["latitude"]
    return (longitude, latitude) if _number(longitude) and _number(latitude) else None


def _elsewhere(files: Mapping[str, Marked], centre: Position) -> bool:
    """Whether all areas are on earth and none is near the centre: then the centre is the mistake."""
    found = [
        position
        for name, marked in files.items()
        if name.startswith("areas/")
        for _, position in _positions(marked.at(("features",)), ())
    ]
    return bool(found) and all(
        _on_earth(position) and not _near(position[0], position[1], centre) for position in found
    )


def _wrong_centre(files: Mapping[str, Marked], centre: Position) -> Mistake:
    town, (longitude, latitude) = files["town.yaml"], centre
    message = _(
        "the centre (latitude {latitude}, longitude {longitude}) is far from every area",
        latitude=latitude,
        longitude=longitude,
    )
    hint = _("correct it; or the areas, if their positions are not [longitude, latitude]")
    return town.mistake(("centre",), message, hint)


def _area(
    marked: Marked, place: Place, feature: Mapping[str, Any], centre: Position | None
) -> Iterator[Mistake]:
    here = (*place, "geometry")
    geometry, width = feature.get("geometry"), marked.at((*place, "properties", "width"))
    if not isinstance(geometry, dict):
        return
    wrong = geojson.misshapen(marked, here, geometry) or _off_the_map(marked, here, geometry, centre)
    if wrong:
        yield wrong
    elif width is None or (_number(width) and width >= 1):
        yield from _no_polygon(marked, here, geometry, width)


def _positions(coordinates: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    """Every [longitude, latitude] in nested lists of them, or in features that hold such lists."""
    if isinstance(coordinates, dict):
        inner = coordinates.get("geometry", coordinates.get("coordinates"))
        yield from _positions(inner, place)
    if not isinstance(coordinates, list):
        return
    if coordinates and not any(isinstance(item, list | dict) for item in coordinates):
        yield place, coordinates
    for index, item in enumerate(coordinates):
        yield from _positions(item, (*place, index))


def _off_the_map(
    marked: Marked, here: Place, geometry: Mapping[str, Any], centre: Position | None
) -> Mistake | None:
    """The first position that is none, or lies elsewhere: one line tells the whole area's mistake."""
    depth = len(geojson.LEVELS[geometry["type"]])
    for place, position in geojson.positions(geometry["coordinates"], (*here, "coordinates"), depth):
        message = _misplaced(position, centre)
        if message:
            hint = _("GeoJSON has [longitude, latitude], in degrees (WGS 84)")
            return marked.mistake(place, message, hint)
    return None


def _misplaced(position: Any, centre: Position | None) -> str:
    if not _is_position(position):
        return _("{value} is no position", value=shown(position))
    longitude, latitude = position
    if not _on_earth(position):
        where = _("{value} is not on earth", value=shown(position))
    elif centre and not _near(longitude, latitude, centre):
        where = _("{value} is far from the town", value=shown(position))
    else:
        return ""
    swapped = centre and _near(latitude, longitude, centre)
    return _("{where}; longitude and latitude look swapped", where=where) if swapped else where


def _is_position(position: Any) -> bool:
    return len(position) == 2 and all(_number(value) for value in position)


def _on_earth(position: Any) -> bool:
    return _is_position(position) and -180 <= position[0] <= 180 and -90 <= position[1] <= 90


def _number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _near(longitude: float, latitude: float, centre: Position) -> bool:
    return abs(longitude - centre[0]) <= FAR and abs(latitude - centre[1]) <= FAR


def _no_polygon(
    marked: Marked, place: Place, geometry: Mapping[str, Any], width: float | None
) -> Iterator[Mistake]:
    try:
        polygon(geometry, width)
    except AreaError as error:
        message = _("no valid area: {reason}", reason=error.said.in_language(spoken()))
        yield marked.mistake(place, message, _(geojson.AREA_HINT))


def _outline(files: Mapping[str, Marked], centre: Position | None, wrong: set[str]) -> Iterator[Mistake]:
    competence, town = files.get("competence.yaml"), files.get("town.yaml")
    outline = files.get(f"areas/{competence.at(('layers', 'town', 'layer'))}.geojson") if competence else None
    if not (town and centre and outline) or outline.file in wrong:
        return
    found = [feature.get("geometry") for _, feature in outline.items("features")]
    geometries = [geometry for geometry in found if isinstance(geometry, dict)]
    if not geometries or len(geometries) < len(found):
        return
    try:
        inside = any(polygon(geometry).intersects(_point(centre)) for geometry in geometries)
    except AreaError:
        return  # Told already.
    if not inside:
        message = _("the centre is outside the town's outline ({file})", file=outline.file)
        yield town.mistake(("centre",), message, _("correct one of the two"))


def _point(position: Position) -> Any:
    # A tiny square rather than a point, so that shapely stays in one module.
    x, y = position
    ring = [[x, y], [x + 1e-7, y], [x + 1e-7, y + 1e-7], [x, y]]
    return polygon({"type": "Polygon", "coordinates": [ring]})
