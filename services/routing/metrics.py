"""What routing measures, beside what every service does. No label ever holds a person's data."""

from __future__ import annotations

from prometheus_client import Gauge

OPEN = Gauge("vigie_cases_open", "Cases of a town that are not closed", ["town"])
TRIAGE = Gauge("vigie_cases_triage", "Of them, those in triage", ["town"])
TRIAGE_OLDEST = Gauge(
    "vigie_cases_triage_oldest_seconds", "How long the one that has been in triage longest is there", ["town"]
)
OVERDUE = Gauge("vigie_cases_overdue", "Of the open ones, those whose clock has run out", ["town"])
OVERDUE_OLDEST = Gauge(
    "vigie_cases_overdue_oldest_seconds", "By how much the one that is overdue most is late", ["town"]
)
DESK_MESSAGES = Gauge(
    "vigie_desk_messages",
    "Messages ready in the queue of a department that has a tool",
    ["town", "department"],
)
DESK_CONSUMERS = Gauge("vigie_desk_consumers", "Consumers that the broker sees on it", ["town", "department"])
