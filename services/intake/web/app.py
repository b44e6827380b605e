"""Intake's HTTP application: photos, and the citizen's tracking page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg_pool import PoolTimeout

from services.intake.photos.settings import photo_settings
from services.intake.settings import intake_settings
from services.intake.web.photos import PhotoViews
from services.intake.web.views import TrackingViews
from shared.web import App, make_app

if TYPE_CHECKING:
    from shared.run.backbone import Backbone


def intake_app(backbone: Backbone) -> App:
    """All that intake answers over HTTP."""
    settings, photos = intake_settings(backbone.settings), photo_settings()
    tracking = TrackingViews(backbone.pool, settings.url, settings.secret, photos.store().public_origin)
    return make_app(
        [*PhotoViews(backbone.pool, settings.secret, photos).routes(), *tracking.routes()],
        ready=backbone.ready,
        measure=backbone.measure,
        unavailable=(psycopg.OperationalError, PoolTimeout),
        error_page=tracking.error_page,
    )
