"""Analytics' entrypoints."""

from __future__ import annotations

from services.analytics.bus import consumers as handlers
from shared.messaging.backbone import Backbone, without_pages
from shared.messaging.entrypoint import consume
from shared.messaging.message import Delivery
from shared.web.server import HttpServer


class Service:
    """Counts what happens to reports, and tells the analysts."""

    name = "analytics"
    backbone = Backbone(handlers.consumers)
    http = HttpServer(name, without_pages())

    @consume("analytics.events")
    def events(self, deliveries: list[Delivery]) -> None:
        """What intake and routing tell of reports and towns."""
        self.backbone.process(deliveries)

    @consume("analytics.dead")
    def dead(self, deliveries: list[Delivery]) -> None:
        """What the broker gave up delivering."""
        self.backbone.process(deliveries)
