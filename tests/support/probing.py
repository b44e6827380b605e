"""Drives the service of `tests.support.probe`: starts and kills it, sends to it, looks at what it did."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import pika
import psycopg
from pika.adapters.blocking_connection import BlockingChannel

from deploy.local import paths
from shared import clock, ids
from shared.amqp import Outgoing, Publisher
from shared.contracts.envelope import Event
from tests.support.children import dies_with_us
from tests.support.ground import Ground
from tests.support.system import wait_until
from tests.support.told import BY_TESTS

QUEUES = ("routing.events", "routing.actions", "routing.dead")
TOLD = ("intake.events", "notification.events", "analytics.events")
_TABLES = """
create table effect (
  town text, id text, key text, pid int,
  tx xid8 default pg_current_xact_id(), at timestamptz default clock_timestamp());
create table cured ();
create table beat (at timestamptz default clock_timestamp());
"""


def fact(do: str = "count", town: str = "gentilly", id: str | None = None, key: str = "") -> Event:
    """A fact that makes the probe do something."""
    return _event("report.submitted.v1", do, town, id, key)


def request(do: str = "count", town: str = "gentilly", id: str | None = None, key: str = "") -> Event:
    """A request that makes the probe do something."""
    return _event("agent.noted.v1", do, town, id, key)


def _event(type_: str, do: str, town: str, id: str | None, key: str) -> Event:
    data = {"do": do, "key": key}
    return Event(
        id=id or ids.new_id(), source=BY_TESTS, type=type_, town=town, time=clock.timestamp(), data=data
    )


def outgoing(event: Event) -> Outgoing:
    """The fact as intake would publish it."""
    return Outgoing("events", f"{event.town}.{event.type}", event.encode(), event.id, event.type)


class Probe:
    """The service on one vhost and one database; several processes of it may run."""

    def __init__(self, ground: Ground, database_url: str, folder: Path) -> None:
        self.values = ground.values | {"ROUTING_DATABASE_URL": database_url}
        self.url = database_url
        self.log_file = folder / "probe.log"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._kept = False
        self.publisher = Publisher(self.values["INTAKE_AMQP_URL"], "vigie-intake")
        with self.connect() as conn:
            conn.execute(_TABLES)
        self.purge()

    def close(self) -> None:
        """End everything."""
        self._kept = False
        self.kill()
        self.publisher.close()

    # Processes

    def start(self, **environment: str) -> subprocess.Popen[bytes]:
        """Start a process of it, without waiting for anything."""
        with self.log_file.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.probe"],
                env=os.environ | self.values | {"RETRY_DELAYS": "0.1,0.2,0.4"} | environment,
                cwd=paths.ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=dies_with_us,
            )
        self._processes.append(process)
        return process

    def start_ready(self, **environment: str) -> subprocess.Popen[bytes]:
        """Start a process and wait until the broker sees one consumer more on each queue."""
        before = {queue: self.consumers(queue) for queue in QUEUES}
        process = self.start(**environment)
        wait_until(
            lambda: all(self.consumers(q) > n for q, n in before.items()), what=f"{before} more consume"
        )
        return process

    def stop(self, patience: float = 60) -> list[int]:
        """SIGTERM to all; returns their exit codes."""
        for process in self._processes:
            process.terminate()
        codes = [process.wait(patience) for process in self._processes]
        self._processes.clear()
        return codes

    def kill(self) -> None:
        """SIGKILL to all."""
        for process in self._processes:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGKILL)
            process.wait(10)
        self._processes.clear()

    @contextlib.contextmanager
    def kept_running(self, **environment: str) -> Iterator[list[int]]:
        """Start it again whenever it dies, as systemd would; gives the exit codes, as they come."""
        codes: list[int] = []
        self._kept = True

        def keep() -> None:
            while self._kept:
                codes.append(self.start(**environment).wait())
                self._processes.clear()

        keeper = threading.Thread(target=keep)
        keeper.start()
        try:
            yield codes
        finally:
            self._kept = False
            while keeper.is_alive():
                self.kill()
                keeper.join(0.2)

    @property
    def log(self) -> str:
        """All that it has logged."""
        return self.log_file.read_text() if self.log_file.is_file() else ""

    # The broker

    def publish(self, events: Iterable[Event]) -> list[Event]:
        """Publish facts as intake; all are confirmed when this returns."""
        sent = list(events)
        assert not self.publisher.publish([outgoing(event) for event in sent])
        return sent

    def publish_raw(self, body: bytes, exchange: str = "events", key: str = "", **properties: Any) -> None:
        """Publish anything, to routing's events unless said otherwise, as a user who may do all."""
        key = key or "gentilly.report.submitted.v1"
        properties = {"user_id": self.admin, "delivery_mode": 2} | properties
        with self.channel() as channel:
            channel.basic_publish(exchange, key, body, pika.BasicProperties(**properties), mandatory=True)

    @property
    def admin(self) -> str:
        """The user who may do all."""
        return urlsplit(self.values["ADMIN_AMQP_URL"]).username or ""

    @contextlib.contextmanager
    def channel(self) -> Iterator[BlockingChannel]:
        """A channel of somebody who may do all, with confirms."""
        connection = pika.BlockingConnection(pika.URLParameters(self.values["ADMIN_AMQP_URL"]))
        try:
            channel = connection.channel()
            channel.confirm_delivery()
            yield channel
        finally:
            connection.close()

    def depth(self, queue: str) -> int:
        """Messages ready in a queue."""
        with self.channel() as channel:
            return int(channel.queue_declare(queue, passive=True).method.message_count)

    def consumers(self, queue: str) -> int:
        """Consumers of a queue, as the broker sees them."""
        with self.channel() as channel:
            return int(channel.queue_declare(queue, passive=True).method.consumer_count)

    def purge(self) -> None:
        """Empty the queues that tests use."""
        with self.channel() as channel:
            for queue in (*QUEUES, *TOLD):
                channel.queue_purge(queue)

    def told(self, queue: str = "intake.events") -> list[dict[str, Any]]:
        """Take all events that have come to a queue."""
        found = []
        with self.channel() as channel:
            while (got := channel.basic_get(queue, auto_ack=True))[0]:
                found.append(orjson.loads(got[2]))
        return found

    # The database

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection of the service's role, in autocommit."""
        return psycopg.connect(self.url, autocommit=True)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query gives."""
        with self.connect() as conn:
            return conn.execute(query.encode(), values or None).fetchall()

    def one(self, query: str, *values: object) -> Any:
        """The first value of the first row."""
        return self.rows(query, *values)[0][0]

    def effects(self) -> list[str]:
        """The ids of the messages that had an effect, once for each time, sorted."""
        return sorted(id_ for (id_,) in self.rows("select id from effect"))

    def parked(self) -> list[tuple[str, str, bytes]]:
        """Queue, cause and body of what is parked, in order."""
        return self.rows("select consumer, cause, body from parked order by parked_at, id")

    def cure(self) -> None:
        """From now on nothing misbehaves."""
        self.rows("insert into cured default values returning 1")

    def await_effects(self, events: Sequence[Event], timeout: float = 90) -> None:
        """Wait until each of `events` has had an effect; fails where one had two, or another had one."""
        wanted = sorted(event.id for event in events)
        wait_until(lambda: len(self.effects()) >= len(wanted), timeout, f"{len(wanted)} effects")
        assert self.effects() == wanted
