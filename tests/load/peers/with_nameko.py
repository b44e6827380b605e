"""The path for plain nameko: an entrypoint for each queue, a worker for each message, confirms."""

from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import os  # noqa: E402 (everything below must see the patched modules)
import signal  # noqa: E402
from collections.abc import Callable  # noqa: E402
from typing import Any, TypeVar  # noqa: E402

import orjson  # noqa: E402
from kombu import Queue  # noqa: E402
from kombu.message import Message as Incoming  # noqa: E402
from kombu.serialization import register  # noqa: E402
from nameko.extensions import DependencyProvider  # noqa: E402
from nameko.messaging import Consumer, Publisher  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402

from shared import db  # noqa: E402
from shared.amqp.publisher import Outgoing  # noqa: E402
from shared.contracts.envelope import CONTENT_TYPE  # noqa: E402
from shared.contracts.envelope import event as as_event  # noqa: E402
from shared.run import green  # noqa: E402
from tests.load.peers import steps  # noqa: E402

F = TypeVar("F", bound=Callable[..., Any])
SERVICE = os.environ["BENCH_SERVICE"]
MAX_WORKERS = int(os.environ.get("MAX_WORKERS", "10"))


class Take(Consumer):  # type: ignore[misc]
    """nameko's own consumer, which also hands over the properties: who sent it, who waits for an answer."""

    def handle_message(self, body: Any, message: Incoming) -> None:
        """Hand over the event with them."""
        super().handle_message((body, message.properties), message)


def take(queue: str) -> Callable[[F], F]:
    """The method takes the messages of a queue."""
    decorator: Callable[[F], F] = Take.decorator(Queue(queue, no_declare=True))
    return decorator


class Database(DependencyProvider):  # type: ignore[misc]
    """A pool of connections."""

    def setup(self) -> None:
        """Open it."""
        self.pool = db.open_pool(os.environ[f"{SERVICE.upper()}_DATABASE_URL"], SERVICE, MAX_WORKERS + 2)

    def stop(self) -> None:
        """Close it."""
        self.pool.close()

    def get_dependency(self, _worker_ctx: Any) -> db.Pool:
        """The pool."""
        return self.pool


class Path:
    """What every service has."""

    name = SERVICE
    pool = Database()
    publish = Publisher()

    def take(self, queue: str, given: tuple[dict[str, Any], dict[str, Any]]) -> None:
        """One message, one transaction, then what follows from it."""
        document, properties = given
        sender, reply_to = properties.get("user_id", ""), properties.get("reply_to", "")
        for message in steps.run(self.pool, steps.HANDLERS[queue](as_event(document), sender, reply_to)):
            self.send(message)

    def send(self, message: Outgoing) -> None:
        """Publish, and wait for the broker's word."""
        self.publish(
            message.body,
            exchange=message.exchange,
            routing_key=message.routing_key,
            content_type=CONTENT_TYPE,
            content_encoding="utf-8",
            message_id=message.message_id,
            correlation_id=message.correlation_id,
            type=message.type,
        )


class Intake(Path):
    """Submissions, and what routing tells."""

    @take("intake.submissions")
    def submissions(self, given: Any) -> None:
        self.take("intake.submissions", given)

    @take("intake.events")
    def events(self, given: Any) -> None:
        self.take("intake.events", given)


class Routing(Path):
    """New reports."""

    @take("routing.events")
    def events(self, given: Any) -> None:
        self.take("routing.events", given)


class Notification(Path):
    """Whom each fact is told to."""

    @take("notification.events")
    def events(self, given: Any) -> None:
        self.take("notification.events", given)


class Analytics(Path):
    """Facts, counts, and the stream."""

    @take("analytics.events")
    def events(self, given: Any) -> None:
        self.take("analytics.events", given)


if __name__ == "__main__":
    green.install()
    register("event", orjson.dumps, orjson.loads, content_type=CONTENT_TYPE, content_encoding="utf-8")
    services = {"intake": Intake, "routing": Routing, "notification": Notification, "analytics": Analytics}
    runner = ServiceRunner(
        {
            "AMQP_URI": os.environ["BENCH_AMQP_URL"],
            "max_workers": MAX_WORKERS,
            "serializer": "event",
        }
    )
    runner.add_service(services[SERVICE])
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn_n(runner.stop))
    runner.start()
    runner.wait()
