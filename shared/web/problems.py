"""Errors as RFC 9457 problem details, in the language that the client prefers."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from flask import Request, Response
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException

from shared.l10n import LANGUAGES, Label, Language, language_or_french, primary_tag

MEDIA_TYPE = "application/problem+json"

# Status → (code, title) of what any service may answer; a service adds its own by raising Problem.
_COMMON: dict[int, tuple[str, Label]] = {
    400: ("bad_request", Label("Requête illisible", "Unreadable request")),
    401: ("unauthorized", Label("Clé absente ou refusée", "Key missing or refused")),
    404: ("not_found", Label("Adresse inconnue", "Unknown address")),
    405: ("method_not_allowed", Label("Méthode non admise ici", "Method not allowed here")),
    408: ("too_slow", Label("Envoi trop lent", "Sent too slowly")),
    411: ("length_required", Label("Content-Length est obligatoire", "Content-Length is required")),
    413: ("too_large", Label("Envoi trop volumineux", "Too large")),
    500: ("internal_error", Label("Erreur interne", "Internal error")),
    503: ("unavailable", Label("Momentanément indisponible", "Unavailable for the moment")),
}


class Problem(Exception):
    """An error to be told to the client.

    `status`: HTTP status. `code`: short and stable, for programs. `title`: one sentence;
    may be left out for the statuses common to all services. `retry_after`: seconds.
    """

    def __init__(
        self,
        status: int,
        code: str = "",
        title: Label | None = None,
        *,
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        common_code, common_title = _COMMON.get(status, _COMMON[500 if status >= 500 else 400])
        self.status = status
        self.code = code or common_code
        self.title = title or common_title
        self.headers = dict(headers or {})
        if retry_after is not None:
            self.headers["Retry-After"] = str(retry_after)
        super().__init__(self.code)

    def response(self, language: Language) -> Response:
        """The problem as `application/problem+json`."""
        body = {
            "type": f"urn:vigie:problem:{self.code}",
            "title": self.title.in_language(language),
            "status": self.status,
            "code": self.code,
        }
        headers = Headers({**self.headers, "Content-Language": language})
        return Response(orjson.dumps(body), self.status, headers, content_type=MEDIA_TYPE)


def from_werkzeug(error: HTTPException) -> Problem:
    """Werkzeug's own error (404, 405, 413, a broken form) as a problem with the headers that belong to it."""
    headers = dict(h for h in error.get_headers() if h[0] in ("Allow", "Retry-After"))
    return Problem(error.code or 500, headers=headers)


def language_of(request: Request) -> Language:
    """The first language of `Accept-Language` that is one of ours, else French."""
    wanted = (primary_tag(tag) for tag, quality in request.accept_languages if quality)
    return language_or_french(next((tag for tag in wanted if tag in LANGUAGES), None))
