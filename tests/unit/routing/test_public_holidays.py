"""Public holidays of a country, of its parts, and of the départements by their codes."""

from datetime import date
from pathlib import Path

import pytest

from services.routing.domain.public_holidays import UnknownHolidays, public_holidays
from services.routing.townfiles import load
from tests.unit.routing.town_folder import edit, errors

GOOD_FRIDAY, SAINT_STEPHEN = date(2026, 4, 3), date(2026, 12, 26)
EASTER_MONDAY = date(2026, 4, 6)


@pytest.mark.parametrize("where", ["FR-57", "FR-67", "FR-68", "FR-6AE", "FR-Alsace"])
def test_alsace_and_moselle_have_two_days_more(where: str) -> None:
    assert public_holidays(where, 2026) == public_holidays("FR", 2026) | {GOOD_FRIDAY, SAINT_STEPHEN}


@pytest.mark.parametrize("where", ["FR-94", "FR-01", "FR-2A", "FR-2B", "FR-95", "FR-66", "FR-69"])
def test_a_departement_without_days_of_its_own_has_those_of_the_country(where: str) -> None:
    assert public_holidays(where, 2026) == public_holidays("FR", 2026)


@pytest.mark.parametrize(
    ("where", "abolition"),
    [
        ("FR-971", date(2026, 5, 27)),
        ("FR-973", date(2026, 6, 10)),
        ("FR-974", date(2026, 12, 20)),
        ("FR-976", date(2026, 4, 27)),
        ("FR-977", date(2026, 10, 9)),
    ],
)
def test_overseas_the_day_of_the_abolition_is_kept(where: str, abolition: date) -> None:
    assert abolition in public_holidays(where, 2026)


@pytest.mark.parametrize("code", [975, 978, 984, 986, 987, 988])
def test_every_collectivity_is_known_by_its_code(code: int) -> None:
    assert public_holidays(f"FR-{code}", 2026) >= {EASTER_MONDAY}


def test_other_countries_have_their_parts() -> None:
    assert date(2026, 1, 6) in public_holidays("DE-BY", 2026)
    assert date(2026, 7, 21) in public_holidays("BE", 2026)


@pytest.mark.parametrize("where", ["FR-99", "FR-20", "FR-IDF", "FR-1", "FR-094"])
def test_an_unknown_part_is_told_with_those_that_are_known(folder: Path, where: str) -> None:
    edit(folder, "town.yaml", '"12:00"', f'"12:00"\n  holidays: {where}')
    [told] = errors(folder)
    assert told.startswith(f"town.yaml:12: working_time.holidays: no public holidays are known for '{where}'")
    for part in ("FR-57 (Moselle)", "FR-67 (Alsace)", "FR-68 (Alsace)", "FR-974 (La Réunion)"):
        assert part in told
    assert "every other département writes FR" in told


def test_unknown_parts_of_another_country_are_told_with_its_own() -> None:
    with pytest.raises(UnknownHolidays, match="'DE-XX'; known are DE-BB, DE-BE, "):
        public_holidays("DE-XX", 2026)


@pytest.mark.parametrize("where", ["XX", "fr", "", "67", "\u00b2"])
def test_what_is_no_country_is_told(where: str) -> None:
    with pytest.raises(UnknownHolidays, match="no country has this code"):
        public_holidays(where, 2026)


def test_a_town_s_files_may_say_the_departement(folder: Path) -> None:
    edit(folder, "town.yaml", '"12:00"', '"12:00"\n  holidays: FR-68')
    assert load(folder).working_time.holidays == "FR-68"
