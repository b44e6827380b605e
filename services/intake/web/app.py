"""Intake's HTTP application: photos, and the citizen's tracking page."""

from __future__ import annotations

from flask import Flask

from services.intake.photos.settings import photo_settings
from services.intake.settings import intake_settings
from services.intake.web.photos import PhotoViews
from services.intake.web.texts import STATIC
from services.intake.web.views import TrackingViews
from shared.settings import WebSettings
from shared.web.service import open_pool, service_app


def create_app(settings: WebSettings) -> Flask:
    """All that intake answers over HTTP beside its worker's health."""
    own, photos, pool = intake_settings(), photo_settings(), open_pool(settings)
    tracking = TrackingViews(pool, own.url, own.secret, photos.store().public_origin)
    uploads = PhotoViews(pool, own.secret, photos)
    pages = (uploads.blueprint(), tracking.blueprint(), STATIC.blueprint())
    return service_app(pool, *pages, error_page=tracking.error_page)
