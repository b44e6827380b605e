"""Requests as they are counted and logged: by route, never by path, query or address."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

from shared import health
from shared.health import REQUESTS, SECONDS, UNMATCHED

log = logging.getLogger(__name__)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def install(app: Flask) -> None:
    """Count and log each request of `app`."""
    app.before_request(_begin)
    app.after_request(_account)


def begin(app: Flask) -> None:
    """Show the metrics of each route that `app` has, from now on, at 0: served, and failed."""
    for rule in app.url_map.iter_rules():
        SECONDS.labels(rule.rule)
        for method in _METHODS & (rule.methods or set()):
            for status in ("200", "500"):
                REQUESTS.labels(method, rule.rule, status)


def route() -> str:
    """The present request's route, as its pattern: `/suivi/<token>`."""
    return request.url_rule.rule if request.url_rule else UNMATCHED


def _begin() -> None:
    g.began = time.perf_counter()


def _account(response: Response) -> Response:
    seconds = time.perf_counter() - g.began
    method = request.method if request.method in _METHODS else "other"
    name = route()
    REQUESTS.labels(method, name, str(response.status_code)).inc()
    SECONDS.labels(name).observe(seconds)
    # A path holds the key to a report, a query may name a person: neither is logged, nor any address.
    facts = {"method": method, "route": name, "status": response.status_code, "seconds": round(seconds, 4)}
    log.log(logging.DEBUG if name in health.PATHS else logging.INFO, "request", extra=facts)
    return response
