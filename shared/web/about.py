"""The first page of a web process that has no other pages yet: it says what answers here."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, request

from shared.l10n import Label
from shared.web.pages import SHARED, Pages, page_language
from shared.web.static_files import StaticFiles


def about(name: str, sentence: Label) -> tuple[Blueprint, Blueprint]:
    """`/`: the service's name, and a sentence; and the style of that page."""
    static = StaticFiles(SHARED)
    pages = Blueprint("about", __name__)
    pages.add_url_rule("/", "index", partial(_index, Pages(SHARED, static), name, sentence))
    return pages, static.blueprint()


def _index(pages: Pages, name: str, sentence: Label) -> Response:
    language = page_language(request)
    return pages.draw("about.html", language, name=name, sentence=sentence.in_language(language))
