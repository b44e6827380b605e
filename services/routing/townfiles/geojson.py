"""What GeoJSON may hold and no town needs, left out with a word; and whether a geometry is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from marshmallow import Schema

from services.routing.townfiles.marked import Marked, Mistake, Place, did_you_mean, shown
from services.routing.townfiles.schemas import Feature, LayerFile, Properties
from shared.l10n.spoken import N_, words_of

_ = words_of("services.routing")

Position = list[Any]
Step = tuple[str, int]
"""What is said of a level of `coordinates` that is not right, and how many things it holds at least."""

_LINES: Step = (N_("{value} is no list of lines"), 1)
_RINGS: Step = (N_("{value} is no list of rings"), 1)
_POLYGONS: Step = (N_("{value} is no list of polygons"), 1)
_POSITIONS: Step = (N_("{value} is no list of positions"), 2)
_RING: Step = (N_("{value} is no list of positions, at least four, the last the same as the first"), 3)
LEVELS: Mapping[str, tuple[Step, ...]] = {
    "LineString": (_POSITIONS,),
    "MultiLineString": (_LINES, _POSITIONS),
    "Polygon": (_RINGS, _RING),
    "MultiPolygon": (_POLYGONS, _RINGS, _RING),
}
_NO_AREAS = ("Point", "MultiPoint", "GeometryCollection")
_GEOMETRY = ("type", "coordinates", "bbox")


def tidied(marked: Marked) -> tuple[Marked, list[Mistake]]:
    """A layer without other programs' columns and without heights, and a warning for each sort of them."""
    found = _Tidied(marked)
    return replace(marked, data=found.data), found.warnings()


class _Tidied:
    def __init__(self, marked: Marked) -> None:
        self._marked = marked
        self._strange: dict[str, Place] = {}
        self._high: list[Place] = []
        self.data = self._collection(marked.data)

    def warnings(self) -> list[Mistake]:
        return [*self._of_columns(), *self._of_heights()]

    def _of_columns(self) -> Iterator[Mistake]:
        for name, place in self._strange.items():
            close = get_close_matches(name, Properties().fields, 1)
            hint = did_you_mean(name, close) if close else _("no area needs it")
            yield self._marked.warning(place, _("'{name}' is left out", name=name), hint)

    def _of_heights(self) -> Iterator[Mistake]:
        if self._high:
            message = _("heights are left out ({number})", number=len(self._high))
            hint = _("a position is [longitude, latitude]")
            yield self._marked.warning(self._high[0], message, hint)

    def _collection(self, data: Any) -> Any:
        known = self._known(data, (), LayerFile())
        return self._changed(known, (), "features", self._features)

    def _features(self, features: Any, place: Place) -> Any:
        if not isinstance(features, list):
            return features
        return [self._feature(feature, (*place, index)) for index, feature in enumerate(features)]

    def _feature(self, feature: Any, place: Place) -> Any:
        known = self._known(feature, place, Feature())
        known = self._changed(known, place, "properties", lambda v, at: self._known(v, at, Properties()))
        return self._changed(known, place, "geometry", self._geometry)

    def _geometry(self, geometry: Any, place: Place) -> Any:
        if not isinstance(geometry, dict):
            return geometry
        self._note(place, [name for name in geometry if name not in _GEOMETRY])
        kept = {name: geometry[name] for name in ("type", "coordinates") if name in geometry}
        return self._changed(kept, place, "coordinates", self._flat)

    def _flat(self, coordinates: Any, place: Place) -> Any:
        if not isinstance(coordinates, list):
            return coordinates
        if len(coordinates) > 2 and not any(isinstance(item, list | dict | str) for item in coordinates):
            self._high.append(place)
            return coordinates[:2]
        return [self._flat(item, (*place, index)) for index, item in enumerate(coordinates)]

    def _known(self, data: Any, place: Place, schema: Schema) -> Any:
        """Without the members that the schema does not know, but for one that misspells what it requires."""
        if not isinstance(data, dict):
            return data
        missing = [name for name, field in schema.fields.items() if field.required and name not in data]
        strange = [n for n in data if n not in schema.fields and not get_close_matches(n, missing, 1)]
        self._note(place, strange)
        return {name: value for name, value in data.items() if name not in strange}

    def _note(self, place: Place, names: Sequence[str]) -> None:
        for name in names:
            self._strange.setdefault(name, (*place, name))

    def _changed(self, data: Any, place: Place, name: str, change: Callable[[Any, Place], Any]) -> Any:
        if not isinstance(data, dict) or name not in data:
            return data
        return {**data, name: change(data[name], (*place, name))}


def misshapen(marked: Marked, place: Place, geometry: Mapping[str, Any]) -> Mistake | None:
    """What is wrong with the form of a geometry, whatever its positions are; None where nothing is."""
    kind = geometry.get("type")
    if kind in _NO_AREAS:
        message = _("no valid area: a {kind} is not an area", kind=kind)
        return marked.mistake(place, message, _(AREA_HINT))
    if not isinstance(kind, str) or kind not in LEVELS:
        message = _("{value} is no type of geometry", value=shown(kind))
        missing = _("missing field '{name}'", name="type")
        hint = did_you_mean(kind, list(LEVELS)) if isinstance(kind, str) else ""
        hint = hint or _("one of: {known}", known=", ".join(LEVELS))
        return marked.mistake((*place, "type"), message if "type" in geometry else missing, hint)
    here = (*place, "coordinates")
    if "coordinates" not in geometry:
        return marked.mistake(here, _("missing field '{name}'", name="coordinates"), _(_FORM[kind]))
    return _broken(marked, here, geometry["coordinates"], LEVELS[kind], _(_FORM[kind]))


def _broken(marked: Marked, place: Place, value: Any, levels: tuple[Step, ...], form: str) -> Mistake | None:
    """The first list that is none, or is too short. What stands where positions should is looked at later."""
    if not levels:
        return (
            None
            if isinstance(value, list)
            else marked.mistake(place, _("{value} is no position", value=shown(value)), form)
        )
    (what, least), *inner = levels
    if not isinstance(value, list) or len(value) < least or not any(isinstance(i, list) for i in value):
        return marked.mistake(place, _(what, value=shown(value)), form)
    found = (_broken(marked, (*place, i), item, tuple(inner), form) for i, item in enumerate(value))
    return next((mistake for mistake in found if mistake), None)


def positions(coordinates: Any, place: Place, levels: int) -> Iterator[tuple[Place, Position]]:
    """The positions in `coordinates` that have the right form, each with its place."""
    if levels == 0:
        yield place, coordinates
        return
    for index, item in enumerate(coordinates):
        yield from positions(item, (*place, index), levels - 1)


AREA_HINT = N_("a Polygon whose rings close and do not cross, or a LineString with a width")
_FORM = {
    "LineString": N_("a LineString has [[longitude, latitude], …]"),
    "MultiLineString": N_("a MultiLineString has [[[longitude, latitude], …], …]"),
    "Polygon": N_("a Polygon has [[[longitude, latitude], …]]: a list of rings, the outer one first"),
    "MultiPolygon": N_("a MultiPolygon has [[[[longitude, latitude], …]], …]: a list of polygons"),
}
