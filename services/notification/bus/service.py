"""Notification's entrypoints."""

from __future__ import annotations

from services.notification.bus import consumers as handlers
from shared.messaging.backbone import Backbone, without_pages
from shared.messaging.entrypoint import consume
from shared.messaging.message import Delivery
from shared.web.server import HttpServer


class Service:
    """Tells people what becomes of their reports, and authorities what is theirs to do."""

    name = "notification"
    backbone = Backbone(handlers.consumers, handlers.send_mail)
    http = HttpServer(name, without_pages(handlers.measure))

    @consume("notification.events")
    def events(self, deliveries: list[Delivery]) -> None:
        """Facts that somebody must be told."""
        self.backbone.process(deliveries)

    @consume("notification.dead")
    def dead(self, deliveries: list[Delivery]) -> None:
        """What the broker gave up delivering."""
        self.backbone.process(deliveries)
