"""The floor's analytics: facts, counts, and the stream."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import amqp
import orjson
import uuid_utils

from services.analytics.domain import Point, cell, delay_class, hour
from services.analytics.store.repository import QUERIES
from tests.load.floor.stage import Document, Stage, dumps


class Analytics(Stage):
    """Facts, counts, and the stream."""

    def __init__(self) -> None:
        super().__init__("analytics")
        self.run({"analytics.events": self.facts})

    def facts(self, messages: Sequence[amqp.Message]) -> None:
        rows = [self._fact(orjson.loads(m.body)) for m in messages]
        counted = Counter(row["town"] for row in rows)
        wanted = dumps([{"town": town, "n": n} for town, n in counted.items()])
        places = {(r["town"], r["cell"] or "", r["category"], f"{r['hour'][:7]}-01") for r in rows}
        names = ("town", "cell", "category", "month")
        asked = dumps([dict(zip(names, place, strict=True)) for place in places])
        taken = self.conn.execute(QUERIES["sequence_take"], {"rows": wanted}).fetchall()
        following = {town: last - counted[town] for town, last in taken}
        for row in rows:
            following[row["town"]] += 1
            row["sequence"] = following[row["town"]]
        with self.conn.pipeline():
            self.conn.execute(QUERIES["fact_count"], {"rows": dumps(rows)})
            found = self.conn.execute(QUERIES["cells_seen"], {"rows": asked})
            self.conn.commit()
            seen = {tuple(row[:4]): row[4] for row in found}
        for row in rows:
            self._tell(row, seen)
        self.window.publish()

    @staticmethod
    def _fact(event: Document) -> Document:
        data, report = event["data"], event["data"]["report"]
        moment = datetime.fromisoformat(event["time"])
        seconds = max(0, int((moment - datetime.fromisoformat(report["submitted_at"])).total_seconds()))
        happened = event["type"].split(".")[1]
        kind = "department" if "department" in data else "authority" if "authority" in data else None
        return {
            "town": event["town"],
            "id": str(uuid_utils.uuid4()),
            "event_id": event["id"],
            "kind": report["kind"],
            "category": report["category"],
            "target_kind": "triage" if happened == "triaged" else kind,
            "target": data.get(kind) if kind else None,
            "happened": happened,
            "hour": hour(moment),
            "delay": delay_class(seconds),
            "seconds": seconds,
            "cell": cell(_point(report["place"])),
        }

    def _tell(self, row: Document, seen: Mapping[Any, int]) -> None:
        month = f"{row['hour'][:7]}-01"
        enough = seen.get((row["town"], row["cell"] or "", row["category"], month), 0) >= 11
        told = {
            "specversion": "1.0",
            "datacontenttype": "application/json",
            "id": row["id"],
            "source": "urn:vigie:floor",
            "type": "statistics.fact.v1",
            "town": row["town"],
            "time": row["hour"],
            "sequence": f"{row['sequence']:010d}",
            "data": {
                "kind": row["kind"],
                "category": row["category"] if enough else row["category"].partition("/")[0],
                "target_kind": row["target_kind"],
                "target": row["target"],
                "happened": row["happened"],
                "hour": row["hour"],
                "delay": row["delay"],
                "cell": row["cell"] if enough else None,
                "coarsened": not enough and "/" in row["category"],
            },
        }
        self.window.add("statistics", row["town"], told)


def _point(place: Mapping[str, Any] | None) -> Point | None:
    return (place["latitude"], place["longitude"]) if place else None
