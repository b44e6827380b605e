"""Texts in two languages: gettext catalogues, read from their .po files; nothing has to be compiled."""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from shared.l10n.labels import Language

SOURCE_LANGUAGE: Language = "en"


@cache
def translations(package: str, domain: str, language: str) -> NullTranslations:
    """The catalogue `locale/<language>/LC_MESSAGES/<domain>.po` of `package`, ready for gettext.

    English is what templates and words are written in: it has none.
    """
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(package, domain, language))
    compiled.seek(0)
    return Translations(compiled)


def catalogue(package: str, domain: str, language: str) -> Any:
    """The catalogue as Babel reads it, with its comments and flags."""
    path = files(package).joinpath("locale", language, "LC_MESSAGES", f"{domain}.po")
    with path.open("rb") as file:
        return read_po(file, locale=language)
