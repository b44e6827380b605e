"""Intake's words on the bus: what it tells, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shared import ids
from shared.contracts.envelope import Event
from shared.messaging.answers import answer
from shared.messaging.message import Message
from shared.messaging.requests import Rejection

SOURCE = "urn:vigie:intake"
FIRST = "0000000001"


def report_submitted(
    message: Message, report: Mapping[str, Any], photos: Sequence[Mapping[str, str]]
) -> Event:
    """`report.submitted.v1`: the report as every service may see it, without its author's identity."""
    return Event(
        id=ids.new_id(),
        source=SOURCE,
        type="report.submitted.v1",
        town=report["town"],
        time=report["submitted_at"],
        subject=report["id"],
        sequence=FIRST,
        correlationid=_traceable(message.event.correlationid or message.event.id),
        causationid=_traceable(message.event.id),
        traceparent=message.event.traceparent,
        data={"report": _facts(report, photos), "front_end": message.raw.sender},
    )


def _traceable(chosen: str) -> str:
    """An id that a front end chose, if it is a UUID; else one made of it, since it may hold anything."""
    return chosen if ids.is_id(chosen) else ids.derived_id(chosen)


def _facts(report: Mapping[str, Any], photos: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    kept = ("id", "reference", "kind", "category", "language", "citizen_id", "description", "answers")
    return {
        **{name: report[name] for name in kept},
        "place": _place(report),
        "photos": list(photos),
        "submitted_at": report["submitted_at"],
    }


def _place(report: Mapping[str, Any]) -> dict[str, Any] | None:
    if report["latitude"] is None:
        return None
    place = {"latitude": report["latitude"], "longitude": report["longitude"]}
    return {**place, "address": report["address"]} if report["address"] else place


def submission_accepted(
    message: Message, report: Mapping[str, Any], tracking_url: str, warnings: Sequence[Mapping[str, str]] = ()
) -> Event:
    """The receipt: what the report is called, where its author can follow it, and what decides nothing."""
    told = {"id": report["id"], "reference": report["reference"], "tracking_url": tracking_url}
    data = {"report": told, **({"warnings": list(warnings)} if warnings else {})}
    return answer(SOURCE, "submission.accepted.v1", message.event, data)


def submission_rejected(rejection: Rejection) -> Event:
    """Why a submission was not taken, by field, in the sender's language."""
    return answer(SOURCE, "submission.rejected.v1", rejection.request, {"errors": rejection.errors})


def contacts_given(asked: Event, contacts: Sequence[Mapping[str, str]]) -> Event:
    """The addresses that notification asked for, those that it may have."""
    return answer(SOURCE, "contacts.given.v1", asked, {"contacts": list(contacts)})
