"""A town's files are checked whole, and every mistake says its file, its line, and what would be right."""

from pathlib import Path

import pytest

from services.routing.townfiles import TownFilesError, load
from tests.unit.routing.town_folder import edit, errors

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
    (
        "categories.yaml",
        "label: {fr: Voirie, en: Roads}",
        "label: {fr: Voirie, en: Roads}\n    words: {fr: [route]}",
        "words: a category with others in it has words; give them to those",
    ),
    (
        "categories.yaml",
        "label: {fr: Nid-de-poule, en: Pothole}",
        "label: {fr: Nid-de-poule, en: Pothole}, words: {fr: trou}",
        "words.fr: should be a list; write [trou]",
    ),
    (
        "categories.yaml",
        "label: {fr: Nid-de-poule, en: Pothole}",
        "label: {fr: Nid-de-poule, en: Pothole}, words: {de: [loch]}",
        "unknown field 'de'",
    ),
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
    line = edit(folder, file, old, new) + new.count("\n")
    found = errors(folder)
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
    edit(folder, file, old, new)
    assert f"{file}:{line}:" in " ".join(errors(folder))


def test_all_mistakes_are_told_at_once_in_order(folder: Path) -> None:
    for file, old, new, _ in EXACT:
        edit(folder, file, old, new)
    with pytest.raises(TownFilesError) as raised:
        load(folder)
    places = [(problem.file, problem.line) for problem in raised.value.mistakes]
    assert {(file, line) for file, _, _, line in EXACT} <= set(places)
    assert places == sorted(places)


@pytest.mark.parametrize("file", ["town.yaml", "categories.yaml", "rules.yaml", "tools.yaml"])
def test_a_missing_file_is_one_mistake_and_not_one_for_each_reference(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert errors(folder) == [f"{file}:1: missing file; every town has one"]


def test_children_inherit_kinds_and_retirement(folder: Path) -> None:
    edit(folder, "categories.yaml", "slug: lavoir,", "slug: lavoir, kinds: [problem],")
    leaves = {leaf.slug: leaf for leaf in load(folder).leaves()}
    assert leaves["voirie/nid-de-poule"].kinds == ("problem", "suggestion")
    assert leaves["voirie/lavoir"].kinds == ("problem",)
    edit(folder, "categories.yaml", "slug: voirie\n", "slug: voirie\n    active: false\n")
    assert {leaf.slug for leaf in load(folder).leaves() if leaf.active} == {"autre"}
