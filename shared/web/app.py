"""The WSGI application of a service: its routes, health, metrics, limits, headers and access log.

It knows no server: `werkzeug.test.Client` can call it as well as `shared.web.server`.
"""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import orjson
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from werkzeug import Request as WerkzeugRequest
from werkzeug import Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from shared.web.problems import Problem, from_werkzeug, language_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

logger = logging.getLogger(__name__)

REQUESTS = Counter("vigie_http_requests_total", "HTTP requests answered", ["method", "route", "status"])
SECONDS = Histogram("vigie_http_request_seconds", "Time to answer a request", ["route"])

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
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


class Request(WerkzeugRequest):
    """A request whose uploaded files stay in memory: nothing that a citizen sends touches the disk here."""

    max_form_memory_size = None  # the route's body limit already bounds the whole
    max_form_parts = 20

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return io.BytesIO()


View = Callable[..., Response]
Ready = Callable[[], tuple[bool, Mapping[str, Any]]]
Measure = Callable[[], None]
ErrorPage = Callable[[Request, Problem], Response]


@dataclass(frozen=True, slots=True)
class Route:
    """`view(request, **arguments)` answers `methods` at `rule` (Werkzeug's syntax: `/photos/<token>`).

    `body_limit`: bytes admitted in a request's body; a longer one is refused unread with 413.
    """

    rule: str
    view: View
    methods: tuple[str, ...] = ("GET",)
    body_limit: int = 0


def make_app(
    routes: Iterable[Route] = (),
    *,
    ready: Ready = lambda: (True, {}),
    measure: Measure = lambda: None,
    unavailable: tuple[type[Exception], ...] = (),
    error_page: ErrorPage | None = None,
) -> App:
    """The service's WSGI application.

    `ready()` gives whether the service can work, and facts for the operator (JSON, no secret).
    `measure()` brings the gauges up to date before the metrics are read.
    `unavailable`: exceptions of a view that mean "try again soon" (503), such as a database that is away.
    `error_page` draws a problem for whoever prefers HTML; others get problem+json.
    """
    return App([*_own_routes(ready, measure), *routes], unavailable, error_page)


class App:
    """A WSGI application; make it with `make_app`."""

    def __init__(
        self, routes: list[Route], unavailable: tuple[type[Exception], ...], error_page: ErrorPage | None
    ) -> None:
        rules = [Rule(r.rule, methods=r.methods, endpoint=r) for r in routes]
        # No redirect by the map: it would repeat the Host header that the client sent.
        self._map = Map(rules, strict_slashes=False, merge_slashes=False, redirect_defaults=False)
        self._unavailable = unavailable
        self._error_page = error_page

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        began = time.perf_counter()
        request = Request(environ)
        name, response = self._answer(request)
        for header, value in _SECURITY.items():
            response.headers.setdefault(header, value)
        _account(request, name, response, time.perf_counter() - began)
        return response(environ, start_response)

    def _answer(self, request: Request) -> tuple[str, Response]:
        name = "unmatched"
        try:
            route, arguments = self._match(request)
            name = route.rule
            _check_body(request, route.body_limit)
            return name, route.view(request, **arguments)
        except Problem as problem:
            return name, self._tell(request, problem)
        except HTTPException as error:
            return name, self._tell(request, from_werkzeug(error))
        except self._unavailable as error:
            logger.warning("request not answered", extra={"route": name, "error": type(error).__name__})
            return name, self._tell(request, Problem(503, retry_after=5))
        except Exception:
            logger.exception("request failed", extra={"route": name})
            return name, self._tell(request, Problem(500))

    def _match(self, request: Request) -> tuple[Route, Mapping[str, Any]]:
        route, arguments = self._map.bind_to_environ(request.environ).match()
        assert isinstance(route, Route)
        return route, arguments

    def _tell(self, request: Request, problem: Problem) -> Response:
        wants_html = request.accept_mimetypes.best_match(["application/problem+json", "text/html"])
        if self._error_page and request.accept_mimetypes and wants_html == "text/html":
            page = self._error_page(request, problem)
            page.headers.update(problem.headers)
            return page
        return problem.response(language_of(request))


def _check_body(request: Request, limit: int) -> None:
    # A body of unknown length would have to be read to be measured: refuse it, as RFC 9110 allows.
    if "Transfer-Encoding" in request.headers:
        raise Problem(411)
    if request.method in _WITH_BODY and request.content_length is None:
        raise Problem(411)
    if (request.content_length or 0) > limit:
        raise Problem(413)


def _account(request: Request, name: str, response: Response, seconds: float) -> None:
    method = request.method if request.method in _METHODS else "other"
    REQUESTS.labels(method, name, str(response.status_code)).inc()
    SECONDS.labels(name).observe(seconds)
    # Never the path, the query or the client's address: they hold tokens and persons.
    level = logging.DEBUG if name in _OWN else logging.INFO
    facts = {"method": method, "route": name, "status": response.status_code, "seconds": round(seconds, 4)}
    logger.log(level, "request", extra=facts)


_OWN = ("/healthz", "/readyz", "/metrics")


def _own_routes(ready: Ready, measure: Measure) -> list[Route]:
    return [
        Route("/healthz", lambda request: _json({"alive": True})),
        Route("/readyz", lambda request: _readiness(ready)),
        Route("/metrics", lambda request: _metrics(measure)),
    ]


def _metrics(measure: Measure) -> Response:
    measure()
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _readiness(ready: Ready) -> Response:
    try:
        is_ready, facts = ready()
    except Exception as error:
        logger.warning("readiness unknown", exc_info=True)
        is_ready, facts = False, {"error": type(error).__name__}
    return _json({"ready": is_ready, **facts}, 200 if is_ready else 503)


def _json(body: Mapping[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, content_type="application/json")
