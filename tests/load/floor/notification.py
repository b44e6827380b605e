"""The floor's notification: whom each fact is told to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import amqp
import orjson

from services.notification.store.repository import QUERIES
from tests.load.floor.stage import Document, Stage, dumps, new_id


class Notification(Stage):
    """Whom each fact is told to."""

    TOLD: ClassVar = {
        "report.submitted.v1": (("citizen", "receipt"),),
        "report.routed.v1": (("citizen", "routed"),),
        "report.forwarded.v1": (("citizen", "forwarded"), ("authority", "handover")),
        "report.triaged.v1": (),
    }
    FACTS = ("kind", "category", "description", "place", "submitted_at")

    def __init__(self) -> None:
        super().__init__("notification")
        self.run({"notification.events": self.facts})

    def facts(self, messages: Sequence[amqp.Message]) -> None:
        rows = [row for m in messages for row in self._rows(orjson.loads(m.body))]
        with self.conn.pipeline():
            self.conn.execute(QUERIES["deliveries_insert"], {"rows": dumps(rows)})
            self.conn.commit()

    def _rows(self, event: Document) -> list[Document]:
        data, report = event["data"], event["data"]["report"]
        own = {name: data[name] for name in ("department", "authority", "decision", "clocks") if name in data}
        told = {"happened_at": event["time"], "report": {name: report[name] for name in self.FACTS}, **own}
        return [
            {
                "town": event["town"],
                "id": new_id(),
                "event_id": event["id"],
                "report_id": report["id"],
                "reference": report["reference"],
                "recipient_kind": recipient,
                "recipient_id": data["authority"] if recipient == "authority" else report["citizen_id"],
                "channel": "mail",
                "template": template,
                "template_version": 1,
                "language": report["language"],
                "data": told,
                "correlation_id": event["correlationid"],
            }
            for recipient, template in self.TOLD[event["type"]]
        ]
