"""HTTP for the services: a small Werkzeug application, and (in `server`) what serves it beside nameko."""

from __future__ import annotations

from shared.web.app import App, Request, Route, View, make_app
from shared.web.problems import Problem, language_of

__all__ = ["App", "Problem", "Request", "Route", "View", "language_of", "make_app"]
