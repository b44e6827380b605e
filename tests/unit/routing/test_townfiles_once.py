"""One mistake in a town's files is told once, whatever follows from it."""

import shutil
from pathlib import Path

import pytest

from services.routing.townfiles import read_town
from tests.unit.routing.town_folder import edit, errors

ROUTES, OUTLINE = "areas/routes.geojson", "areas/commune.geojson"
FIRST = "[2.1900, 48.7500], [2.2000"
ONLY = [
    # A file that cannot be read: not a word of what it would have held.
    (
        OUTLINE,
        '"Feature",',
        '"Feature"',
        ":7: no ',' before this, or no '}'; it stands in what begins at line 5;",
    ),
    (
        "categories.yaml",
        "fr: Le lavoir",
        "fr: Le lavoir: eau, bassin",
        ":7: a ':' where none can be: no ',' before this, or no '}', or a text that holds ': '; it stands in"
        " what begins at line 7; write ',' between two items, '}' after the last; or put the text in double",
    ),
    (OUTLINE, FIRST, FIRST.replace("], [", "] ["), ":11: no ',' before this, or no ']'; it stands"),
    (ROUTES, "\n  ]\n}\n", "\n  ]\n", ":1: what begins here is never closed; write '}' where it ends"),
    (ROUTES, "48.7550]", "48.7550", ":13: a '}' that closes nothing, or no ']' before it; what is"),
    ("town.yaml", "  opens:", "   opens:", ":10: indented unlike the lines before it; begin all entries"),
    ("rules.yaml", "  - {rule: R2", "    {rule: R2", ":3: an entry without its '-', or indented unlike"),
    ("town.yaml", "  opens:", "\topens:", ":10: a tab; write spaces instead"),
    ("town.yaml", "  opens:", "\u00a0 opens:", ":10: indented with no-break spaces; write plain spaces"),
    (
        "town.yaml",
        "name: Exemple",
        "name: Exemple: ",
        ":3: a ':' where none can be; put a text that has ': '",
    ),
    ("town.yaml", "name: Ex", "name:Ex", ":3: no ':' with a space after it; as in 'name: …'"),
    ("town.yaml", "name: Exemple", "name: 'L'exemple'", ":3: text after the end of a text; put the whole"),
    ("rules.yaml", "fr: Voirie", 'fr: "Voirie', ":2: a text whose quote is never closed; close it"),
    ("town.yaml", "name: Exemple", "name: @Exemple", ":3: a text cannot begin with @; put it in quotes"),
    (
        "rules.yaml",
        "fr: Voirie",
        'fr: "\\u12g"',
        ":2: an escape that lacks digits; it has 4 after its letter",
    ),
    (
        "rules.yaml",
        "  - {rule: R2",
        "---\n  - {rule: R2",
        ":3: a second document begins here; remove the line",
    ),
    # A list of names that is wrong: not a word of those who refer to it.
    (
        "departments.yaml",
        "departments:",
        "department:",
        ":1: unknown field 'department'; did you mean 'depart",
    ),
    ("departments.yaml", "slug: voirie, ", "", ":2: missing field 'slug'; expected: a short name"),
    ("departments.yaml", "slug: voirie", "slog: voirie", ":2: unknown field 'slog'; did you mean 'slug'?"),
    (
        "departments.yaml",
        "slug: mairie",
        "slug: voirie",
        ":3: department 'voirie' is there twice; the first is",
    ),
    (
        "departments.yaml",
        "slug: mairie",
        "slug: 12",
        ':3: departments[1].slug: should be text; put it in quotes: "12"',
    ),
    ("categories.yaml", "slug: voirie", "slug: Voirie", ":2: categories[0].slug: 'Voirie' does not fit"),
    ("categories.yaml", "categories:", "categorie:", ":1: unknown field 'categorie'; did you mean 'categ"),
    ("competence.yaml", "layers:", "layer:", ":1: unknown field 'layer'; did you mean 'layers'?"),
    ("competence.yaml", "inner:", "iner:", ":2: unknown field 'iner'; did you mean 'inner'?"),
    ("competence.yaml", "layer: routes", "layer: Routes", ":3: layers.inner[0].layer: 'Routes' does not fit"),
    (
        "competence.yaml",
        "layer: routes",
        "layer: chemins",
        ":3: layer 'chemins' has no areas; write areas/chemins",
    ),
    (
        "town.yaml",
        "slug: exemple",
        "slug: Exemple",
        ":2: slug: 'Exemple' does not fit; expected: a short name",
    ),
    ("tools.yaml", "role: agent", "role: agents", ":3: tools[1].role: 'agents' is unknown; expected: one of"),
    (ROUTES, '"slug": "route-du-moulin", ', "", ":7: missing field 'slug'; expected: a short name"),
    # Areas and where they lie.
    (ROUTES, '"width": 20', '"width": "20 m"', ":7: features[0].properties.width: should be a number"),
    (
        OUTLINE,
        "[2.1900, 48.7500]",
        "[48.7500, 2.1900]",
        ":11: [48.75, 2.19] is far from the town; longitude and",
    ),
    (OUTLINE, "[2.1900, 48.7500]", "[2.1900 48.7500]", ":11: ['2.1900 48.7500'] is no position; GeoJSON has"),
    (
        OUTLINE,
        "[2.1900, 48.7500]",
        "[652000.1, 6862000.2]",
        ":11: [652000.1, 6862000.2] is not on earth; GeoJSON",
    ),
    (
        OUTLINE,
        "[2.2000, 48.7450]",
        "[2.2, 48.77]",
        ":8: no valid area: Self-intersection: its outline crosses",
    ),
    (
        OUTLINE,
        '"Polygon"',
        '"Point"',
        ":8: no valid area: a Point is not an area; a Polygon whose rings close",
    ),
    (
        "town.yaml",
        "{latitude: 48.7540, longitude: 2.2000}",
        "{latitude: 2.2, longitude: 48.754}",
        ":7: the centre (latitude 2.2, longitude 48.754) is far from every area; correct it; or the areas",
    ),
    ("town.yaml", "48.7540", "48,7540", ":7: unknown field '7540'; decimals are written with a point"),
    # Fields.
    ("departments.yaml", "en: Roads", "eng: Roads", ":2: unknown field 'eng'; did you mean 'en'?"),
    (
        "departments.yaml",
        "{fr: Voirie, en: Roads}",
        "{fr: Voirie}",
        ":2: missing field 'en'; expected: words in",
    ),
    (
        "departments.yaml",
        "fr: Voirie,",
        "fr: Voirie, parcs,",
        ":2: unknown field 'parcs'; put words with a comma",
    ),
    (
        "departments.yaml",
        "voirie-exemple@",
        "voirie-exemple.",
        ":2: departments[0].email: 'voirie-exemple.example",
    ),
    (
        "rules.yaml",
        "department: voirie",
        "departement: voirie",
        ":2: unknown field 'departement'; did you mean",
    ),
    (
        "rules.yaml",
        "categories: [voirie]",
        "categories: voirie",
        ":2: rules[0].categories: should be a list; write [v",
    ),
    (
        "delays.yaml",
        "3 working days",
        "-3 working days",
        ":1: default.acknowledge: '-3 working days' does not fit",
    ),
    ("town.yaml", "time_zone", "timezone", ":5: unknown field 'timezone'; did you mean 'time_zone'?"),
]


@pytest.mark.parametrize(("file", "old", "new", "says"), ONLY)
def test_one_mistake_is_told_once(folder: Path, file: str, old: str, new: str, says: str) -> None:
    edit(folder, file, old, new)
    [told] = errors(folder)
    assert told.startswith(f"{file}{says}")


def test_a_file_with_another_ending_is_one_mistake(folder: Path) -> None:
    (folder / ROUTES).rename(folder / "areas" / "routes.json")
    (folder / "rules.yaml").rename(folder / "rules.yml")
    assert errors(folder) == [
        "areas/routes.json:1: no file of a town is called so; call it areas/routes.geojson",
        "rules.yml:1: no file of a town is called so; call it rules.yaml",
    ]


def test_an_empty_file_is_one_mistake(folder: Path) -> None:
    (folder / "categories.yaml").write_text("")
    (folder / OUTLINE).write_text("")
    layer, categories = errors(folder)
    assert layer.startswith('areas/commune.geojson:1: the file is empty; a layer is {"type": "Feature')
    assert categories == "categories.yaml:1: the file is empty; start with 'categories:'"


def test_geojson_may_be_indented_with_tabs(folder: Path) -> None:
    text = (folder / OUTLINE).read_text()
    (folder / OUTLINE).write_text(text.replace("  ", "\t"))
    assert read_town(folder).mistakes == ()


@pytest.mark.parametrize("system", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"])
def test_a_layer_may_hold_what_drawing_programs_add(folder: Path, system: str) -> None:
    added = f'"name": "commune", "bbox": [2, 48, 3, 49], "crs": {{"properties": {{"name": "{system}"}}}},'
    edit(folder, OUTLINE, '"features"', added + ' "features"')
    edit(folder, OUTLINE, '"properties"', '"id": 7, "properties"')
    assert read_town(folder).mistakes == ()


def test_a_layer_in_metres_is_a_mistake(folder: Path) -> None:
    edit(folder, OUTLINE, '"features"', '"crs": {"properties": {"name": "EPSG::2154"}}, "features"')
    [told] = errors(folder)
    assert told.endswith(
        "crs: is another system of coordinates; expected: degrees (WGS 84): save the layer as EPSG:4326"
    )


def test_an_empty_folder_and_none_at_all_miss_every_file(tmp_path: Path) -> None:
    assert len(errors(tmp_path)) == 8
    assert len(errors(tmp_path / "nowhere")) == 8


def test_a_file_that_nobody_would_read_is_a_mistake(folder: Path) -> None:
    (folder / "rule.yaml").write_text("rules: []\n")
    assert errors(folder) == ["rule.yaml:1: no file of a town is called so; remove it"]


def test_a_layers_file_without_a_layer_is_a_mistake(folder: Path) -> None:
    shutil.copy(folder / "areas" / "routes.geojson", folder / "areas" / "route.geojson")
    assert any(
        "no layer is called 'route'" in problem and "'routes'" in problem for problem in errors(folder)
    )


def test_bytes_that_are_no_text_are_a_mistake(folder: Path) -> None:
    (folder / "rules.yaml").write_bytes(b"rules:\n  - {rule: R1, label: {fr: Propret\xe9\n")
    assert errors(folder) == ["rules.yaml:2: not UTF-8; save the file as UTF-8"]


@pytest.mark.parametrize("text", ["[]", "rules", "- a\n- b\n"])
def test_a_file_of_another_shape_is_a_mistake(folder: Path, text: str) -> None:
    (folder / "rules.yaml").write_text(text)
    assert errors(folder) == ["rules.yaml:1: the file should be a mapping; start with 'rules:'"]


def test_the_vigie_users_are_the_services(folder: Path) -> None:
    edit(folder, "town.yaml", "slug: exemple", "slug: vigie")
    assert any("no town may be called 'vigie'" in problem for problem in errors(folder))


def test_four_levels_of_categories_are_one_too_many(folder: Path) -> None:
    deep = "{slug: x, label: {fr: x, en: x}, children: [%s]}"
    (folder / "categories.yaml").write_text(f"categories: [{deep % (deep % (deep % (deep % '')))}]\n")
    assert any("category 'x/x/x/x' is too deep; three levels" in problem for problem in errors(folder))
