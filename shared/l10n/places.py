"""Where something is, as people read it."""

from __future__ import annotations

from babel.numbers import format_decimal


def coordinates(latitude: float, longitude: float, language: str) -> str:
    """`48,8130°\u00a0N, 2,3420°\u00a0E`: about ten metres exact; west is `O` in French."""
    west = "W" if language == "en" else "O"
    sides = ((latitude, "N" if latitude >= 0 else "S"), (longitude, "E" if longitude >= 0 else west))
    return ", ".join(f"{_degrees(value, language)}°\u00a0{side}" for value, side in sides)


def _degrees(value: float, language: str) -> str:
    return format_decimal(abs(value), "0.0000", locale="en_GB" if language == "en" else "fr_FR")
