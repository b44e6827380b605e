"""The tracking page, and the page for a link that leads nowhere."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from services.intake.domain import tracking_links as links
from services.intake.domain.photo_links import signed_url
from services.intake.usecases.follow_up import FollowUp, PageTown, follow_up, page_town
from services.intake.web import texts
from services.intake.web.wording import STATES, Words
from shared import clock, db
from shared.l10n import Language
from shared.towns import Towns
from shared.web import Problem

_OTHER: dict[Language, Language] = {"fr": "en", "en": "fr"}


class TrackingViews:
    """Pages for citizens. `base_url`: intake's public address. `photo_origin`: where photos are read from."""

    def __init__(self, pool: db.Pool, base_url: str, secret: str, photo_origin: str) -> None:
        self._pool = pool
        self._base_url = base_url
        self._secret = secret
        self._towns: Towns[PageTown] = Towns(page_town)
        self._policy = (
            f"default-src 'none'; style-src 'self'; img-src 'self' {photo_origin}; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )

    def blueprint(self) -> Blueprint:
        """What these views answer."""
        pages = Blueprint("tracking", __name__)
        pages.add_url_rule("/suivi/<token>", view_func=self.track)
        return pages

    def track(self, token: str) -> Response:
        """The page of one report."""
        named = links.read_token(self._secret, token)
        if named is None:
            raise Problem(404)
        town, report_id = named
        with self._pool.connection() as conn:
            found = follow_up(conn, self._towns, town, report_id)
        language = language_of_page()
        return self._page(render(language, found, lambda photo, size: self._photo(town, photo, size)))

    def error_page(self, problem: Problem) -> Response:
        """What a browser shows instead of a page."""
        language = language_of_page()
        template = texts.environment(language).get_template("problem.html")
        words = {"status": problem.status, "title": problem.title[language]}
        return self._page(template.render(_common(language), **words), problem.status)

    def _photo(self, town: str, photo_id: str, size: Any) -> str:
        return signed_url(self._base_url, self._secret, town, photo_id, size)

    def _page(self, html: str, status: int = 200) -> Response:
        headers = {"Content-Security-Policy": self._policy, "X-Robots-Tag": "noindex, nofollow"}
        return Response(html, status, headers, content_type="text/html; charset=utf-8")


def render(language: Language, report: FollowUp | None, photo_url: Any) -> str:
    """The tracking page as HTML; of a report that is not known, only that it was received."""
    environment = texts.environment(language)
    if report is None:
        gettext, received = texts.translations(language).gettext, STATES["submitted"]
        said = {"title": gettext(received.title), "sentence": gettext(received.sentence)}
        return environment.get_template("received.html").render(_common(language), **said)
    words = Words(language, report)
    return environment.get_template("suivi.html").render(
        _common(language),
        report=report,
        words=words,
        now=words.now(),
        history=words.history(),
        is_late=report.until is not None and report.until < clock.now(),
        photo_url=photo_url,
    )


def language_of_page() -> Language:
    """French, or English where the address asks for it."""
    return "en" if request.args.get("lang") == "en" else "fr"


def _common(language: Language) -> dict[str, Any]:
    return {"language": language, "other_language": _OTHER[language]}
