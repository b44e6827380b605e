"""Intake's queues: what comes there is read, given to a use case, and answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.intake.bus import answers, fields, reading
from services.intake.bus.contacts import ContactsConsumer
from services.intake.domain.reports import FieldError, town
from services.intake.settings import intake_settings
from services.intake.usecases.limits import HourlyCount, Limits
from services.intake.usecases.steps import record_steps
from services.intake.usecases.submissions import Refused, Submissions
from services.intake.usecases.towns import configure
from shared.contracts import errors
from shared.contracts.envelope import Event
from shared.messaging import (
    Batch,
    Consumer,
    ConsumerFactory,
    Errors,
    EventConsumer,
    Message,
    On,
    RawMessage,
    RequestConsumer,
    Resources,
    language,
)
from shared.towns import Towns


def submissions(_resources: Resources) -> Consumer:
    """What front ends send."""
    settings = intake_settings()
    limits = Limits(HourlyCount(settings.per_front_end), HourlyCount(settings.per_address), settings.trusted)
    door = SubmissionDoor(Submissions(settings.links, Towns(town), limits))
    return RequestConsumer(
        reads=fields.SUBMISSIONS,
        handler=door.take,
        reject=answers.submission_rejected,
        secret=settings.fingerprint_key,
        further_errors=door.further_errors,
    )


def routing_events(_resources: Resources) -> Consumer:
    """What routing publishes about reports and towns."""
    steps = {type_: On(schema, _record_steps) for type_, schema in fields.STEPS.items()}
    return EventConsumer({**steps, "town.configured.v1": On(fields.TownConfigured, _configure)})


def contacts(_resources: Resources) -> Consumer:
    """Notification's questions for addresses."""
    settings = intake_settings()
    return ContactsConsumer(settings.links, settings.contacts_reader)


CONSUMERS: Mapping[str, ConsumerFactory] = {
    "intake.submissions": submissions,
    "intake.events": routing_events,
    "intake.contacts": contacts,
}


@dataclass(frozen=True, slots=True)
class SubmissionDoor:
    """Gives submissions to the use case, and tells their senders what became of them."""

    use_case: Submissions

    def take(self, batch: Batch, messages: list[Message]) -> list[tuple[Message, Errors]]:
        """Accept what is taken; returns the others, each with what is wrong."""
        outcomes = self.use_case.submit(batch, [reading.submission(message) for message in messages])
        rejected = []
        for message, outcome in zip(messages, outcomes, strict=True):
            if isinstance(outcome, Refused):
                rejected.append((message, _in_words(message.event, outcome.errors)))
            else:
                warnings = _in_words(message.event, outcome.warnings)
                batch.accept(message, answers.submission_accepted(message.event, outcome, warnings))
        return rejected

    def further_errors(self, batch: Batch, raw: RawMessage, event: Event, data: Mapping[str, Any]) -> Errors:
        """What is wrong, beside its form, with a submission of which only `data` could be read."""
        parts = (data.get("kind"), data.get("category"), data.get("photos") or ())
        return _in_words(event, self.use_case.errors_of_part(batch, event.town, raw.sender, *parts))


def _in_words(event: Event, found: Iterable[FieldError]) -> Errors:
    return [errors.error(e.pointer, e.code, language(event)) for e in found]


def _record_steps(batch: Batch, messages: list[Message]) -> None:
    record_steps(batch, [reading.step(message) for message in messages])


def _configure(batch: Batch, messages: list[Message]) -> None:
    for message in sorted(messages, key=lambda m: m.event.town):
        configure(batch, message.event.town, message.event.data)
