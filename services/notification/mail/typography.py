"""The spaces of French, at which no line may break: inside « » and before : ; ? !"""

from __future__ import annotations

import re
from typing import Any

_WIDE = re.compile(r"(?<=«) | (?=[»:])")
_THIN = re.compile(r" (?=[;?!])")


def french(value: Any) -> Any:
    """`value` with the spaces before and inside marks, in every text in it, as French wants them.

    Spaces that are missing are not added: what a person wrote stays what it says. Catalogues have theirs.
    """
    if isinstance(value, str):
        return _THIN.sub("\u202f", _WIDE.sub("\u00a0", value))
    if isinstance(value, dict):
        return {name: french(item) for name, item in value.items()}
    return type(value)(map(french, value)) if isinstance(value, list | tuple) else value
