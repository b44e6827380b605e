"""What notification measures of itself. No label ever holds a person's data."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

DELIVERIES = Counter(
    "notification_deliveries_total",
    "Attempts to tell somebody, by template and by what came of them (sent, later, failed)",
    ["template", "outcome"],
)
RESENT = Counter(
    "notification_deliveries_resent_total",
    "Mails sent again, under the same Message-ID, because nobody had noted what came of the last attempt",
)
ATTEMPTS = Histogram(
    "notification_delivery_attempts", "Attempts that a delivery took until it ended", buckets=(1, 2, 3, 5, 8)
)
SECONDS = Histogram(
    "notification_sending_seconds",
    "Time the mail server took for one mail",
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 20),
)
WAITS = Counter("notification_waits_total", "Lists of deliveries put back because somebody was away", ["for"])
PENDING = Gauge("notification_pending_deliveries", "Deliveries still to be sent")
OLDEST = Gauge("notification_oldest_pending_seconds", "Age of the oldest delivery still to be sent")
