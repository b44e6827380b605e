"""What notification measures of itself. No label ever holds a person's data."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

DELIVERIES = Counter(
    "vigie_deliveries_total",
    "Attempts to tell somebody, by template and by what came of them (sent, later, failed)",
    ["template", "outcome"],
)
RESENT = Counter(
    "vigie_deliveries_resent_total",
    "Mails sent again, under the same Message-ID, because nobody had noted what came of the last attempt",
)
ATTEMPTS = Histogram(
    "vigie_delivery_attempts", "Attempts that a delivery took until it ended", buckets=(1, 2, 3, 5, 8)
)
SECONDS = Histogram(
    "vigie_mail_seconds",
    "Time the mail server took for one mail",
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 20),
)
WAITS = Counter(
    "vigie_delivery_waits_total", "Lists of deliveries put back because somebody was away", ["for"]
)
PENDING = Gauge("vigie_deliveries_waiting", "Deliveries still to be sent")
OLDEST = Gauge("vigie_deliveries_oldest_seconds", "Age of the oldest delivery still to be sent")
