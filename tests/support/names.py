"""Names of what a test run makes on the shared servers; they tell which process made it, even killed."""

from __future__ import annotations

import itertools
import os
import re
from pathlib import Path

_counter = itertools.count(1)
_NAME = re.compile(r"^test[-_](\d+)[-_]\d+")


def unique() -> str:
    """A name that no other run and no other test has; good for a vhost and a bucket."""
    return f"test-{os.getpid()}-{next(_counter)}"


def is_leftover(name: str) -> bool:
    """Was this made by a test process that is gone?"""
    found = _NAME.match(name)
    return found is not None and not Path("/proc", found[1]).exists()
