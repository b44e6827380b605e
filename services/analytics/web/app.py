"""Analytics' pages: the activity follow-up. None yet."""

from __future__ import annotations

from flask import Flask

from shared.l10n import Label
from shared.settings import WebSettings
from shared.web.about import about
from shared.web.service import open_pool, service_app

_ABOUT = Label(
    "Le suivi d’activité : il n’a pas encore de pages.", "The activity follow-up: it has no pages yet."
)


def create_app(settings: WebSettings) -> Flask:
    """All that analytics answers over HTTP beside its worker's health."""
    return service_app(open_pool(settings), *about(settings.name, _ABOUT))
