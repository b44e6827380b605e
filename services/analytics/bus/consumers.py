"""Analytics' queue: each event of a report is counted, and each town's configuration kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.analytics.bus.fields import READS, Town
from services.analytics.domain import HAPPENED, Point, ReportEvent
from services.analytics.usecases.counting import Counting
from shared.contracts.states import SATISFIED, UNSATISFIED
from shared.messaging import Batch, ConsumerFactory, EventConsumer, Message, On, Resources, keep_configuration


def report_events(_resources: Resources | None = None) -> EventConsumer:
    """Counts what happens to reports, and keeps the towns' configuration."""
    counting = Counting()

    def count(batch: Batch, messages: list[Message]) -> None:
        counting.count(batch, [report_event(message) for message in messages])

    counted = {type_: On(READS[happened], count) for type_, happened in HAPPENED.items()}
    return EventConsumer({**counted, "town.configured.v1": On(Town, keep_configuration)})


CONSUMERS: Mapping[str, ConsumerFactory] = {"analytics.events": report_events}


def report_event(message: Message) -> ReportEvent:
    """What is counted of an event."""
    event, report, happened = message.event, message.data["report"], HAPPENED[message.event.type]
    target_kind, target = _target(happened, message.data)
    return ReportEvent(
        town=event.town,
        id=event.id,
        happened=happened,
        time=event.time,
        kind=report["kind"],
        category=report["category"],
        submitted_at=report["submitted_at"],
        place=_point(report["place"]),
        target_kind=target_kind,
        target=target,
        quiet=message.raw.quiet,
        outcome=_outcome(message.data),
    )


def _point(place: Mapping[str, float] | None) -> Point | None:
    return (place["latitude"], place["longitude"]) if place else None


def _outcome(data: Mapping[str, Any]) -> str | None:
    """How it ended, why it was withdrawn, how it was rated."""
    if "satisfied" in data:
        return SATISFIED if data["satisfied"] else UNSATISFIED
    return data.get("outcome") or data.get("reason")


def _target(happened: str, data: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Who had the report: kind and slug. Triage has no slug; a report just sent has nobody yet."""
    if happened == "triaged":
        return "triage", None
    if "target" in data:
        return data["target"]["kind"], data["target"]["id"]
    kind = next((kind for kind in ("department", "authority") if data.get(kind)), None)
    return kind, data[kind] if kind else None
