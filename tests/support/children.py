"""Processes that tests start must not outlive them, even when the tests are killed."""

from __future__ import annotations

import ctypes
import signal

_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def dies_with_us() -> None:
    """To be run in the child before it becomes a program: the kernel kills it when its parent goes."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
