"""Analytics' entrypoints."""

from __future__ import annotations

from services.analytics import handlers
from shared.http.app import App, make_app
from shared.http.server import HttpServer
from shared.messaging.backbone import Backbone
from shared.messaging.entrypoint import consume
from shared.messaging.message import Delivery


def _app(backbone: Backbone) -> App:
    return make_app(ready=backbone.ready, measure=backbone.measure)


class Service:
    """Counts what happens to reports, and tells the analysts."""

    name = "analytics"
    backbone = Backbone(handlers.consumers)
    http = HttpServer(name, lambda providers: _app(providers["backbone"]))

    @consume("analytics.events")
    def events(self, deliveries: list[Delivery]) -> None:
        """What intake and routing tell of reports and towns."""
        self.backbone.process(deliveries)

    @consume("analytics.dead")
    def dead(self, deliveries: list[Delivery]) -> None:
        """What the broker gave up delivering."""
        self.backbone.process(deliveries)
