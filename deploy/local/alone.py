"""One command at a time in a checkout."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator

from deploy.local import paths, say


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Wait until no other command of this checkout is at work, and keep others waiting."""
    with paths.LOCK.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say.line("another command is at work in this checkout: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
