"""Wakes the relay when another process of the service has committed something to the outbox."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import psycopg

from shared.logs import describe
from shared.outbox.writing import QUERIES

log = logging.getLogger(__name__)

_LOOK_UP = 1.0  # seconds after which it looks whether it is to stop
_PAUSE = 5.0  # seconds before it connects again; meanwhile the relay's own polling finds what is there


class Listener:
    """Listens on a connection of its own to the database at `url`, and calls `wake` at each notification."""

    def __init__(self, url: str, wake: Callable[[], None]) -> None:
        self._url = url
        self._wake = wake

    def run(self, stopping: threading.Event) -> None:
        """Listen until `stopping` is set, connecting again whenever the connection is lost."""
        while not stopping.is_set():
            try:
                self._listen(stopping)
            except psycopg.Error as exc:
                log.warning("the outbox is polled alone: %s", describe(exc))
                stopping.wait(_PAUSE)

    def _listen(self, stopping: threading.Event) -> None:
        with psycopg.connect(self._url, autocommit=True, connect_timeout=5) as conn:
            conn.execute(QUERIES["outbox_listen"])
            self._wake()  # for what was committed while nobody listened
            while not stopping.is_set():
                for _ in conn.notifies(timeout=_LOOK_UP, stop_after=1):
                    self._wake()
