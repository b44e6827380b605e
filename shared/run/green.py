"""psycopg made cooperative under eventlet.

psycopg's own binary wait blocks the whole process (ten `pg_sleep(1)` at once take 10 s), and its
Python one is ten times slower by the row. These wait in eventlet's hub instead. `install` replaces
`psycopg.waiting.wait` and `wait_conn`, through which psycopg calls them; hence the exact pin.
"""

from __future__ import annotations

from collections.abc import Generator
from time import monotonic
from typing import Any

import eventlet
import psycopg.waiting as waiting
from eventlet.hubs import trampoline
from eventlet.patcher import original
from psycopg import errors

_select = original("select")
_BAD = _select.POLLERR | _select.POLLHUP | _select.POLLNVAL
_BUSY = 0.005

Waits = Generator[Any, Any, Any]


def install() -> None:
    """Make psycopg green. Call after `monkey_patch` and before the first connection."""
    waiting.wait = wait
    waiting.wait_conn = wait_conn


def installed() -> bool:
    """True once psycopg waits in the hub."""
    return waiting.wait is wait


def wait(gen: Waits, fileno: int, interval: float = 0.0, timeout: float | None = None) -> Any:
    """Run one of psycopg's generators to its end; raises its `_WaitTimeout` after `timeout` seconds."""
    try:
        return _drive(gen, lambda state: (fileno, state), timeout)
    except StopIteration as end:
        return end.value


def wait_conn(gen: Waits, interval: float = 0.0, timeout: float | None = None) -> Any:
    """As `wait`, for a generator that connects: its descriptor may change from step to step."""
    try:
        return _drive(gen, lambda state: state, timeout)
    except StopIteration as end:
        return end.value


def _drive(gen: Waits, what: Any, timeout: float | None) -> None:
    deadline = None if timeout is None else monotonic() + timeout
    fileno, state = what(next(gen))
    yielded = monotonic()
    while True:
        # What is to be written can nearly always be written at once: no trip through the hub for that.
        ready = _poll(fileno, state) if state & waiting.WAIT_W else 0
        if ready and monotonic() - yielded > _BUSY:
            eventlet.sleep(0)
            yielded = monotonic()
        while not ready:
            _sleep_until_ready(fileno, state, deadline)
            ready, yielded = _poll(fileno, state), monotonic()
        fileno, state = what(gen.send(ready))


def _poll(fileno: int, state: int) -> int:
    reads, writes = state & waiting.WAIT_R, state & waiting.WAIT_W
    poll = _select.poll()
    poll.register(fileno, (_select.POLLIN if reads else 0) | (_select.POLLOUT if writes else 0))
    ready = 0
    for _, happened in poll.poll(0):
        ready |= waiting.READY_R if reads and happened & (_select.POLLIN | _BAD) else 0
        ready |= waiting.READY_W if writes and happened & (_select.POLLOUT | _BAD) else 0
    return ready


def _sleep_until_ready(fileno: int, state: int, deadline: float | None) -> None:
    """In the hub. Asked for both, wait for writing: reading is looked at right after."""
    left = None if deadline is None else max(0.0, deadline - monotonic())
    writes = bool(state & waiting.WAIT_W)
    try:
        trampoline(fileno, read=not writes, write=writes, timeout=left, timeout_exc=_TimeUp)
    except _TimeUp:
        raise errors._WaitTimeout("wait timeout expired") from None


class _TimeUp(Exception):
    pass
