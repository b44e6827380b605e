"""Messages as the plain values that intake's use cases take."""

from __future__ import annotations

from services.intake.domain.steps import RecordedStep
from services.intake.domain.submissions import Submission, submission_of
from shared import ids
from shared.contracts.envelope import Cause, Event
from shared.messaging import Message


def submission(message: Message) -> Submission:
    """A `submission.sent.v1` as a submission of the front end that the broker vouches for."""
    event = message.event
    return submission_of(message.data, event.town, message.raw.sender, _cause(event))


def _cause(event: Event) -> Cause:
    """What a front end's event leads to carries ids that are UUIDs, whatever the front end chose."""
    return Cause(_traceable(event.correlationid or event.id), _traceable(event.id), event.traceparent)


def _traceable(chosen: str) -> str:
    """An id that a front end chose, if it is a UUID; else one made of it, since it may hold anything."""
    return chosen if ids.is_id(chosen) else ids.derived_id(chosen)


def step(message: Message) -> RecordedStep:
    """An event of routing as a step of its report."""
    data, event = message.data, message.event
    holder_kind = next((kind for kind in ("department", "authority") if data.get(kind)), None)
    return RecordedStep(
        town=event.town,
        report_id=data["report"]["id"],
        sequence=event.sequence or "",
        state=event.type.split(".")[1],
        holder_kind=holder_kind,
        holder=data[holder_kind] if holder_kind else None,
        until=(data.get("clocks") or {}).get("resolve_by"),
        outcome=data.get("outcome"),
        text=data.get("text"),
        planned_for=data.get("planned_for"),
        happened_at=event.time,
        reason=(data.get("decision") or {}).get("plain_reason"),
    )
