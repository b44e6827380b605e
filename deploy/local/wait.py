"""The one place of the local stack that polls."""

from __future__ import annotations

import time
from collections.abc import Callable

_PAUSE = 0.05


def until(condition: Callable[[], object], seconds: float) -> bool:
    """Look again and again until `condition` holds; False when it did not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE)
    return True
