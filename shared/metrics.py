"""What every service measures of itself, in Prometheus's terms. No label ever holds a person's data."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_OUTCOMES = ("done", "retry", "reject")
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500)

MESSAGES = Counter(
    "vigie_messages_total", "Messages taken, by queue and by what became of them", ["queue", "outcome"]
)
BATCH_SECONDS = Histogram(
    "vigie_batch_seconds", "From the start of a batch to its commit and receipts", ["queue"], buckets=_SECONDS
)
BATCH_SIZE = Histogram("vigie_batch_messages", "Messages in a batch", ["queue"], buckets=_SIZES)
MESSAGE_AGE = Gauge(
    "vigie_message_age_seconds", "Age of the newest message taken: how far this queue is behind", ["queue"]
)
ANSWERS_WITHHELD = Counter(
    "vigie_answers_withheld_total", "Answers not sent, since the broker fails on their reply address"
)
OUTBOX_PUBLISHED = Counter("vigie_outbox_published_total", "Messages published and confirmed")
OUTBOX_HELD = Counter("vigie_outbox_held_total", "Messages that the broker returned or refused")
OUTBOX_ROWS = Gauge("vigie_outbox_rows", "Messages waiting to be published")
OUTBOX_AGE = Gauge("vigie_outbox_age_seconds", "Age of the oldest message waiting to be published")
OUTBOX_BACK = Gauge("vigie_outbox_held_rows", "Messages held back after the broker had refused them")
RETRY_ROWS = Gauge("vigie_retry_rows", "Messages waiting to be tried again")
PARKED_ROWS = Gauge("vigie_parked_rows", "Messages waiting for somebody's decision")
PARKED_DROPPED = Counter(
    "vigie_parked_dropped_total",
    "Refused messages that are kept no longer: their sender has had too many",
    ["queue"],
)
QUEUE_DEPTH = Gauge("vigie_queue_messages", "Messages ready in a queue of this service", ["queue"])
QUEUE_CONSUMERS = Gauge("vigie_queue_consumers", "Consumers that the broker sees on a queue", ["queue"])


def begin(queues: Iterable[str]) -> None:
    """Show the metrics of these queues from now on, at 0.

    Where a counter appears with its first event only, Prometheus sees no increase in it.
    """
    for queue in queues:
        for outcome in _OUTCOMES:
            MESSAGES.labels(queue, outcome)
        for metric in (BATCH_SECONDS, BATCH_SIZE, PARKED_DROPPED):
            metric.labels(queue)
