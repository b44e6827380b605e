"""The pages' languages: catalogues, dates as people write them, and the template environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from babel.support import NullTranslations
from jinja2 import Environment, PackageLoader, StrictUndefined

from shared.l10n import catalogues as i18n
from shared.web.problems import Language

_LOCALES: Mapping[Language, str] = {"fr": "fr_FR", "en": "en_GB"}
_DAY = "EEEE d MMMM y"
_MOMENT: Mapping[Language, str] = {"fr": "d MMMM y 'à' H'\u00a0h\u00a0'mm", "en": "d MMMM y 'at' HH:mm"}
_FIRST = re.compile(r"(^|\s)1 ")


def translations(language: Language) -> NullTranslations:
    """The pages' catalogue of `language`."""
    return i18n.translations(__package__, "web", language)


@cache
def environment(language: Language) -> Environment:
    """Templates that escape what they are given and speak `language`."""
    made = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    return made


def day(language: Language, when: date | datetime, zone: ZoneInfo) -> str:
    """`mardi 1er décembre 2026`."""
    local = when.astimezone(zone).date() if isinstance(when, datetime) else when
    return _first(language, format_date(local, _DAY, locale=_LOCALES[language]))


def moment(language: Language, when: datetime, zone: ZoneInfo) -> str:
    """`1er décembre 2026 à 10 h 30`, in the town's time."""
    return _first(language, format_datetime(when, _MOMENT[language], tzinfo=zone, locale=_LOCALES[language]))


def coordinates(language: Language, latitude: float, longitude: float) -> str:
    """`48,8130°\u00a0N, 2,3420°\u00a0E`: about ten metres exact; west is `O` in French."""
    west = "O" if language == "fr" else "W"
    sides = ((latitude, "N" if latitude >= 0 else "S"), (longitude, "E" if longitude >= 0 else west))
    return ", ".join(f"{_degrees(language, value)}°\u00a0{side}" for value, side in sides)


def _degrees(language: Language, value: float) -> str:
    return format_decimal(abs(value), "0.0000", locale=_LOCALES[language])


def _first(language: Language, text: str) -> str:
    return _FIRST.sub(r"\g<1>1er ", text) if language == "fr" else text
