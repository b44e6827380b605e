"""The tracking page, and the page for a link that leads nowhere."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, request

from services.intake.domain.follow_up import FollowUp, PageTown, page_town
from services.intake.domain.links import Links, Size
from services.intake.usecases.follow_up import follow_up, town_of_page
from services.intake.web.wording import STATES, Words
from shared import clock, db
from shared.l10n import Language
from shared.towns import Towns
from shared.web import Problem
from shared.web.pages import Pages, page_language

PhotoUrl = Callable[[str, Size], str]


class TrackingViews:
    """Pages for citizens."""

    def __init__(self, pool: db.Pool, links: Links, pages: Pages) -> None:
        self._pool = pool
        self._links = links
        self._towns: Towns[PageTown] = Towns(page_town)
        self._pages = pages

    def blueprint(self) -> Blueprint:
        """What these views answer."""
        pages = Blueprint("tracking", __name__)
        pages.add_url_rule("/suivi/<token>", view_func=self.track)
        return pages

    def track(self, token: str) -> Response:
        """The page of one report; of one that is not stored yet, only that it was received."""
        named = self._links.tracked(token)
        if named is None:
            raise Problem(404)
        town, report_id = named
        with self._pool.connection() as conn:
            found = follow_up(conn, self._towns, town, report_id)
            known = town_of_page(conn, self._towns, town)
        if found is None:
            return self._received(page_language(request), known)
        return draw(
            self._pages,
            page_language(request, found.language),
            found,
            lambda photo, size: self._links.photo(town, photo, size),
            f"/suivi/{token}",
        )

    def error_page(self, problem: Problem) -> Response:
        """What a browser shows instead of a page."""
        language = page_language(request)
        status, title = problem.status, problem.title.in_language(language)
        return self._pages.draw("problem.html", language, status=status, code=status, title=title)

    def _received(self, language: Language, town: PageTown | None) -> Response:
        state = STATES["submitted"]
        said = [self._pages.gettext(language, text) for text in (state.title, state.sentence)]
        branding = town.branding if town else None
        return self._pages.draw("received.html", language, branding, title=said[0], sentence=said[1])


def draw(pages: Pages, language: Language, report: FollowUp, photo_url: PhotoUrl, base: str) -> Response:
    """The tracking page."""
    words = Words(language, report, lambda text: pages.gettext(language, text))
    return pages.draw(
        "suivi.html",
        language,
        report.town,
        report=report,
        words=words,
        now=words.now(),
        line=words.line(),
        history=words.history(),
        is_late=report.until is not None and report.until < clock.now(),
        photo_url=photo_url,
        base=base,
    )
