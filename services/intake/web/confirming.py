"""The page of a link that confirms a kept report. Showing it confirms nothing: mail scanners open links."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, request

from services.intake.domain.links import Links
from services.intake.usecases.web_reports import WebReports, waiting
from services.intake.web.towns import TownsOfPages
from shared import db
from shared.l10n import Dates, unbroken
from shared.unit import Units
from shared.web import Problem, body_limit, see_other
from shared.web.pages import Pages, page_language


@dataclass(frozen=True, slots=True)
class ConfirmingViews:
    """The view of such links."""

    pool: db.Pool
    towns: TownsOfPages
    web_reports: WebReports
    links: Links
    pages: Pages

    def blueprint(self) -> Blueprint:
        """What this view answers."""
        pages = Blueprint("confirming", __name__)
        pages.add_url_rule("/confirmer/<token>", view_func=self.ask)
        pages.add_url_rule("/confirmer/<token>", "confirm", self.confirm, methods=["POST"])
        return pages

    def ask(self, token: str) -> Response:
        """What is to be confirmed, and the button; the report's own page once it is."""
        slug, report_id = self._named(token)
        town = self.towns.town(slug)
        with self.pool.connection() as conn:
            kept = waiting(conn, slug, report_id)
        if kept is None:
            return self._before(token)
        language = page_language(request, kept.language)
        label = town.label(kept.category).in_language(language)
        return self.pages.draw(
            "confirmer.html",
            language,
            town.branding,
            slug=slug,
            reference=kept.reference,
            category=unbroken(label, language),
            until=Dates(language, str(town.time_zone)).day_and_moment(kept.until),
        )

    @body_limit(1024)
    def confirm(self, token: str) -> Response:
        """Confirm, and show the report's own page."""
        slug, report_id = self._named(token)
        with Units(self.pool).open() as unit:
            confirmed = self.web_reports.confirm(unit, slug, report_id)
        return see_other(confirmed) if confirmed else self._gone(slug)

    def _before(self, token: str) -> Response:
        slug, report_id = self._named(token)
        with self.pool.connection() as conn:
            confirmed = self.web_reports.confirmed(conn, slug, report_id)
        return see_other(confirmed) if confirmed else self._gone(slug)

    def _gone(self, slug: str) -> Response:
        town, language = self.towns.town(slug), page_language(request)
        return self.pages.draw("confirmer.html", language, town.branding, 410, slug=slug, category="")

    def _named(self, token: str) -> tuple[str, str]:
        named = self.links.to_confirm(token)
        if named is None:
            raise Problem(404)
        return named
