"""What a process says of itself on `/healthz`, `/readyz` and `/metrics`, whatever serves it."""

from __future__ import annotations

import logging
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Any

import orjson
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    Counter,
    Histogram,
    Info,
    disable_created_metrics,
    generate_latest,
)

from shared.logs import describe

log = logging.getLogger(__name__)

disable_created_metrics()  # type: ignore[no-untyped-call]  # second series, of no use to us

BUILD = Info("vigie_build", "The release that runs, and its Python")
BUILD.info({"version": metadata.version("vigie"), "python": platform.python_version()})

REQUESTS = Counter("vigie_http_requests_total", "HTTP requests answered", ["method", "route", "status"])
SECONDS = Histogram("vigie_http_request_seconds", "Time to answer a request", ["route"])
UNMATCHED = "unmatched"

PATHS = ("/healthz", "/readyz", "/metrics")

# Whether the process can work, and facts for the operator (JSON, no secret).
Ready = Callable[[], tuple[bool, Mapping[str, Any]]]
# Brings the gauges up to date, before the metrics are read.
Measure = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to GET: HTTP status, media type and body."""

    status: int
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Health:
    """Answers for one process. The metrics are the whole of prometheus-client's default registry.

    A service's worker, and the one process that serves its pages, each have a registry of their own.
    """

    ready: Ready = lambda: (True, {})
    measure: Measure = lambda: None

    def answer(self, path: str) -> Answer | None:
        """The answer at one of PATHS; None at any other."""
        if path == "/healthz":
            return _json({"alive": True})
        if path == "/readyz":
            return self._readiness()
        if path == "/metrics":
            self.measure()
            return Answer(200, CONTENT_TYPE_LATEST, generate_latest())
        return None

    def _readiness(self) -> Answer:
        try:
            is_ready, facts = self.ready()
        except Exception as exc:
            log.warning("readiness unknown: %s", describe(exc))
            is_ready, facts = False, {"error": type(exc).__name__}
        return _json({"ready": is_ready, **facts}, 200 if is_ready else 503)


def _json(body: Mapping[str, Any], status: int = 200) -> Answer:
    return Answer(status, "application/json", orjson.dumps(body))
