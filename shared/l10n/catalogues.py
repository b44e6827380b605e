"""Texts in two languages: gettext catalogues, read from their .po files; nothing has to be compiled."""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from shared.l10n.labels import Language

SOURCE_LANGUAGE: Language = "en"


@cache
def translations(domain: str, language: str, *packages: str) -> NullTranslations:
    """The catalogues `locale/<language>/LC_MESSAGES/<domain>.po` of `packages`, ready for gettext.

    A text is looked up in one after the other; a package without a catalogue is passed over. English is what
    templates and words are written in: it has none.
    """
    found = [_compiled(package, domain, language) for package in packages if _has(package, domain, language)]
    for catalogue, following in pairwise(found):
        catalogue.add_fallback(following)
    return found[0] if found else NullTranslations()


def catalogue(package: str, domain: str, language: str) -> Any:
    """The catalogue as Babel reads it, with its comments and flags."""
    with _path(package, domain, language).open("rb") as file:
        return read_po(file, locale=language)


def _compiled(package: str, domain: str, language: str) -> Translations:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(package, domain, language))
    compiled.seek(0)
    return Translations(compiled)


def _has(package: str, domain: str, language: str) -> bool:
    return language != SOURCE_LANGUAGE and bool(_path(package, domain, language).is_file())


def _path(package: str, domain: str, language: str) -> Any:
    return files(package).joinpath("locale", language, "LC_MESSAGES", f"{domain}.po")
