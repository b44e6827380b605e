"""Public holidays by law: of a country, `FR`, or of a part of it that has days of its own, `FR-67`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import holidays

from shared.l10n import Label

_FRENCH_PARTS: Mapping[str, str] = {
    "57": "Moselle",
    "67": "Alsace",
    "68": "Alsace",
    "971": "Guadeloupe",
    "972": "Martinique",
    "973": "Guyane",
    "974": "La Réunion",
    "975": "Saint-Pierre-et-Miquelon",
    "976": "Mayotte",
    "977": "Saint-Barthélemy",
    "978": "Saint-Martin",
    "984": "Terres australes françaises",
    "986": "Wallis-et-Futuna",
    "987": "Polynésie Française",
    "988": "Nouvelle-Calédonie",
}
"""By the code of the département or collectivity, its name in the library."""

_FRENCH_DEPARTMENTS = frozenset(
    {*(f"{number:02}" for number in range(1, 96) if number != 20), "2A", "2B", *_FRENCH_PARTS}
)


class UnknownHolidays(ValueError):
    """No public holidays are known there; `said` says which parts of the country are known."""

    def __init__(self, said: Label) -> None:
        super().__init__(said.en)
        self.said = said


@lru_cache(maxsize=256)
def public_holidays(where: str, year: int) -> frozenset[date]:
    """Public holidays of a country (ISO 3166-1) or a part of it (ISO 3166-2, in France also a département).

    Raises UnknownHolidays.
    """
    country, _, part = where.partition("-")
    try:
        found = holidays.country_holidays(country, subdiv=_subdivision(country, part), years=year)
    except (NotImplementedError, ValueError, AttributeError):
        raise UnknownHolidays(_known(country, where[:60])) from None
    return frozenset(found)


def _subdivision(country: str, part: str) -> str | None:
    """The library's name of a part. A département without days of its own has those of the country."""
    if country == "FR" and part in _FRENCH_DEPARTMENTS:
        return _FRENCH_PARTS.get(part)
    return part or None


def _known(country: str, where: str) -> Label:
    lead = Label(
        f"aucun jour férié n'est connu pour '{where}'", f"no public holidays are known for '{where}'"
    )
    if country not in holidays.list_supported_countries(include_aliases=False):
        return Label(f"{lead.fr} : aucun pays n'a ce code", f"{lead.en}: no country has this code")
    if country != "FR":
        found = holidays.country_holidays(country).subdivisions
        parts = ", ".join(f"{country}-{part}" for part in found) or country
        return Label(f"{lead.fr} ; on connaît {parts}", f"{lead.en}; known are {parts}")
    parts = ", ".join(f"FR-{code} ({name})" for code, name in _FRENCH_PARTS.items())
    return Label(
        f"{lead.fr} ; on connaît {parts} ; tout autre département écrit FR",
        f"{lead.en}; known are {parts}; every other département writes FR",
    )
