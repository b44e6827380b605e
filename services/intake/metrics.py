"""What is measured of photos."""

from __future__ import annotations

from typing import get_args

from prometheus_client import Counter, Gauge, Histogram

from services.intake.domain.photos import Reason

UPLOADS = Counter("vigie_photo_uploads_total", "Photos uploaded, by what became of them", ["outcome"])
for _outcome in ("taken", "again", *get_args(Reason)):
    UPLOADS.labels(_outcome)
CLEANING_SECONDS = Histogram(
    "vigie_photo_cleaning_seconds",
    "From upload to cleaned photo, the wait for a slot included",
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
STORE_FAILURES = Counter("vigie_photo_store_failures_total", "Attempts at the object store that failed")
WAITING = Gauge("vigie_photos_waiting", "Photos that the object store does not have yet")
WAITING_SECONDS = Gauge("vigie_photos_waiting_seconds", "Age of the oldest of them")
