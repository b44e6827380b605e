"""Intake's HTTP application: the town's form, the follow-up page, photos, and categories for words."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Flask

from services.intake.domain.follow_up import page_town
from services.intake.domain.reports import town
from services.intake.settings import IntakeSettings, PhotoSettings, intake_settings, photo_settings
from services.intake.usecases.acts import Acts
from services.intake.usecases.drafts import Drafts
from services.intake.usecases.limits import HourlyCount, Limits
from services.intake.usecases.submissions import Submissions
from services.intake.usecases.uploads import Uploads
from services.intake.usecases.web_reports import WebReports
from services.intake.web.acts import ActViews
from services.intake.web.confirming import ConfirmingViews
from services.intake.web.form.drawing import Drawing
from services.intake.web.form.views import FormViews
from services.intake.web.form.writing import Writing
from services.intake.web.home import HomeViews
from services.intake.web.networks import Networks
from services.intake.web.open311.views import Open311Views
from services.intake.web.photos import PhotoViews
from services.intake.web.suggestions import SuggestionViews
from services.intake.web.towns import TownsOfPages
from services.intake.web.tracking import TrackingViews
from shared import db
from shared.settings import WebSettings
from shared.towns import Towns
from shared.web import StaticFiles
from shared.web.pages import Pages
from shared.web.service import open_pool, service_app


def create_app(settings: WebSettings) -> Flask:
    """All that intake answers over HTTP beside its worker's health."""
    return application(open_pool(settings), intake_settings(), photo_settings())


def application(pool: db.Pool, own: IntakeSettings, photos: PhotoSettings) -> Flask:
    """The same, on this pool and with these settings."""
    static = StaticFiles("shared.web", "services.intake.web")
    pages = Pages("services.intake.web", static, photos.store().public_origin)
    tracking, uploads = TrackingViews(pool, own.links, pages), Uploads(pool, photos)
    networks = Networks(HourlyCount(own.per_network), own.network_key)
    acts = Acts(own.links, Towns(page_town))
    served = (
        PhotoViews(pool, own.links, photos.store(), uploads).blueprint(),
        tracking.blueprint(),
        SuggestionViews(pool).blueprint(),
        static.blueprint(),
        ActViews(pool, own.links, pages, acts, uploads, networks.check).blueprint(),
        *_form(pool, own, pages, uploads, networks),
        _open311(pool, own, pages, uploads),
    )
    return service_app(pool, *served, error_page=tracking.error_page)


def _open311(pool: db.Pool, own: IntakeSettings, pages: Pages, uploads: Uploads) -> Blueprint:
    limits = Limits(HourlyCount(own.per_front_end), HourlyCount(own.per_address), own.trusted)
    submissions = Submissions(own.links, Towns(town), limits)
    return Open311Views(pool, submissions, uploads, own.links, pages.gettext).blueprint()


def _form(
    pool: db.Pool, own: IntakeSettings, pages: Pages, uploads: Uploads, networks: Networks
) -> Iterator[Blueprint]:
    limits = Limits(HourlyCount(own.per_front_end), HourlyCount(own.per_web_address))
    web_reports = WebReports(Submissions(own.links, Towns(town), limits))
    writing, towns = Writing(pool, Drafts(web_reports)), TownsOfPages(pool)
    drawing = Drawing(pages, writing, own.links.tracking)
    yield FormViews(towns, writing, drawing, uploads, own.links, networks.check).blueprint()
    yield ConfirmingViews(pool, towns, web_reports, own.links, pages).blueprint()
    yield HomeViews(towns, pages).blueprint()
