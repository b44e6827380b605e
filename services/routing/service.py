"""Routing's entrypoints."""

from __future__ import annotations

from services.routing import clocks, handlers
from shared.http.app import App, make_app
from shared.http.server import HttpServer
from shared.messaging.backbone import Backbone
from shared.messaging.entrypoint import consume
from shared.messaging.message import Delivery


def _app(backbone: Backbone) -> App:
    return make_app(ready=backbone.ready, measure=backbone.measure)


class Service:
    """Decides who gets each report, and keeps its case."""

    name = "routing"
    backbone = Backbone(handlers.consumers, clocks.watch)
    http = HttpServer(name, lambda providers: _app(providers["backbone"]))

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
