"""The marks that French sets apart by spaces: « » : ; ? !

Sentences that are stored, published or compared have plain spaces. What is made for reading (pages, mails,
`vigie report show`) goes through `unbroken`, so that no line breaks before a mark.
"""

from __future__ import annotations

import re
from typing import Any

_WIDE = re.compile(r"(?<=«) | (?=[»:])")
_THIN = re.compile(r" (?=[;?!])")


def colon(language: str) -> str:
    """What stands between a name and its value."""
    return ": " if language == "en" else " : "


def quoted(text: str, language: str) -> str:
    """`text` between the quotation marks of the language."""
    return f"“{text}”" if language == "en" else f"« {text} »"


def unbroken(value: Any, language: str) -> Any:
    """`value` with no-break spaces before and inside the marks, in every text in it; English stays as it is.

    Spaces that are missing are not added: what a person wrote stays what it says. Catalogues have theirs.
    """
    return value if language == "en" else _french(value)


def _french(value: Any) -> Any:
    if isinstance(value, str):
        return _THIN.sub("\u202f", _WIDE.sub("\u00a0", value))
    if isinstance(value, dict):
        return {name: _french(item) for name, item in value.items()}
    return type(value)(map(_french, value)) if isinstance(value, list | tuple) else value
