"""The application of a service whose pages need its database."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

import psycopg
from flask import Blueprint, Flask
from psycopg_pool import PoolTimeout

from shared import db, towns
from shared.health import Health
from shared.logs import describe
from shared.settings import WebSettings
from shared.web.factory import ErrorPage, create_app

log = logging.getLogger(__name__)

POOL = 4  # connections; a page holds one for as long as its statements take, not for as long as it is shown


def open_pool(settings: WebSettings) -> db.Pool:
    """The web process's own connections to the service's database."""
    return db.open_pool(settings.database_url, f"{settings.name}-web", POOL)


def service_app(pool: db.Pool, *pages: Blueprint, error_page: ErrorPage | None = None) -> Flask:
    """Ready where the database answers and has a town; while it is away, pages are answered 503."""
    away = (psycopg.OperationalError, PoolTimeout)
    return create_app(*pages, health=Health(partial(_ready, pool)), unavailable=away, error_page=error_page)


def _ready(pool: db.Pool) -> tuple[bool, dict[str, Any]]:
    facts: dict[str, Any] = {"database": "away", "towns": {}}
    try:
        with pool.connection(timeout=3) as conn:
            facts["towns"] = towns.versions(conn)
        facts["database"] = "ok"
    except Exception as exc:
        log.warning("not ready: %s", describe(exc))
    return bool(facts["towns"]), facts
