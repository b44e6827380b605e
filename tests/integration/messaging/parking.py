"""Messages that are parked, as a service would have parked them."""

from __future__ import annotations

import json
from typing import Any

from shared import ids
from tests.support.lab import Lab


def park(lab: Lab, body: bytes, consumer: str = "routing.events", **properties: Any) -> str:
    statement = """insert into parked (town, id, consumer, body, properties, attempts, cause)
                   values ('gentilly', %s, %s, %s, %s, 3, 'for a test')"""
    id_ = ids.new_id()
    with lab.probe.connect() as conn:
        conn.execute(statement, [id_, consumer, body, json.dumps({"user_id": "vigie-intake"} | properties)])
    return id_
