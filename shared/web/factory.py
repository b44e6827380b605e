"""The Flask application of a service: its pages, health, metrics, errors, limits, headers and access log.

It knows no server: Werkzeug's test client can call it as well as gunicorn.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException

from shared import health
from shared.health import Health
from shared.web import access, limits
from shared.web.problems import Problem, from_werkzeug, language_of

log = logging.getLogger(__name__)

ErrorPage = Callable[[Problem], Response]

# What a page of ours may load: nothing but itself. A view that needs more sets its own header.
_SECURITY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


_HEALTHY = Health()


def create_app(
    *pages: Blueprint,
    health: Health = _HEALTHY,
    unavailable: tuple[type[Exception], ...] = (),
    error_page: ErrorPage | None = None,
) -> Flask:
    """The service's WSGI application.

    `unavailable`: exceptions of a view that mean "try again soon" (503), such as a database that is away.
    `error_page` draws a problem for whoever prefers HTML; others get problem+json.
    """
    app = _bare_app()
    access.install(app)
    limits.install(app)
    app.register_error_handler(Exception, partial(_tell, unavailable, error_page))
    app.after_request(_secure)
    for blueprint in (_health_pages(health), *pages):
        app.register_blueprint(blueprint)
    access.begin(app)
    return app


def _bare_app() -> Flask:
    app = Flask("shared.web", static_folder=None)
    app.config.update(PROPAGATE_EXCEPTIONS=False, PROVIDE_AUTOMATIC_OPTIONS=False)
    # No redirect by the map: it would repeat the Host header that the client sent.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.url_map.redirect_defaults = False
    return app


def _secure(response: Response) -> Response:
    for name, value in _SECURITY.items():
        response.headers.setdefault(name, value)
    return response


def _tell(
    unavailable: tuple[type[Exception], ...], error_page: ErrorPage | None, error: Exception
) -> Response:
    """What is answered instead, as a page for browsers and as problem+json for programs."""
    problem = _problem(error, unavailable)
    wants_html = request.accept_mimetypes.best_match(["application/problem+json", "text/html"])
    if error_page and request.accept_mimetypes and wants_html == "text/html":
        page = error_page(problem)
        page.headers.update(problem.headers)
        return page
    return problem.response(language_of(request))


def _problem(error: Exception, unavailable: tuple[type[Exception], ...]) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        return from_werkzeug(error)
    if isinstance(error, unavailable):
        log.warning("request not answered", extra={"route": access.route(), "error": type(error).__name__})
        return Problem(503, retry_after=5)
    log.error("request failed", exc_info=error, extra={"route": access.route()})
    return Problem(500)


def _health_pages(of: Health) -> Blueprint:
    pages = Blueprint("health", __name__)
    for path in health.PATHS:
        pages.add_url_rule(path, path[1:], partial(_health_page, of, path))
    return pages


def _health_page(of: Health, path: str) -> Response:
    answer = of.answer(path)
    assert answer
    return Response(answer.body, answer.status, content_type=answer.media_type)
