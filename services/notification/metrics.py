"""What notification measures of itself. No label ever holds a person's data."""

from __future__ import annotations

from itertools import chain
from typing import get_args

from prometheus_client import Counter, Gauge, Histogram

from services.notification.domain import NOTICES, Outcome

DELIVERIES = Counter(
    "vigie_deliveries_total",
    "Attempts to tell somebody, by template and by what came of them (sent, later, failed)",
    ["template", "outcome"],
)
for _notice in chain.from_iterable(NOTICES.values()):
    for _outcome in get_args(Outcome):
        DELIVERIES.labels(_notice.template, _outcome)
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
for _away in ("intake", "mail_server"):
    WAITS.labels(_away)
PENDING = Gauge("vigie_deliveries_waiting", "Deliveries still to be sent")
OLDEST = Gauge("vigie_deliveries_oldest_seconds", "Age of the oldest delivery still to be sent")
