"""The pages' languages: catalogue, coordinates, and the template environment."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from babel.numbers import format_decimal
from babel.support import NullTranslations
from jinja2 import Environment, PackageLoader, StrictUndefined

from shared.l10n import Language
from shared.l10n import catalogues as i18n
from shared.web import StaticFiles

STATIC = StaticFiles("shared.web", __package__)

_LOCALES: Mapping[Language, str] = {"fr": "fr_FR", "en": "en_GB"}


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
    made.globals["static_url"] = STATIC.url
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    return made


def coordinates(language: Language, latitude: float, longitude: float) -> str:
    """`48,8130°\u00a0N, 2,3420°\u00a0E`: about ten metres exact; west is `O` in French."""
    west = "O" if language == "fr" else "W"
    sides = ((latitude, "N" if latitude >= 0 else "S"), (longitude, "E" if longitude >= 0 else west))
    return ", ".join(f"{_degrees(language, value)}°\u00a0{side}" for value, side in sides)


def _degrees(language: Language, value: float) -> str:
    return format_decimal(abs(value), "0.0000", locale=_LOCALES[language])
