"""The gallery: a page that shows each part of the design system in each state."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, Flask, Response, request

from shared.branding import Branding
from shared.l10n import Label, Language
from shared.web import Problem, StaticFiles, create_app
from shared.web.pages import Pages, page_language

TOWNS: Mapping[str, Branding] = {
    "gentilly": Branding("Gentilly"),
    "bourg": Branding(
        "Le Petit-Bourg",
        "#7a1f3d",
        (("contact", "https://bourg.example/contact"), ("privacy", "https://bourg.example/donnees")),
    ),
}
STATES = (
    ("sent", Label("Reçu", "Received")),
    ("given", Label("Confié à un service", "Given to a department")),
    ("taken", Label("Pris en compte", "Taken up")),
    ("planned", Label("Intervention prévue", "Work is planned")),
    ("done", Label("Traité", "Dealt with")),
    ("closed", Label("Clos sans suite", "Closed")),
    ("late", Label("En retard", "Late")),
    ("wrong", Label("Refusé", "Refused")),
)
LINES = (
    ("taken", ("past", "past", "present", "ahead", "ahead")),
    ("done", ("past", "past", "past", "past", "present")),
)
_ITEMS = (
    (Label("Trou devant l’école", "Hole in front of the school"), "12 rue Charles-Frérot · GEN-7K3M-9QX2", 2),
    (Label("Lampadaire éteint", "Street lamp out"), "place Henri-Barbusse · GEN-C0FY-1K53", 4),
    (Label("حفرة أمام المدرسة", "حفرة أمام المدرسة"), "شارع النصر", 6),
)
_TABLE = (
    (
        Label("Propreté", "Cleanliness"),
        Label("1 204", "1,204"),
        Label("1 187", "1,187"),
        Label("98 %", "98%"),
    ),
    (Label("Voirie", "Roads"), Label("311", "311"), Label("256", "256"), Label("82 %", "82%")),
    (Label("Espaces verts", "Parks"), Label("94", "94"), Label("90", "90"), Label("96 %", "96%")),
)


def gallery() -> Flask:
    """Serves the gallery of each town at `/<town>`."""
    static = StaticFiles("shared.web")
    shown = Blueprint("gallery", __name__)
    shown.add_url_rule("/<town>", "show", partial(_show, Pages("tests.browser.gallery", static)))
    return create_app(shown, static.blueprint())


def _show(pages: Pages, town: str) -> Response:
    if town not in TOWNS:
        raise Problem(404)
    language = page_language(request)
    return pages.draw("gallery.html", language, TOWNS[town], **_content(language))


def _content(language: Language) -> dict[str, Any]:
    def said(label: Label) -> str:
        return label.in_language(language)

    states = [(look, said(words)) for look, words in STATES]
    steps = [said(STATES[place][1]) for place in (0, 1, 2, 3, 4)]
    return {
        "t": lambda french, english: said(Label(french, english)),
        "states": states,
        "lines": [(look, list(zip(steps, places, strict=True))) for look, places in LINES],
        "items": [(said(words), "#liste", more, *states[state]) for words, more, state in _ITEMS],
        "table": [[said(cell) for cell in row] for row in _TABLE],
    }
