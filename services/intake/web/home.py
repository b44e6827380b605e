"""The first pages: which towns there are, and of each what may be sent and how it goes."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, request

from services.intake.web.towns import TownsOfPages
from shared.web import Problem, see_other
from shared.web.pages import Pages, page_language


@dataclass(frozen=True, slots=True)
class HomeViews:
    """The views of these pages."""

    towns: TownsOfPages
    pages: Pages

    def blueprint(self) -> Blueprint:
        """What these views answer."""
        pages = Blueprint("home", __name__)
        pages.add_url_rule("/", view_func=self.choose)
        pages.add_url_rule("/<town>/", view_func=self.show)
        return pages

    def choose(self) -> Response:
        """The towns to choose from; where there is one alone, its page."""
        language, towns = page_language(request), self.towns.all()
        if not towns:
            raise Problem(404)
        if len(towns) == 1:
            return see_other(f"/{next(iter(towns))}/")
        named = [(town.branding.title(language), f"/{slug}/?lang={language}") for slug, town in towns.items()]
        return self.pages.draw("villes.html", language, towns=named)

    def show(self, town: str) -> Response:
        """What may be sent to a town."""
        known, language = self.towns.town(town), page_language(request)
        return self.pages.draw("accueil.html", language, known.branding, slug=town, kinds=known.kinds)
