"""Public holidays by law: of a country, `FR`, or of a part of it that has days of its own, `FR-67`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import holidays

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
    """No public holidays are known there; the text says which parts of the country are known."""


@lru_cache(maxsize=256)
def public_holidays(where: str, year: int) -> frozenset[date]:
    """Public holidays of a country (ISO 3166-1) or a part of it (ISO 3166-2, in France also a département).

    Raises UnknownHolidays.
    """
    country, _, part = where.partition("-")
    try:
        found = holidays.country_holidays(country, subdiv=_subdivision(country, part), years=year)
    except (NotImplementedError, ValueError, AttributeError):
        raise UnknownHolidays(_known(country, where)) from None
    return frozenset(found)


def _subdivision(country: str, part: str) -> str | None:
    """The library's name of a part. A département without days of its own has those of the country."""
    if country == "FR" and part in _FRENCH_DEPARTMENTS:
        return _FRENCH_PARTS.get(part)
    return part or None


def _known(country: str, where: str) -> str:
    lead = f"no public holidays are known for '{where[:60]}'"
    if country not in holidays.list_supported_countries(include_aliases=False):
        return f"{lead}: no country has this code"
    if country == "FR":
        parts = ", ".join(f"FR-{code} ({name})" for code, name in _FRENCH_PARTS.items())
        return f"{lead}; known are {parts}; every other département writes FR"
    parts = ", ".join(f"{country}-{part}" for part in holidays.country_holidays(country).subdivisions)
    return f"{lead}; known are {parts or country}"
