"""What `vigie` says to operators, in the language that is spoken: English in the code, French in catalogues.

    _ = words_of("services.routing")              # its locale/fr/LC_MESSAGES/vigie.po
    _("{town}: version {version}", town=slug, version=3)
    HINT = N_("a list")                           # kept here and said elsewhere, with _(HINT)

English is spoken until a command chooses (`speaking`): so services log in English whatever their environment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from shared.l10n.catalogues import translations
from shared.l10n.labels import Language

_SETTINGS = ("LC_ALL", "LC_MESSAGES", "LANG")
_NO_LANGUAGE = ("", "C", "POSIX")

_spoken: ContextVar[Language] = ContextVar("spoken", default="en")


class Words(Protocol):
    """Says a text, its placeholders filled, in the language that is spoken."""

    def __call__(self, text: str, /, **values: object) -> str: ...


def words_of(package: str) -> Words:
    """What says the texts of `package`, and those that all have from `shared`."""

    def say(text: str, /, **values: object) -> str:
        found = translations("vigie", spoken(), package, "shared").gettext(text)
        return str(found.format(**values) if values else found)

    return say


def N_(text: str) -> str:
    """`text` itself: marks it for the catalogue where it is kept and not said."""
    return text


def spoken() -> Language:
    """The language that is spoken."""
    return _spoken.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak `language` meanwhile."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def of_environment(environ: Mapping[str, str]) -> Language | None:
    """The language that a locale in the environment names: English for those that we do not speak, too.

    None where it names none, as `C`, `C.UTF-8` and `POSIX`.
    """
    named = next((environ[name] for name in _SETTINGS if environ.get(name)), "")
    language = named.partition(".")[0].partition("@")[0].partition("_")[0]
    if language in _NO_LANGUAGE:
        return None
    return "fr" if language.lower() == "fr" else "en"
