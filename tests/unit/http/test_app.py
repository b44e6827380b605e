"""The HTTP application: routes, errors, limits and headers, called without any server."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from flask import Blueprint, Response, request
from prometheus_client import REGISTRY, Gauge
from werkzeug.test import Client, EnvironBuilder, run_wsgi_app

from shared.health import Health
from shared.l10n import Label
from shared.web import Problem, body_limit, create_app


class StoreAway(Exception):
    """Stands for a database that cannot be reached."""


@body_limit(10)
def _echo() -> Response:
    return Response(request.get_data())


def _raise(error: Exception) -> Blueprint:
    def view(secret: str) -> Response:
        raise error

    return _page("/raise/<secret>", view)


def _page(rule: str, view: Any) -> Blueprint:
    pages = Blueprint("page", __name__)
    pages.add_url_rule(rule, "page", view)
    return pages


def _echoing() -> Blueprint:
    pages = Blueprint("echo", __name__)
    pages.add_url_rule("/echo", "echo", _echo, methods=["POST"])
    return pages


def _app(*pages: Blueprint, **options: Any) -> Client:
    return Client(create_app(_echoing(), *pages, **options))


class TestOwnRoutes:
    def test_health_needs_nothing(self) -> None:
        response = _app(health=Health(lambda: (False, {}))).get("/healthz")
        assert (response.status_code, response.json) == (200, {"alive": True})

    def test_readiness_tells_its_facts(self) -> None:
        response = _app(health=Health(lambda: (True, {"towns": 2}))).get("/readyz")
        assert (response.status_code, response.json) == (200, {"ready": True, "towns": 2})

    def test_not_ready_is_503(self) -> None:
        response = _app(health=Health(lambda: (False, {"broker": "away"}))).get("/readyz")
        assert (response.status_code, response.json) == (503, {"ready": False, "broker": "away"})

    def test_readiness_that_fails_is_not_ready_and_quotes_nothing(self) -> None:
        def ready() -> tuple[bool, dict[str, Any]]:
            raise RuntimeError("ada@example.org")

        response = _app(health=Health(ready)).get("/readyz")
        assert (response.status_code, response.json) == (503, {"ready": False, "error": "RuntimeError"})

    def test_gauges_are_measured_before_metrics_are_read(self) -> None:
        depth = Gauge("test_depth", "A gauge of this test", registry=REGISTRY)
        measured = Health(measure=lambda: depth.set(7))
        assert "test_depth 7.0" in _app(health=measured).get("/metrics").text

    def test_metrics_count_requests_by_route(self) -> None:
        client = _app(_page("/counted/<id>", lambda id: Response("")))
        client.get("/counted/a-word-of-the-path")
        text = client.get("/metrics").text
        assert 'vigie_http_requests_total{method="GET",route="/counted/<id>",status="200"} 1.0' in text
        assert "a-word-of-the-path" not in text

    def test_each_route_is_there_before_its_first_request(self) -> None:
        text = _app(_page("/begun/<id>", lambda id: Response(""))).get("/metrics").text
        for status in ("200", "500"):
            assert (
                f'vigie_http_requests_total{{method="GET",route="/begun/<id>",status="{status}"}} 0.0' in text
            )
        assert 'vigie_http_request_seconds_count{route="/begun/<id>"} 0.0' in text


class TestProblems:
    def test_unknown_address_is_a_problem_in_french(self) -> None:
        response = _app().get("/nowhere")
        assert response.content_type == "application/problem+json"
        assert response.headers["Content-Language"] == "fr"
        assert response.get_json(force=True) == {
            "type": "urn:vigie:problem:not_found",
            "title": "Adresse inconnue",
            "status": 404,
            "code": "not_found",
        }

    @pytest.mark.parametrize(
        ("accepts", "title"),
        [
            ("en-GB,en;q=0.9,fr;q=0.1", "Unknown address"),
            ("de", "Adresse inconnue"),
            ("*", "Adresse inconnue"),
        ],
    )
    def test_title_follows_the_preferred_language(self, accepts: str, title: str) -> None:
        assert (
            _app().get("/nowhere", headers={"Accept-Language": accepts}).get_json(force=True)["title"]
            == title
        )

    def test_wrong_method_says_which_are_right(self) -> None:
        response = _app().get("/echo")
        assert (response.status_code, response.headers["Allow"]) == (405, "POST")

    def test_own_problem_keeps_code_and_headers(self) -> None:
        problem = Problem(429, "busy", Label("Trop", "Too many"), retry_after=7)
        response = _app(_raise(problem)).get("/raise/x")
        assert (response.status_code, response.headers["Retry-After"]) == (429, "7")
        assert response.get_json(force=True)["code"] == "busy"

    def test_unexpected_error_is_500_without_its_words(self) -> None:
        response = _app(_raise(ValueError("ada@example.org"))).get("/raise/x")
        assert response.status_code == 500
        assert "ada" not in response.text

    def test_away_is_503(self) -> None:
        response = _app(_raise(StoreAway()), unavailable=(StoreAway,)).get("/raise/x")
        assert (response.status_code, response.headers["Retry-After"]) == (503, "5")

    @pytest.mark.parametrize(
        ("accepts", "drawn"),
        [("text/html,*/*;q=0.8", True), ("*/*", False), ("application/json", False), ("", False)],
    )
    def test_page_is_drawn_for_browsers_only(self, accepts: str, drawn: bool) -> None:
        client = _app(error_page=lambda problem: Response("<p>page</p>", problem.status))
        response = client.get("/nowhere", headers={"Accept": accepts} if accepts else {})
        assert (response.status_code, response.text == "<p>page</p>") == (404, drawn)


class TestBodies:
    def test_body_within_the_limit_is_read(self) -> None:
        assert _app().post("/echo", data=b"0123456789").data == b"0123456789"

    def test_longer_body_is_refused_unread(self) -> None:
        class Unreadable:
            def read(self, size: int = -1) -> bytes:
                raise AssertionError("read")

        environ = {"CONTENT_LENGTH": "11", "wsgi.input": Unreadable()}
        assert _app().post("/echo", environ_overrides=environ).status_code == 413

    def test_chunked_body_is_refused(self) -> None:
        headers = {"Transfer-Encoding": "chunked"}
        assert _app().post("/echo", headers=headers).status_code == 411
        assert _app().get("/healthz", headers=headers).status_code == 411

    def test_body_of_unknown_length_is_refused(self) -> None:
        environ = EnvironBuilder("/echo", method="POST").get_environ()
        environ.pop("CONTENT_LENGTH", None)
        _, status, _ = run_wsgi_app(create_app(_echoing()), environ)
        assert status == "411 LENGTH REQUIRED"


class TestHeaders:
    def test_security_headers_are_on_every_answer(self) -> None:
        for path in ("/healthz", "/nowhere"):
            headers = _app().get(path).headers
            assert headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["Cache-Control"] == "no-store"

    def test_view_may_set_its_own(self) -> None:
        cached = _page("/cached", lambda: Response("", headers={"Cache-Control": "max-age=60"}))
        assert _app(cached).get("/cached").headers["Cache-Control"] == "max-age=60"

    def test_map_never_redirects_to_the_host_that_a_client_names(self) -> None:
        assert _app().post("/echo/", data=b"x", headers={"Host": "evil.example"}).status_code == 200
        assert _app().get("/", environ_overrides={"PATH_INFO": "//evil.example/echo"}).status_code == 404


def test_access_log_holds_no_token_query_or_address(caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(_page("/suivi/<token>", lambda token: Response("")))
    with caplog.at_level(logging.INFO):
        Client(app).get("/suivi/TOKEN?q=QUERY", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    [record] = caplog.records
    assert (record.__dict__["route"], record.__dict__["status"]) == ("/suivi/<token>", 200)
    assert not [v for v in map(str, record.__dict__.values()) if "TOKEN" in v or "QUERY" in v or "192.0" in v]
