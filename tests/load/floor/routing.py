"""The floor's routing: new reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

import amqp
import orjson

from services.routing.domain import TRANSITIONS, Report, decide
from services.routing.domain.moves import MOVE_TO
from services.routing.store.repository import QUERIES
from services.routing.townfiles import load
from shared.contracts.states import STEPS, event_type
from tests.load.floor.stage import Document, Stage, dumps
from tests.support.system import GENTILLY


class Routing(Stage):
    """New reports."""

    STATES: ClassVar = {kind: TRANSITIONS["submitted", move] for kind, move in MOVE_TO.items()}
    TYPES: ClassVar = {kind: event_type(STEPS[state]) for kind, state in STATES.items()}

    def __init__(self) -> None:
        super().__init__("routing")
        self.town = load(GENTILLY)
        self.run({"routing.events": self.reports})

    def reports(self, messages: Sequence[amqp.Message]) -> None:
        moment = datetime.now(UTC)
        rows = [self._case(orjson.loads(m.body), moment) for m in messages]
        with self.conn.pipeline():
            self.conn.execute(QUERIES["cases_insert"], {"rows": dumps(rows)})
            self.conn.commit()
        self.window.publish()

    def _case(self, event: Document, moment: datetime) -> Document:
        report = event["data"]["report"]
        decision = decide(self.town, Report.from_data(report, event["data"]["front_end"]), moment)
        clocks = {"acknowledge_by": decision.clocks.acknowledge_by, "resolve_by": decision.clocks.resolve_by}
        reason = dict(decision.reason)
        data = {
            "report": report,
            "decision": {"rule": decision.rule, "rule_set": "1", "reason": reason},
            "clocks": {name: at for name, at in clocks.items() if at},
        }
        if decision.target:
            data[decision.target_kind] = decision.target
        told = self.event(self.TYPES[decision.target_kind], event, data)
        body = self.window.add("events", f"{event['town']}.{told['type']}", told)
        if decision.target_kind == "department":
            self.window.add("desk", f"{event['town']}.{decision.target}", told, body)
        return {
            "town": event["town"],
            "report_id": report["id"],
            "reference": report["reference"],
            "report": report,
            "state": self.STATES[decision.target_kind],
            "target_kind": decision.target_kind,
            "target": decision.target,
            "rule": decision.rule,
            "rule_set": 1,
            "reason": reason,
            **clocks,
            "sequence": 1,
            "changed_at": told["time"],
        }
