"""A page that publishes, in a web process of its own: `python -m tests.support.publishing_page`.

With routing's settings. `POST /publish` commits an event of routing's, then answers its id.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Flask

from shared import clock, ids, logs, settings
from shared.settings import WebSettings
from shared.unit import Units
from shared.web import serving
from shared.web.service import open_pool, service_app
from tests.contract.examples import example


def create_app(own: WebSettings) -> Flask:
    """As a service's."""
    pool = open_pool(own)
    units = Units(pool)
    pages = Blueprint("publishing", __name__)

    @pages.post("/publish")
    def publish() -> str:
        event = replace(example("report.acknowledged.v1"), id=ids.new_id(), time=clock.timestamp())
        with units.open() as unit:
            unit.publish(event)
        return event.id

    return service_app(pool, pages)


def main() -> None:
    """Serve until SIGTERM."""
    logs.configure("routing-web")
    own = settings.web_settings("routing")
    serving.serve(lambda: create_app(own), own.listen, "routing-web")


if __name__ == "__main__":
    main()
