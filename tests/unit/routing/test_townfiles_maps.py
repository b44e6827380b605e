"""Whatever a drawing program puts into a layer is taken, left out with a warning, or told in plain words."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.townfiles import geojson, load, maps, read_town
from services.routing.townfiles.marked import Marked
from tests.unit.routing.small_town import calm
from tests.unit.routing.town_folder import TOWNS, edit, errors

OUTLINE, ROUTES = "areas/commune.geojson", "areas/routes.geojson"
PYTHON = ("NoneType", "object", "attribute", "'list'", "int(", "float", "tuple", "None", "True", "Traceback")


def _geometry(folder: Path, file: str, value: Any) -> None:
    """Put `value` in the place of the first geometry."""
    layer = json.loads((folder / file).read_text())
    layer["features"][0]["geometry"] = value
    (folder / file).write_text(json.dumps(layer, indent=1))


@pytest.mark.parametrize("file", [OUTLINE, ROUTES])
@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "features[0].geometry: has no value; expected: a GeoJSON geometry"),
        ([[2.2, 48.75]], "features[0].geometry: should be a mapping; expected: a GeoJSON geometry"),
        ("Polygon", "features[0].geometry: should be a mapping; expected: a GeoJSON geometry"),
        (12.5, "features[0].geometry: should be a mapping; expected: a GeoJSON geometry"),
        (True, "features[0].geometry: should be a mapping; expected: a GeoJSON geometry"),
        ({}, "missing field 'type'; one of: LineString, MultiLineString, Polygon, MultiPolygon"),
        ({"type": None, "coordinates": []}, "null is no type of geometry; one of: LineString, MultiLineS"),
        ({"type": ["Polygon"]}, "['Polygon'] is no type of geometry; one of: LineString, MultiLineString"),
        ({"type": "Polygone"}, "'Polygone' is no type of geometry; did you mean 'Polygon'?"),
        ({"type": "Polygon"}, "missing field 'coordinates'; a Polygon has [[[longitude, latitude], …]]"),
    ],
)
def test_what_is_no_geometry_is_told_in_words(folder: Path, file: str, value: Any, says: str) -> None:
    _geometry(folder, file, value)
    [told] = errors(folder)
    assert says in told
    assert told.startswith(f"{file}:")


@pytest.mark.parametrize(
    ("kind", "coordinates", "says"),
    [
        ("Polygon", None, "null is no list of rings; a Polygon has [[["),
        ("Polygon", "2.2 48.75", "'2.2 48.75' is no list of rings"),
        ("Polygon", 7, "7 is no list of rings"),
        ("Polygon", {}, "{} is no list of rings"),
        ("Polygon", [], "[] is no list of rings"),
        ("Polygon", [2.2, 48.75], "[2.2, 48.75] is no list of rings"),
        ("Polygon", [[2.19, 48.75], [2.2, 48.76]], "[2.19, 48.75] is no list of positions, at least four"),
        ("Polygon", [[[2.19, 48.75], [2.2, 48.76]]], "is no list of positions, at least four, the last"),
        ("Polygon", [[[2.19, 48.75], None, [2.2, 48.76]]], "null is no position"),
        ("Polygon", [[[2.19, 48.75], "x", [2.2, 48.76]]], "'x' is no position"),
        ("Polygon", [[[2.19, 48.75], [2.2, None], [2.2, 48.76]]], "[2.2, null] is no position"),
        ("Polygon", [[[2.19, 48.75], [2.2, True], [2.2, 48.76]]], "[2.2, true] is no position"),
        ("Polygon", [[[2.19, 48.75], [], [2.2, 48.76]]], "[] is no position"),
        ("Polygon", [[[2.19, 48.75], [[2.2, 48.76]], [2.2, 48.76]]], "[[2.2, 48.76]] is no position"),
        ("Polygon", [[[2.19, 48.75], [2.2, 48.75], [2.19, 48.75]]], "a ring has fewer than three corners at"),
        ("MultiPolygon", [[[2.19, 48.75], [2.2, 48.75], [2.2, 48.76]]], "[2.19, 48.75] is no list of posit"),
        ("MultiPolygon", [[]], "[] is no list of rings; a MultiPolygon has"),
        ("LineString", [[2.19, 48.75]], "[[2.19, 48.75]] is no list of positions; a LineString has [[lo"),
        ("LineString", [2.19, 48.75], "[2.19, 48.75] is no list of positions; a LineString has [[lo"),
        ("MultiLineString", [[2.19, 48.75], [2.2, 48.76]], "[2.19, 48.75] is no list of positions; a Mul"),
    ],
)  # fmt: skip
def test_broken_coordinates_are_told_in_words(folder: Path, kind: str, coordinates: Any, says: str) -> None:
    _geometry(folder, OUTLINE, {"type": kind, "coordinates": coordinates})
    [told] = errors(folder)
    assert says in told
    assert not [word for word in PYTHON if word in told]


anything = st.recursive(
    st.none() | st.booleans() | st.floats(2, 49) | st.text(max_size=5) | st.integers(-(10**30), 10**30),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=12,
)
kinds = st.sampled_from(("Polygon", "MultiPolygon", "LineString", "MultiLineString", "Point", None, 3))


@calm
@given(kinds, anything)
def test_no_coordinates_at_all_end_in_python_s_words(kind: Any, coordinates: Any) -> None:
    feature = {"geometry": {"type": kind, "coordinates": coordinates}, "properties": {"width": 5}}
    marked, _ = geojson.tidied(Marked(OUTLINE, {"features": [feature]}, {}))
    for problem in maps.check({OUTLINE: marked}):
        assert "not a GeoJSON geometry" not in str(problem)


def test_heights_are_left_out_with_a_warning(folder: Path) -> None:
    plain = load(folder)
    line = edit(folder, OUTLINE, "[2.1900, 48.7500]", "[2.1900, 48.7500, 61.5]")
    edit(folder, OUTLINE, "[2.2000, 48.7450]", "[2.2000, 48.7450, 60, 1690000000]")
    road = edit(folder, ROUTES, "48.7550]", "48.7550, null]")
    reading = read_town(folder)
    assert reading.configuration == plain
    assert [str(warning) for warning in reading.warnings] == [
        f"{OUTLINE}:{line}: warning: heights are left out (2); a position is [longitude, latitude]",
        f"{ROUTES}:{road}: warning: heights are left out (1); a position is [longitude, latitude]",
    ]


def test_columns_of_other_programs_are_left_out_with_a_warning(folder: Path) -> None:
    plain = load(folder)
    line = edit(folder, OUTLINE, '"properties": {', '"properties": {"fid": 3, "INSEE": "94037", ')
    edit(folder, OUTLINE, '"features"', '"xy_coordinate_resolution": 1e-9, "features"')
    edit(folder, OUTLINE, '"type": "Polygon"', '"type": "Polygon", "holes": []')
    reading = read_town(folder)
    assert reading.configuration == plain
    warnings = [str(warning) for warning in reading.warnings]
    assert f"{OUTLINE}:{line}: warning: 'fid' is left out; no area needs it" in warnings
    assert sorted(warning.split("'")[1] for warning in warnings) == [
        "INSEE",
        "fid",
        "holes",
        "xy_coordinate_resolution",
    ]


def test_a_column_of_every_feature_is_warned_of_once(folder: Path) -> None:
    layer = json.loads((folder / ROUTES).read_text())
    first = layer["features"][0]
    second = {**first, "properties": {**first["properties"], "slug": "autre"}}
    layer["features"] = [{**f, "properties": {**f["properties"], "fid": 1}} for f in (first, second)]
    (folder / ROUTES).write_text(json.dumps(layer))
    assert len(read_town(folder).warnings) == 1


def test_a_misspelt_column_is_a_mistake_where_it_lacks_and_a_hint_where_it_may(folder: Path) -> None:
    edit(folder, ROUTES, '"label"', '"lable"')
    [told] = errors(folder)
    assert "unknown field 'lable'; did you mean 'label'?" in told
    edit(folder, ROUTES, '"lable"', '"exampel": true, "label"')
    [warning] = read_town(folder).warnings
    assert "'exampel' is left out; did you mean 'example'?" in str(warning)


def test_no_town_s_own_layers_have_anything_left_out() -> None:
    for name in ("gentilly", "exemple-sur-bievre"):
        assert read_town(TOWNS / name).mistakes == ()
