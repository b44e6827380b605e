"""A follow-up page that is opened before its report is stored: received, and in the town's own colours."""

from __future__ import annotations

from collections.abc import Callable

import psycopg

from services.intake.domain.links import Links
from services.intake.web.tracking import TrackingViews
from services.routing import townfiles
from services.routing.domain import to_event_data
from shared import db, ids, towns
from shared.web import StaticFiles, create_app
from shared.web.pages import Pages
from tests.support.system import GENTILLY

SECRET = "0123456789abcdef" * 4


def test_it_is_received_and_looks_like_the_town(database: Callable[[str], str]) -> None:
    url, links = database("intake"), Links("", SECRET)
    colour = {"look": {"colour": "#7a1f3d"}}
    with psycopg.connect(url) as conn:
        towns.keep(conn, "gentilly", {**to_event_data(townfiles.load(GENTILLY), 1), **colour})
    with db.open_pool(url, "test") as pool:
        views = TrackingViews(pool, links, Pages("services.intake.web", StaticFiles("shared.web")))
        client = create_app(views.blueprint(), error_page=views.error_page).test_client()
        page = client.get(links.tracking("gentilly", ids.new_id()))
        assert page.status_code == 200
        assert ("Gentilly" in page.text, "#7a1f3d" in page.text, "Reçu" in page.text) == (True, True, True)
        elsewhere = client.get(links.tracking("ailleurs", ids.new_id()))
        assert elsewhere.status_code == 200
        assert "ailleurs" not in elsewhere.text.lower()
