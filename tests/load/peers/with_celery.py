"""The path for Celery: a task for each event, late acks, quorum queues, each publishing confirmed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from celery import Celery, Task
from kombu import Exchange, Queue

from shared import db
from shared.amqp import Outgoing
from shared.contracts.envelope import CONTENT_TYPE
from shared.contracts.envelope import event as as_event
from shared.messaging.topology import SUBSCRIPTIONS
from tests.load.peers import steps
from tests.load.submissions import Submission

SERVICE = os.environ.get("BENCH_SERVICE", "")
CONCURRENCY = int(os.environ.get("CONCURRENCY", "8"))
QUEUES = steps.queues_of(SERVICE)
TYPES = {queue: SUBSCRIPTIONS.get(queue, ("submission.sent.v1",)) for queue in steps.HANDLERS}

app = Celery("path", broker=os.environ.get("BENCH_AMQP_URL"))
app.conf.update(
    broker_transport_options={"confirm_publish": True},
    broker_connection_retry_on_startup=True,
    task_acks_late=True,
    task_ignore_result=True,
    task_queues=[
        Queue(
            name,
            Exchange("", no_declare=True),
            no_declare=True,
            queue_arguments={"x-queue-type": "quorum"},
        )
        for name in QUEUES
    ],
    task_default_queue=QUEUES[0] if QUEUES else "celery",
    task_create_missing_queues=False,
    worker_prefetch_multiplier=int(os.environ.get("PREFETCH_MULTIPLIER", "4")),
    worker_enable_remote_control=False,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
)
pool: db.Pool | None = None


def encode(submission: Submission) -> tuple[bytes, Mapping[str, Any]]:
    """A submission as a Celery front end sends it: a task with the event as its argument."""
    embedded = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}
    body = orjson.dumps([[orjson.loads(submission.body), "gentilly-web"], {}, embedded])
    headers = {"lang": "py", "task": "submission.sent.v1", "id": submission.id, "root_id": submission.id}
    more = {"parent_id": None, "group": None, "retries": 0, "argsrepr": "", "kwargsrepr": "{}"}
    return body, {
        "content_type": "application/json",
        "content_encoding": "utf-8",
        "correlation_id": submission.id,
        "application_headers": headers | more,
    }


def _task(queue: str) -> Callable[..., None]:
    handler = steps.HANDLERS[queue]

    def take(self: Task, document: dict[str, Any], sender: str = "") -> None:
        assert pool is not None
        for message in steps.run(pool, handler(as_event(document), sender, self.request.reply_to or "")):
            publish(message)

    return take


def publish(message: Outgoing) -> None:
    """For another service as its task; for an agent, an analyst or a front end as it is."""
    if message.exchange == "events":
        app.send_task(
            message.type,
            args=[orjson.loads(message.body)],
            exchange="events",
            routing_key=message.routing_key,
            task_id=message.message_id,
        )
        return
    with app.producer_pool.acquire(block=True) as producer:
        producer.publish(
            message.body,
            exchange=message.exchange,
            routing_key=message.routing_key,
            content_type=CONTENT_TYPE,
            content_encoding="utf-8",
            delivery_mode=2,
            message_id=message.message_id,
            correlation_id=message.correlation_id,
            type=message.type,
        )


def register() -> None:
    """The tasks of this service: each type of event has one name, whichever service does it."""
    for queue in QUEUES:
        for type_ in TYPES[queue]:
            app.task(name=type_, bind=True)(_task(queue))


if __name__ == "__main__":
    register()
    pool = db.open_pool(os.environ[f"{SERVICE.upper()}_DATABASE_URL"], SERVICE, size=CONCURRENCY + 2)
    options = ["--pool", "threads", "--concurrency", str(CONCURRENCY), "--loglevel", "WARNING"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    app.worker_main(["worker", *options, *quiet, "--queues", ",".join(QUEUES)])
    sys.exit()
