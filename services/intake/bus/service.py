"""Intake's entrypoints."""

from __future__ import annotations

from services.intake.bus import consumers as handlers
from services.intake.usecases import photo_keeping as tasks
from services.intake.web.app import intake_app
from shared.messaging.backbone import Backbone
from shared.messaging.entrypoint import consume
from shared.messaging.message import Delivery
from shared.web.server import HttpServer


class Service:
    """Takes reports, keeps their authors' identity, and shows them what became of their reports."""

    name = "intake"
    backbone = Backbone(handlers.consumers, *tasks.TASKS)
    http = HttpServer(name, lambda providers: intake_app(providers["backbone"]))

    @consume("intake.submissions")
    def submissions(self, deliveries: list[Delivery]) -> None:
        """What front ends send."""
        self.backbone.process(deliveries)

    @consume("intake.events")
    def events(self, deliveries: list[Delivery]) -> None:
        """What routing tells."""
        self.backbone.process(deliveries)

    @consume("intake.contacts")
    def contacts(self, deliveries: list[Delivery]) -> None:
        """Notification's questions for addresses."""
        self.backbone.process(deliveries)

    @consume("intake.dead")
    def dead(self, deliveries: list[Delivery]) -> None:
        """What the broker gave up delivering."""
        self.backbone.process(deliveries)
