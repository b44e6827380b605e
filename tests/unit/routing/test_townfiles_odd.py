"""What a town's files may say, but hardly mean, is a warning."""

from pathlib import Path

import pytest

from services.routing.townfiles import read_town
from tests.unit.routing.town_folder import edit

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
    edit(folder, file, old, new)
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
    edit(folder, "rules.yaml", "department: voirie, categories: [voirie]}", f"{narrow}\n{wide}")
    assert read_town(folder).mistakes == ()


@pytest.mark.parametrize(
    ("first", "second", "hidden"),
    [
        ('weekdays: [friday], hours: "22:00-06:00"', 'weekdays: [saturday], hours: "00:00-06:00"', True),
        ('weekdays: [saturday], hours: "22:00-06:00"', 'weekdays: [saturday], hours: "00:00-06:00"', False),
        ('weekdays: [sunday], hours: "22:00-06:00"', 'weekdays: [monday], hours: "05:00-05:30"', True),
        ('hours: "22:00-06:00"', 'weekdays: [monday], hours: "22:00-24:00"', True),
        ("weekdays: [friday, saturday]", 'weekdays: [friday], hours: "22:00-06:00"', True),
        ("weekdays: [friday]", 'weekdays: [friday], hours: "22:00-06:00"', False),
    ],
)
def test_a_night_hides_a_rule_for_the_morning_after(
    folder: Path, first: str, second: str, hidden: bool
) -> None:
    rule = "  - {{rule: {0}, label: {{fr: x, en: x}}, department: voirie, categories: [voirie], {1}}}\n"
    both = f"rules:\n{rule.format('R8', first)}{rule.format('R9', second)}"
    edit(folder, "rules.yaml", "rules:\n", both)
    told = [str(problem) for problem in read_town(folder).mistakes]
    assert any("rule R9 can never match; R8 before it" in problem for problem in told) == hidden
