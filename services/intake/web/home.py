"""The town's first page: what may be sent, and how it goes."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, request

from services.intake.web.form.writing import Writing
from shared.web.pages import Pages, page_language


@dataclass(frozen=True, slots=True)
class HomeViews:
    """The view of that page."""

    writing: Writing
    pages: Pages

    def blueprint(self) -> Blueprint:
        """What this view answers."""
        pages = Blueprint("home", __name__)
        pages.add_url_rule("/<town>/", view_func=self.show)
        return pages

    def show(self, town: str) -> Response:
        """The page."""
        known = self.writing.town(town)
        return self.pages.draw(
            "accueil.html", page_language(request), known.branding, slug=town, kinds=known.kinds
        )
