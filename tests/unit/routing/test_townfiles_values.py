"""Times, flags and words are what was meant, however they are written in YAML."""

from pathlib import Path

import pytest

from services.routing.townfiles import load
from tests.unit.routing.town_folder import edit, errors


def test_words_of_yaml_are_text_where_text_is_meant(folder: Path) -> None:
    edit(folder, "town.yaml", "name: Exemple-sur-Bièvre", "name: no")
    edit(folder, "town.yaml", "kinds:", "facts: {on: yes, fondation: 1892-05-01, tel: 0147}\nkinds:")
    edit(folder, "departments.yaml", "slug: mairie", "slug: no")
    edit(folder, "rules.yaml", "department: mairie", "department: no")
    configuration = load(folder)
    assert configuration.name == "no"
    assert configuration.facts == {"on": "yes", "fondation": "1892-05-01", "tel": "0147"}
    assert [department.slug for department in configuration.departments] == ["voirie", "no"]


@pytest.mark.parametrize("style", ["\n  opens: {0}\n  closes: {1}", "\n  opens: '{0}'\n  closes: \"{1}\""])
def test_times_without_quotes_are_the_times_that_were_meant(folder: Path, style: str) -> None:
    edit(folder, "town.yaml", '\n  opens: "09:00"\n  closes: "12:00"', style.format("08:30", "12:00"))
    edit(folder, "rules.yaml", "[voirie]}", "[voirie], hours: 20:00-06:00}")
    configuration = load(folder)
    assert configuration.working_time.hours[0] == ((510, 720),)
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
    edit(folder, "town.yaml", '"12:00"', written)
    says = f'town.yaml:11: working_time.closes: {seen} is no time; write "{meant}"; expected: local time'
    [told] = errors(folder)
    assert told.startswith(says)


@pytest.mark.parametrize("written", ["25:00", "12.3", "true", "-5", "99999", "midi"])
def test_what_no_time_can_be_made_of_is_refused(folder: Path, written: str) -> None:
    edit(folder, "town.yaml", '"12:00"', written)
    [told] = errors(folder)
    assert told.startswith("town.yaml:11: working_time.closes: ")
    assert told.endswith('expected: local time in quotes, as in "17:30"')


@pytest.mark.parametrize("value", ["yes", "oui", '"true"', "2"])
def test_a_flag_is_true_or_false_and_nothing_else(folder: Path, value: str) -> None:
    edit(folder, "departments.yaml", "example: true", f"example: {value}")
    assert errors(folder) == [
        "departments.yaml:2: departments[0].example: does not fit; expected: true or false"
    ]


def test_hours_that_end_when_they_begin_are_a_mistake(folder: Path) -> None:
    edit(folder, "rules.yaml", "[voirie]}", '[voirie], hours: "08:00-08:00"}')
    assert "'08:00-08:00' ends when it begins" in " ".join(errors(folder))


@pytest.mark.parametrize("text", ["\\u200b", "\\u3164", "\\u2800\\u00ad"])
def test_a_label_or_a_name_that_shows_nothing_is_a_mistake(folder: Path, text: str) -> None:
    edit(folder, "departments.yaml", "fr: Voirie", f'fr: "{text}"')
    edit(folder, "town.yaml", "name: Exemple-sur-Bièvre", f'name: "{text}"')
    assert sorted(told.partition(":")[0] for told in errors(folder)) == ["departments.yaml", "town.yaml"]
