"""Serves an application with gunicorn: one process with threads, and one above it that starts it again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn import glogging
from gunicorn.app.base import BaseApplication

from shared.settings import SettingMissing
from shared.web.gthread import HEAD_SECONDS, ThreadWorker

log = logging.getLogger(__name__)

THREADS = 16
CONNECTIONS = 900  # below the thousand descriptors that a process has at least
STOP_SECONDS = 25

_SETTINGS: dict[str, Any] = {
    "workers": 1,
    "worker_class": ThreadWorker,
    "threads": THREADS,
    "worker_connections": CONNECTIONS,
    "keepalive": int(HEAD_SECONDS),
    "graceful_timeout": STOP_SECONDS,
    "timeout": 60,  # the loop's, not a request's: a process whose loop stands still is replaced
    "limit_request_line": 4094,
    "limit_request_fields": 64,
    "limit_request_field_size": 8190,
    "http_parser": "python",  # whose errors gthread.py knows
    "sendfile": False,
    "control_socket_disable": True,
    # No header of a client's says anything about where it comes from.
    "forwarded_allow_ips": "",
    "forwarder_headers": "",
    "secure_scheme_headers": {},
}


class _Logs(glogging.Logger):  # type: ignore[misc]
    """gunicorn's own words, through the logs that the process has. The application logs requests itself."""

    def setup(self, cfg: Any) -> None:
        """Leave all to `shared.logs`."""
        self.error_log = logging.getLogger("gunicorn")

    def access(self, *_: Any) -> None:
        """Nothing: gunicorn would write path, query and address."""


class _Application(BaseApplication):  # type: ignore[misc]
    def __init__(self, make: Callable[[], Flask], listen: tuple[str, int], name: str) -> None:
        self._make = make
        self._listen = listen
        self._name = name
        super().__init__()

    def load_config(self) -> None:
        """What gunicorn is told."""
        host, port = self._listen
        bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        ready = {"when_ready": self._is_up, "on_exit": self._has_stopped}
        for name, value in {**_SETTINGS, "bind": bind, "logger_class": _Logs, **ready}.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, made in the process that serves it."""
        try:
            return self._make()
        except SettingMissing as missing:
            log.critical("%s", missing)
            raise

    def _is_up(self, _: Any) -> None:
        log.info("%s is up", self._name)

    def _has_stopped(self, _: Any) -> None:
        log.info("%s has stopped", self._name)


def serve(make: Callable[[], Flask], listen: tuple[str, int], name: str) -> None:
    """Serve what `make` makes on `listen` (host, port), until SIGTERM; requests in work are then finished."""
    _Application(make, listen, name).run()
