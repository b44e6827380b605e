"""Routing's entrypoints."""

from __future__ import annotations

from services.routing import clocks
from services.routing.bus import consumers as handlers
from shared.messaging.backbone import Backbone, without_pages
from shared.messaging.entrypoint import consume
from shared.messaging.message import Delivery
from shared.web.server import HttpServer


class Service:
    """Decides who gets each report, and keeps its case."""

    name = "routing"
    backbone = Backbone(handlers.consumers, clocks.watch)
    http = HttpServer(name, without_pages())

    @consume("routing.events")
    def events(self, deliveries: list[Delivery]) -> None:
        """New reports."""
        self.backbone.process(deliveries)

    @consume("routing.actions")
    def actions(self, deliveries: list[Delivery]) -> None:
        """What agent tools ask for."""
        self.backbone.process(deliveries)

    @consume("routing.dead")
    def dead(self, deliveries: list[Delivery]) -> None:
        """What the broker gave up delivering."""
        self.backbone.process(deliveries)
