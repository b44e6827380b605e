"""The first page of a web process that has no other pages yet: it says what answers here."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template, request

from shared.web.problems import language_of


def about(name: str, sentence: Mapping[str, str]) -> Blueprint:
    """`/`: the service's name, and a sentence in each language."""
    pages = Blueprint("about", __name__)

    @pages.get("/")
    def index() -> str:
        language = language_of(request)
        return render_template("about.html", language=language, name=name, sentence=sentence[language])

    return pages
