"""How much a request may bring. A route admits no body, unless its view says how large one may be."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import IO, TypeVar

import flask
from flask import Flask, request

from shared.web.problems import Problem

View = TypeVar("View", bound=Callable[..., object])

_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_LIMIT = "body_limit"


def body_limit(size: int) -> Callable[[View], View]:
    """Let the view admit a body of `size` bytes; a longer one is refused unread with 413."""

    def mark(view: View) -> View:
        setattr(view, _LIMIT, size)
        return view

    return mark


def install(app: Flask) -> None:
    """Refuse what is too large, or of unknown length, before any view is called."""
    app.request_class = Request

    @app.before_request
    def check() -> None:
        if request.routing_exception is None:
            _check(getattr(app.view_functions[request.endpoint or ""], _LIMIT, 0))


def _check(limit: int) -> None:
    # A body of unknown length would have to be read to be measured: refuse it, as RFC 9110 allows.
    if "Transfer-Encoding" in request.headers:
        raise Problem(411)
    if request.method in _WITH_BODY and request.content_length is None:
        raise Problem(411)
    if (request.content_length or 0) > limit:
        raise Problem(413)


class Request(flask.Request):
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
