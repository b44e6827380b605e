"""Intake's HTTP application: photos, the citizen's tracking page, and categories for words."""

from __future__ import annotations

from flask import Flask

from services.intake.settings import intake_settings, photo_settings
from services.intake.web.photos import PhotoViews
from services.intake.web.suggestions import SuggestionViews
from services.intake.web.views import TrackingViews
from shared.settings import WebSettings
from shared.web import StaticFiles
from shared.web.pages import Pages
from shared.web.service import open_pool, service_app


def create_app(settings: WebSettings) -> Flask:
    """All that intake answers over HTTP beside its worker's health."""
    own, photos, pool = intake_settings(), photo_settings(), open_pool(settings)
    static = StaticFiles("shared.web")
    pages = Pages("services.intake.web", static, photos.store().public_origin)
    tracking = TrackingViews(pool, own.links, pages)
    uploads = PhotoViews(pool, own.links, photos)
    suggestions = SuggestionViews(pool)
    served = (uploads.blueprint(), tracking.blueprint(), suggestions.blueprint(), static.blueprint())
    return service_app(pool, *served, error_page=tracking.error_page)
