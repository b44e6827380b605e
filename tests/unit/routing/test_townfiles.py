"""A town's files are checked whole, and every mistake says its file, its line, and what would be right."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from services.routing.townfiles import TownFilesError, load, read_town

TOWNS = Path(__file__).parents[3] / "deploy" / "towns"
Edit = Callable[[str, str, str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(TOWNS / "exemple-sur-bievre", tmp_path / "town")
    return tmp_path / "town"


def _edit(folder: Path, file: str, old: str, new: str) -> int:
    """Replace the first `old`; the number of the line where it was."""
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def _errors(folder: Path) -> list[str]:
    with pytest.raises(TownFilesError) as raised:
        load(folder)
    return [str(problem) for problem in raised.value.problems]


MISTAKES = [
    # References that lead nowhere.
    (
        "rules.yaml",
        "department: voirie",
        "department: voiri",
        "unknown department 'voiri'; did you mean 'voirie'?",
    ),
    ("rules.yaml", "[voirie]", "[voiries]", "unknown category 'voiries'; did you mean 'voirie'?"),
    (
        "rules.yaml",
        "[voirie]",
        "[voirie], areas: [route]",
        "unknown area or layer 'route'; did you mean 'routes'?",
    ),
    ("rules.yaml", "[voirie]", "[voirie], sources: [exemple-voirie]", "unknown front end 'exemple-voirie'"),
    ("rules.yaml", "[voirie]", "[voirie], answers: {danger: [oui]}", "unknown question 'danger'"),
    ("competence.yaml", "competent: departement", "competent: region", "unknown authority 'region'"),
    ("competence.yaml", "areas: [routes]", "areas: [rivieres]", "unknown area or layer 'rivieres'"),
    ("competence.yaml", "voirie/nid-de-poule", "voirie/nid", "unknown category 'voirie/nid'"),
    ("tools.yaml", "department: voirie", "department: voirri", "unknown department 'voirri'; did you mean"),
    (
        "delays.yaml",
        "triage:",
        "delays: [{categories: [bruit], resolve: 1 working day}]\ntriage:",
        "unknown category",
    ),
    # Names given twice.
    (
        "departments.yaml",
        "slug: mairie",
        "slug: voirie",
        "department 'voirie' is there twice; the first is at",
    ),
    (
        "categories.yaml",
        "slug: lavoir",
        "slug: nid-de-poule",
        "category 'voirie/nid-de-poule' is there twice",
    ),
    ("rules.yaml", "rule: R2", "rule: R1", "rule 'R1' is there twice; the first is at rules.yaml:2"),
    ("rules.yaml", "rule: R2", "rule: C1", "rule 'C1' is there twice; the first is at competence.yaml:6"),
    ("tools.yaml", "exemple-analyst", "exemple-web", "user 'exemple-web' is there twice"),
    (
        "areas/routes.geojson",
        "route-du-moulin",
        "exemple-sur-bievre",
        "area 'exemple-sur-bievre' is there twice",
    ),
    ("town.yaml", "name: Ex", "name: X\nname: Ex", "'name' is there twice; keep one of them"),
    # Shape.
    (
        "departments.yaml",
        "{fr: Voirie, en: Roads}",
        "{fr: Voirie}",
        "missing field 'en'; expected: words in English",
    ),
    ("categories.yaml", "en: Pothole", 'en: ""', "label.en: is empty"),
    ("categories.yaml", "label: {fr: Nid", "lable: {fr: Nid", "unknown field 'lable'; did you mean 'label'?"),
    (
        "categories.yaml",
        "slug: autre",
        "slug: Autre chose",
        "'Autre chose' does not fit; expected: a short name",
    ),
    (
        "town.yaml",
        "Europe/Paris",
        "Europe/Gentilly",
        "'Europe/Gentilly' is no time zone; expected: as in Europe/Paris",
    ),
    ("town.yaml", "[problem, suggestion]", "[problems]", "'problems' is unknown; expected: one of: problem"),
    ("town.yaml", "languages: [fr, en]", "languages: fr", "languages: should be a list"),
    ("town.yaml", "latitude: 48.7540", "latitude: 148", "centre.latitude: must be"),
    ("town.yaml", '"09:00"', '"9h"', "opens: '9h' is no time; write \"09:00\"; expected: local"),
    ("town.yaml", "signalement-exemple@", "signalement exemple@", "is no mail address; expected: as in"),
    ("delays.yaml", "3 working days", "3 days", "'3 days' does not fit; expected: as in '2 working days'"),
    (
        "tools.yaml",
        "role: analyst",
        "role: reader",
        "'reader' is unknown; expected: one of: front_end, agent",
    ),
    ("rules.yaml", "rule: R1", "rule: premiere", "expected: letters and a number, as in R12"),
    # Tools.
    ("tools.yaml", ", department: voirie", "", "agent 'exemple-voirie' has no department; add 'department"),
    (
        "tools.yaml",
        "role: analyst",
        "role: analyst, department: voirie",
        "role 'analyst' has no department; remove it",
    ),
    (
        "tools.yaml",
        "exemple-web",
        "gentilly-web",
        "user 'gentilly-web' could be another town's; begin it with",
    ),
    # Areas.
    (
        "areas/commune.geojson",
        "[2.1900, 48.7500]",
        "[48.7500, 2.1900]",
        "look swapped; GeoJSON has [longitude",
    ),
    ("areas/commune.geojson", "[2.1900, 48.7500]", "[2.19, 148.75]", "is not on earth; GeoJSON has"),
    ("areas/commune.geojson", "[2.1900, 48.7500]", "[12.19, 48.75]", "is far from the town"),
    ("areas/commune.geojson", "[2.1900, 48.7500]", "[2.19]", "[2.19] is no position"),
    ("areas/commune.geojson", "[2.2000, 48.7450]", "[2.2000, 48.7700]", "no valid area: Self-intersection"),
    ("areas/routes.geojson", ', "width": 20', "", "no valid area: a line needs a width in metres"),
    ("areas/routes.geojson", '"width": 20', '"width": -3', "properties.width: must be"),
    ("areas/commune.geojson", '"Feature"', '"Feeture"', "'Feeture' is unknown; expected: one of: Feature"),
    ("town.yaml", "latitude: 48.7540", "latitude: 48.9540", "the centre is outside the town's outline"),
    # Layers.
    (
        "competence.yaml",
        "layer: routes",
        "layer: chemins",
        "layer 'chemins' has no areas; write areas/chemins.geojson",
    ),
    ("competence.yaml", "layer: routes", "layer: commune", "layer 'commune' is there twice"),
    # What cannot be read.
    ("rules.yaml", "rules:", "rules: *all", "an alias (*); write the value out"),
    ("rules.yaml", "rules:", "rules: [", "something is missing before this"),
    ("rules.yaml", "rules:", "\trules:", "a tab; write spaces instead"),
    # Sense.
    ("town.yaml", '"12:00"', '"08:00"', "the town hall closes before it opens; 'closes' must be later"),
]


@pytest.mark.parametrize(("file", "old", "new", "says"), MISTAKES)
def test_each_mistake_is_told_with_its_line(folder: Path, file: str, old: str, new: str, says: str) -> None:
    line = _edit(folder, file, old, new) + new.count("\n")
    found = _errors(folder)
    assert any(f"{file}:" in problem and says in problem for problem in found), found
    at = [int(p.split(":")[1]) for p in found if p.startswith(f"{file}:") and says in p]
    assert any(abs(line - other) <= 6 for other in at)


EXACT = [
    ("rules.yaml", "department: mairie", "department: marie", 3),
    ("categories.yaml", "label: {fr: Nid", "lable: {fr: Nid", 6),
    ("town.yaml", "Europe/Paris", "Europe/Gentilly", 5),
    ("tools.yaml", "exemple-analyst", "exemple-web", 4),
    ("competence.yaml", "areas: [routes]", "areas: [rivieres]", 9),
]


@pytest.mark.parametrize(("file", "old", "new", "line"), EXACT)
def test_the_line_is_the_one_to_correct(folder: Path, file: str, old: str, new: str, line: int) -> None:
    _edit(folder, file, old, new)
    assert f"{file}:{line}:" in " ".join(_errors(folder))


def test_all_mistakes_are_told_at_once_in_order(folder: Path) -> None:
    for file, old, new, _ in EXACT:
        _edit(folder, file, old, new)
    with pytest.raises(TownFilesError) as raised:
        load(folder)
    places = [(problem.file, problem.line) for problem in raised.value.problems]
    assert {(file, line) for file, _, _, line in EXACT} <= set(places)
    assert places == sorted(places)


@pytest.mark.parametrize("file", ["town.yaml", "categories.yaml", "rules.yaml", "tools.yaml"])
def test_a_missing_file_is_one_mistake_and_not_one_for_each_reference(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert _errors(folder) == [f"{file}:1: missing file; every town has one"]


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
    _edit(folder, file, old, new)
    [told] = _errors(folder)
    assert told.startswith(f"{file}{says}")


def test_a_file_with_another_ending_is_one_mistake(folder: Path) -> None:
    (folder / ROUTES).rename(folder / "areas" / "routes.json")
    (folder / "rules.yaml").rename(folder / "rules.yml")
    assert _errors(folder) == [
        "areas/routes.json:1: no file of a town is called so; call it areas/routes.geojson",
        "rules.yml:1: no file of a town is called so; call it rules.yaml",
    ]


def test_an_empty_file_is_one_mistake(folder: Path) -> None:
    (folder / "categories.yaml").write_text("")
    (folder / OUTLINE).write_text("")
    layer, categories = _errors(folder)
    assert layer.startswith('areas/commune.geojson:1: the file is empty; a layer is {"type": "Feature')
    assert categories == "categories.yaml:1: the file is empty; start with 'categories:'"


def test_geojson_may_be_indented_with_tabs(folder: Path) -> None:
    text = (folder / OUTLINE).read_text()
    (folder / OUTLINE).write_text(text.replace("  ", "\t"))
    assert read_town(folder).problems == ()


@pytest.mark.parametrize("system", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"])
def test_a_layer_may_hold_what_drawing_programs_add(folder: Path, system: str) -> None:
    added = f'"name": "commune", "bbox": [2, 48, 3, 49], "crs": {{"properties": {{"name": "{system}"}}}},'
    _edit(folder, OUTLINE, '"features"', added + ' "features"')
    _edit(folder, OUTLINE, '"properties"', '"id": 7, "properties"')
    assert read_town(folder).problems == ()


def test_a_layer_in_metres_is_a_mistake(folder: Path) -> None:
    _edit(folder, OUTLINE, '"features"', '"crs": {"properties": {"name": "EPSG::2154"}}, "features"')
    [told] = _errors(folder)
    assert told.endswith(
        "crs: is another system of coordinates; expected: degrees (WGS 84): save the layer as EPSG:4326"
    )


def test_an_empty_folder_and_none_at_all_miss_every_file(tmp_path: Path) -> None:
    assert len(_errors(tmp_path)) == 8
    assert len(_errors(tmp_path / "nowhere")) == 8


def test_a_file_that_nobody_would_read_is_a_mistake(folder: Path) -> None:
    (folder / "rule.yaml").write_text("rules: []\n")
    assert _errors(folder) == ["rule.yaml:1: no file of a town is called so; remove it"]


def test_a_layers_file_without_a_layer_is_a_mistake(folder: Path) -> None:
    shutil.copy(folder / "areas" / "routes.geojson", folder / "areas" / "route.geojson")
    assert any(
        "no layer is called 'route'" in problem and "'routes'" in problem for problem in _errors(folder)
    )


def test_bytes_that_are_no_text_are_a_mistake(folder: Path) -> None:
    (folder / "rules.yaml").write_bytes(b"rules:\n  - {rule: R1, label: {fr: Propret\xe9\n")
    assert _errors(folder) == ["rules.yaml:2: not UTF-8; save the file as UTF-8"]


@pytest.mark.parametrize("text", ["[]", "rules", "- a\n- b\n"])
def test_a_file_of_another_shape_is_a_mistake(folder: Path, text: str) -> None:
    (folder / "rules.yaml").write_text(text)
    assert _errors(folder) == ["rules.yaml:1: the file should be a mapping; start with 'rules:'"]


def test_the_vigie_users_are_the_services(folder: Path) -> None:
    _edit(folder, "town.yaml", "slug: exemple", "slug: vigie")
    assert any("no town may be called 'vigie'" in problem for problem in _errors(folder))


def test_four_levels_of_categories_are_one_too_many(folder: Path) -> None:
    deep = "{slug: x, label: {fr: x, en: x}, children: [%s]}"
    (folder / "categories.yaml").write_text(f"categories: [{deep % (deep % (deep % (deep % '')))}]\n")
    assert any("category 'x/x/x/x' is too deep; three levels" in problem for problem in _errors(folder))


WARNINGS = [
    (
        "rules.yaml",
        "  - {rule: R2",
        "  - {rule: R3, label: {fr: x, en: x}, department: mairie, categories: [voirie/lavoir], "
        'kinds: [problem], hours: "08:00-09:00"}\n  - {rule: R2',
        "rule R3 can never match; R1 before it takes all",
    ),
    (
        "rules.yaml",
        "department: mairie}",
        'department: mairie, hours: "08:00-09:00"}',
        "'autre' (problem) is covered only",
    ),
    (
        "rules.yaml",
        "department: mairie}",
        "department: mairie, kinds: [suggestion]}",
        "'autre' (problem) is covered by no",
    ),
    (
        "competence.yaml",
        "rules:",
        "rules:\n  - {rule: C0, label: {fr: x, en: x}, competent: town, areas: [route-du-moulin]}",
        "rule C1 can never match",
    ),
    (
        "categories.yaml",
        "    kinds: [problem, suggestion]\n    children",
        "    active: false\n    children",
        "rule R1 can never match; its categories are retired",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "says"), WARNINGS)
def test_what_is_allowed_but_odd_is_a_warning(folder: Path, file: str, old: str, new: str, says: str) -> None:
    _edit(folder, file, old, new)
    reading = read_town(folder)
    assert reading.configuration is not None
    assert not reading.errors
    assert any(says in str(problem) and ": warning: " in str(problem) for problem in reading.warnings)


QUESTION = """
questions:
  - slug: danger
    label: {fr: Danger, en: Danger}
    answers: [{slug: oui, label: {fr: Oui, en: "Yes"}}, {slug: non, label: {fr: Non, en: "No"}}]
"""


@pytest.mark.parametrize(
    "condition",
    [
        "areas: [routes]",
        'hours: "08:00-09:00"',
        "weekdays: [monday]",
        "sources: [exemple-web]",
        "kinds: [suggestion]",
        "answers: {danger: [oui]}",
    ],
)
def test_a_rule_after_a_narrower_one_is_no_odd_thing(folder: Path, condition: str) -> None:
    (folder / "categories.yaml").write_text((folder / "categories.yaml").read_text() + QUESTION)
    narrow = f"department: voirie, {condition}, categories: [voirie]}}"
    wide = "  - {rule: R3, label: {fr: x, en: x}, department: voirie, categories: [voirie]}"
    _edit(folder, "rules.yaml", "department: voirie, categories: [voirie]}", f"{narrow}\n{wide}")
    assert read_town(folder).problems == ()


def test_words_of_yaml_are_text_where_text_is_meant(folder: Path) -> None:
    _edit(folder, "town.yaml", "name: Exemple-sur-Bièvre", "name: no")
    _edit(folder, "town.yaml", "kinds:", "facts: {on: yes, fondation: 1892-05-01, tel: 0147}\nkinds:")
    _edit(folder, "departments.yaml", "slug: mairie", "slug: no")
    _edit(folder, "rules.yaml", "department: mairie", "department: no")
    configuration = load(folder)
    assert configuration.name == "no"
    assert configuration.facts == {"on": "yes", "fondation": "1892-05-01", "tel": "0147"}
    assert [department.slug for department in configuration.departments] == ["voirie", "no"]


@pytest.mark.parametrize("style", ["\n  opens: {0}\n  closes: {1}", "\n  opens: '{0}'\n  closes: \"{1}\""])
def test_times_without_quotes_are_the_times_that_were_meant(folder: Path, style: str) -> None:
    _edit(folder, "town.yaml", '\n  opens: "09:00"\n  closes: "12:00"', style.format("08:30", "12:00"))
    _edit(folder, "rules.yaml", "[voirie]}", "[voirie], hours: 20:00-06:00}")
    configuration = load(folder)
    assert (configuration.working_time.opens, configuration.working_time.closes) == (510, 720)
    assert configuration.rules[0].hours == (1200, 360)


@pytest.mark.parametrize(
    ("written", "seen", "meant"),
    [
        ("720", "720", "12:00"),
        ("1050", "1050", "17:30"),
        ("12", "12", "12:00"),
        ("9:00", "'9:00'", "09:00"),
        ("12h30", "'12h30'", "12:30"),
        ("12 h", "'12 h'", "12:00"),
        ("'1215'", "'1215'", "12:15"),
        ("12:00:00", "'12:00:00'", "12:00"),
    ],
)
def test_what_is_no_time_is_told_with_the_time_that_was_meant(
    folder: Path, written: str, seen: str, meant: str
) -> None:
    _edit(folder, "town.yaml", '"12:00"', written)
    says = f'town.yaml:11: working_time.closes: {seen} is no time; write "{meant}"; expected: local time'
    [told] = _errors(folder)
    assert told.startswith(says)


@pytest.mark.parametrize("written", ["25:00", "12.3", "true", "-5", "99999", "midi"])
def test_what_no_time_can_be_made_of_is_refused(folder: Path, written: str) -> None:
    _edit(folder, "town.yaml", '"12:00"', written)
    [told] = _errors(folder)
    assert told.startswith("town.yaml:11: working_time.closes: ")
    assert told.endswith('expected: local time in quotes, as in "17:30"')


@pytest.mark.parametrize("value", ["yes", "oui", '"true"', "2"])
def test_a_flag_is_true_or_false_and_nothing_else(folder: Path, value: str) -> None:
    _edit(folder, "departments.yaml", "example: true", f"example: {value}")
    assert _errors(folder) == [
        "departments.yaml:2: departments[0].example: does not fit; expected: true or false"
    ]


def test_hours_that_end_when_they_begin_are_a_mistake(folder: Path) -> None:
    _edit(folder, "rules.yaml", "[voirie]}", '[voirie], hours: "08:00-08:00"}')
    assert "'08:00-08:00' ends when it begins" in " ".join(_errors(folder))


def test_children_inherit_kinds_and_retirement(folder: Path) -> None:
    _edit(folder, "categories.yaml", "slug: lavoir,", "slug: lavoir, kinds: [problem],")
    leaves = {leaf.slug: leaf for leaf in load(folder).leaves()}
    assert leaves["voirie/nid-de-poule"].kinds == ("problem", "suggestion")
    assert leaves["voirie/lavoir"].kinds == ("problem",)
    _edit(folder, "categories.yaml", "slug: voirie\n", "slug: voirie\n    active: false\n")
    assert {leaf.slug for leaf in load(folder).leaves() if leaf.active} == {"autre"}
