"""What the floor's four processes have in common."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import amqp
import orjson
import psycopg
import uuid_utils

from tests.load import broker
from tests.load.floor.frames import Window

BATCH = 500
SPACING = 0.015

Document = dict[str, Any]
Handle = Callable[[Sequence[amqp.Message]], None]


def dumps(rows: object) -> str:
    return orjson.dumps(rows).decode()


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def new_id() -> str:
    return str(uuid_utils.uuid7())


class Stage:
    """One process: its database, its window of messages to publish, and what it does with each queue."""

    def __init__(self, service: str) -> None:
        self.conn = psycopg.connect(os.environ[f"{service.upper()}_DATABASE_URL"])
        self.window = Window(os.environ[f"{service.upper()}_AMQP_URL"])
        self.connection = broker.connect(os.environ["BENCH_AMQP_URL"])

    def run(self, handlers: Mapping[str, Handle]) -> None:
        """Take what comes for ever."""
        waiting: dict[str, list[amqp.Message]] = {queue: [] for queue in handlers}
        for queue, messages in waiting.items():
            channel = self.connection.channel()
            channel.basic_qos(0, 2 * BATCH, False)
            channel.basic_consume(queue, callback=messages.append)
        while True:
            self._receive(waiting)
            began = time.monotonic()
            for queue, messages in waiting.items():
                batch = messages[:BATCH]
                if batch:
                    del messages[:BATCH]
                    handlers[queue](batch)
                    batch[-1].channel.basic_ack(batch[-1].delivery_tag, multiple=True)
            time.sleep(max(0.0, began + SPACING - time.monotonic()))

    def _receive(self, waiting: Mapping[str, list[amqp.Message]]) -> None:
        """All that is there; waits for a first one."""
        self._drain(None if not any(waiting.values()) else 0.0001)
        while max(map(len, waiting.values())) < BATCH and self._drain(0.0001):
            pass

    def _drain(self, timeout: float | None) -> bool:
        try:
            self.connection.drain_events(timeout=timeout)
        except TimeoutError:
            return False
        return True

    def event(self, type_: str, cause: Document, data: Document) -> Document:
        """What follows from `cause`."""
        return {
            "specversion": "1.0",
            "datacontenttype": "application/json",
            "id": new_id(),
            "source": "urn:vigie:floor",
            "type": type_,
            "town": cause["town"],
            "time": now(),
            "data": data,
            "subject": data["report"]["id"],
            "sequence": "0000000001",
            "correlationid": cause.get("correlationid") or cause["id"],
            "causationid": cause["id"],
        }
