"""HTTP for a service's pages: a Flask application, and (in `serving`) gunicorn, which serves it."""

from __future__ import annotations

from shared.web.factory import create_app
from shared.web.limits import body_limit
from shared.web.problems import Problem, language_of
from shared.web.redirects import see_other
from shared.web.static_files import StaticFiles

__all__ = ["Problem", "StaticFiles", "body_limit", "create_app", "language_of", "see_other"]
