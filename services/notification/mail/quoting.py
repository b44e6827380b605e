"""What people have written, made fit for a mail: no trick of headers, of reading order, of links."""

from __future__ import annotations

import re
import unicodedata

_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_SHOWN = frozenset("\n\t")
_BLANK = re.compile(r"[^\S\u00a0\u202f]+")


def one_line(text: str) -> str:
    """`text` as one line fit for a header: no control character, no line break, no turned reading.

    Spaces at which no line may break stay what they are.
    """
    return _BLANK.sub(" ", "".join(map(_visible, text.translate(_BIDI)))).strip()


def many_lines(text: str) -> str:
    """`text` with its line breaks, and without the characters that nobody sees and that mislead readers."""
    lines = "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return "".join(c if c in _SHOWN else _visible(c) for c in lines.translate(_BIDI)).strip()


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    return " " if category in ("Cc", "Zl", "Zp") else "" if category == "Cs" else character


_WORD = re.compile(r"\S+")
_LINK = re.compile(r"(?i)://|www\.|@|[a-z0-9]\.[a-z]{2,}/")


def without_links(text: str) -> str:
    """`text` with addresses and links taken out: for what is sent back to an address nobody has checked.

    Otherwise anybody could make the town send links of their choosing to anyone.
    """
    return _WORD.sub(lambda word: "[…]" if _LINK.search(word[0]) else word[0], text)


def excerpt(text: str, length: int = 300) -> str:
    """The beginning of `text`, cut between words."""
    if len(text) <= length:
        return text
    cut = text[:length].rsplit(None, 1)[0] if " " in text[:length] else text[:length]
    return cut.rstrip(" ,;:.") + " …"


def first_name(name: str) -> str:
    """A name fit to greet with, or nothing: letters, spaces, hyphens and apostrophes, 40 at the most."""
    tidy = one_line(name)
    harmless = all(c.isalpha() or unicodedata.category(c).startswith("M") or c in " -'’." for c in tidy)
    return tidy if harmless and len(tidy) <= 40 else ""
