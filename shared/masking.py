"""What names or reaches a person in a text, found and masked: before others read it who need not know.

Found are telephone numbers, e-mail addresses, IBANs, number plates as France writes them, and names after
"Monsieur", "Mme", "Mrs" and the like. Other names cannot be told from other words, and stay. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import phonenumbers

from shared.l10n import Label, Language

Kind = Literal["email", "iban", "phone", "plate", "name"]

MASKS: dict[Kind, Label] = {
    "email": Label("[adresse masquée]", "[address masked]"),
    "iban": Label("[compte masqué]", "[account masked]"),
    "phone": Label("[téléphone masqué]", "[telephone masked]"),
    "plate": Label("[plaque masquée]", "[plate masked]"),
    "name": Label("[nom masqué]", "[name masked]"),
}

_COUNTRY = "FR"  # of numbers that are written without theirs
_EMAIL = re.compile(r"[\w.+'-]{1,64}(?: ?@ ?| ?[(\[]at[)\]] ?| arobase )[\w-]+(?:\.[\w-]+)+")
_IBAN = re.compile(r"\b[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]){11,30}\b", re.IGNORECASE | re.ASCII)
# Since 2009 AB-123-CD, without I, O and U; before, 123 ABC 94.
_LETTERS = "[A-HJ-NP-TV-Z]"
_PLATE = re.compile(
    rf"\b(?:{_LETTERS}{{2}}[ -]?[0-9]{{3}}[ -]?{_LETTERS}{{2}}"
    rf"|[0-9]{{2,4}}[ -]?{_LETTERS}{{2,3}}[ -]?(?:[0-9]{{2}}|2[AB]))\b",
    re.IGNORECASE,
)
# Two letters on either side of a number, and no plate.
_SMALL_WORDS = frozenset(
    ["AU", "DE", "DU", "EN", "ET", "LA", "LE", "NE", "SA", "SE", "TA", "TE", "RUE", "BIS"]
)
_UPPER = r"[^\W\d_a-zà-öø-ÿ]"  # a letter that is not small
_NAME = rf"(?:d['’]|de |du |le |la |van |von )?{_UPPER}[\w'’.-]*"
_TITLE = (
    r"\b(?:[Mm]onsieur|[Mm]essieurs|[Mm]adame|[Mm]esdames|[Mm]ademoiselle|MONSIEUR|MADAME|[Dd]octeur|[Mm]aître"
    r"|MM?|Mme|MME|Mmes|Mlle|Mr|Mrs|Ms|Miss|Dr|Me)"
)
_NAMED = re.compile(rf"({_TITLE}(?:\.[ \u00a0]*|[ \u00a0]+))({_NAME}(?:[ \u00a0]{_NAME}){{0,2}})")
# Whom one addresses so by what they are: these are no names.
_OFFICES = re.compile(
    r"(?i)(?:la |le |l['’])?(?:maire|pr[ée]sident|direct(?:eur|rice)|pr[ée]fet|d[ée]put[ée]|mayor)"
)


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A part of a text, from `start` to before `end`, and what it is."""

    start: int
    end: int
    kind: Kind


def find(text: str) -> list[Found]:
    """The parts that are to be masked, in their order; none lies in another."""
    kept: list[Found] = []
    for each in sorted(_all(text), key=lambda found: (found.start, -found.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def masked(text: str, language: Language = "fr") -> str:
    """The text with what `find` finds replaced by a word that says what was there."""
    for each in reversed(find(text)):
        text = text[: each.start] + MASKS[each.kind].in_language(language) + text[each.end :]
    return text


def without(text: str) -> str:
    """The text without what `find` finds, and without a word in its place: to count words, not to be read."""
    for each in reversed(find(text)):
        text = f"{text[: each.start]} {text[each.end :]}"
    return text


def _all(text: str) -> Iterator[Found]:
    yield from (Found(m.start(), m.end(), "email") for m in _EMAIL.finditer(text))
    yield from (Found(m.start(), m.start() + n, "iban") for m in _IBAN.finditer(text) if (n := _iban(m[0])))
    for part in re.finditer("[^/]+", text):  # a stroke stands between two numbers, and in none
        numbers = phonenumbers.PhoneNumberMatcher(part[0], _COUNTRY)
        yield from (Found(part.start() + m.start, part.start() + m.end, "phone") for m in numbers)
    yield from (Found(m.start(), m.end(), "plate") for m in _PLATE.finditer(text) if _is_plate(m[0]))
    yield from (Found(m.start(2), m.end(2), "name") for m in _NAMED.finditer(text) if _is_name(m[2]))


def _iban(text: str) -> int:
    """How much of the text is an account with the right check digits (ISO 13616); words may follow it."""
    ends = (length for length in range(len(text), 14, -1) if text[length - 1].isalnum())
    return next((length for length in ends if _is_iban(text[:length])), 0)


def _is_iban(text: str) -> bool:
    bare = re.sub(r"[ -]", "", text).upper()
    digits = "".join(str(int(character, 36)) for character in bare[4:] + bare[:4])
    return 15 <= len(bare) <= 34 and int(digits) % 97 == 1


def _is_plate(text: str) -> bool:
    """Between spaces, small letters and small words are an address: `12 rue 94`, `LE 123 DE`."""
    letters = re.findall("[A-Z]+", text)
    return " " not in text or (bool(letters) and not any(each in _SMALL_WORDS for each in letters))


def _is_name(text: str) -> bool:
    return _OFFICES.match(text) is None
