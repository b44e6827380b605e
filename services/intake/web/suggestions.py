"""Categories for a person's own words, for front ends: `/<town>/rubriques?q=…`."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request

from services.intake.usecases.suggesting import Suggesters
from shared import db
from shared.l10n import Label
from shared.web import Problem
from shared.web.pages import page_language

_NO_WORDS = Label("Il manque les mots : ?q=…", "The words are missing: ?q=…")


class SuggestionViews:
    """The view of proposals."""

    def __init__(self, pool: db.Pool) -> None:
        self._pool = pool
        self._suggesters = Suggesters()

    def blueprint(self) -> Blueprint:
        """What this view answers."""
        pages = Blueprint("suggestions", __name__)
        pages.add_url_rule("/<town>/rubriques", view_func=self.suggest)
        return pages

    def suggest(self, town: str) -> Response:
        """At most three proposals as JSON, the best first. `?lang=`: the labels' language."""
        text, language = request.args.get("q", ""), page_language(request)
        if not text.strip():
            raise Problem(400, "required", _NO_WORDS)
        with self._pool.connection() as conn:
            found = self._suggesters.suggest(conn, town, text)
        if found is None:
            raise Problem(404)
        said = [each.as_dict(language) for each in found]
        return Response(orjson.dumps(said), content_type="application/json")
