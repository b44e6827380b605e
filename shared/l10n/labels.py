"""The same words in French and in English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["fr", "en"]

LANGUAGES: tuple[Language, ...] = ("fr", "en")
# A language tag (RFC 5646), or a locale's name with its underscore.
_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{1,8})*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Label:
    """Words in both languages."""

    fr: str
    en: str

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Label:
        """From `{"fr": …, "en": …}`, as events and tables have it; without English, the French stands."""
        return cls(texts["fr"], texts.get("en") or texts["fr"])

    @classmethod
    def same(cls, text: str) -> Label:
        """A name or a slug that is the same in both languages."""
        return cls(text, text)

    def in_language(self, language: str) -> str:
        """The English words for `en`, else the French."""
        return self.en if language == "en" else self.fr

    def as_dict(self) -> dict[str, str]:
        """As events and tables have it."""
        return {"fr": self.fr, "en": self.en}


def language_or_french(name: str | None) -> Language:
    """`name` where it is a language of ours, else French."""
    return "en" if name == "en" else "fr"


def primary_tag(text: str) -> str:
    """The language that a tag names: `fr` of `fr-FR`, `en_GB`, `FR`; any other text as it is."""
    found = _TAG.fullmatch(text)
    return found[1].lower() if found else text
