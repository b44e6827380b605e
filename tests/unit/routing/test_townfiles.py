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
    ("town.yaml", '"09:00"', '"9h"', "opens: '9h' does not fit; expected: local time in quotes"),
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
        "a analyst has no department; remove it",
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
    ("rules.yaml", "rules:", "rules: [", ""),
    ("rules.yaml", "rules:", "\trules:", ""),
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
    ("departments.yaml", "slug: mairie", "slug: voirie", 3),
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


def test_an_empty_folder_and_none_at_all_miss_every_file(tmp_path: Path) -> None:
    assert len(_errors(tmp_path)) == 8
    assert len(_errors(tmp_path / "nowhere")) == 8


def test_a_file_that_nobody_would_read_is_a_mistake(folder: Path) -> None:
    (folder / "rule.yaml").write_text("rules: []\n")
    assert _errors(folder) == ["rule.yaml:1: no file of a town is called so"]


def test_a_layers_file_without_a_layer_is_a_mistake(folder: Path) -> None:
    shutil.copy(folder / "areas" / "routes.geojson", folder / "areas" / "route.geojson")
    assert any(
        "no layer is called 'route'" in problem and "'routes'" in problem for problem in _errors(folder)
    )


def test_bytes_that_are_no_text_are_a_mistake(folder: Path) -> None:
    (folder / "rules.yaml").write_bytes(b"rules:\n  - {rule: R1, label: {fr: Propret\xe9\n")
    assert _errors(folder) == ["rules.yaml:2: not UTF-8; save the file as UTF-8"]


@pytest.mark.parametrize("text", ["", "[]", "rules", "- a\n- b\n", "~"])
def test_a_file_of_another_shape_is_a_mistake(folder: Path, text: str) -> None:
    (folder / "rules.yaml").write_text(text)
    assert "rules.yaml:1: the file should be a mapping; start with 'rules:'" in _errors(folder)


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
    _edit(folder, "town.yaml", '"09:00"', "09:00")
    configuration = load(folder)
    assert configuration.name == "no"
    assert configuration.working_time.opens == 540


def test_children_inherit_kinds_and_retirement(folder: Path) -> None:
    _edit(folder, "categories.yaml", "slug: lavoir,", "slug: lavoir, kinds: [problem],")
    leaves = {leaf.slug: leaf for leaf in load(folder).leaves()}
    assert leaves["voirie/nid-de-poule"].kinds == ("problem", "suggestion")
    assert leaves["voirie/lavoir"].kinds == ("problem",)
    _edit(folder, "categories.yaml", "slug: voirie\n", "slug: voirie\n    active: false\n")
    assert {leaf.slug for leaf in load(folder).leaves() if leaf.active} == {"autre"}
