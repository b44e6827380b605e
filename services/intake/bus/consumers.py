"""What intake does with what comes in: submissions, what routing tells, and questions for addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from services.intake import events
from services.intake.bus import fields as schemas
from services.intake.bus.contacts import Contacts
from services.intake.domain import photo_links
from services.intake.domain import reports as domain
from services.intake.domain.tracking_links import tracking_url
from services.intake.settings import IntakeSettings, intake_settings
from services.intake.store import photos, repository
from shared import clock, ids
from shared.contracts import errors
from shared.contracts.envelope import Event
from shared.messaging.batch import Batch
from shared.messaging.events import EventConsumer, On, keep_configuration
from shared.messaging.message import Message, RawMessage
from shared.messaging.processor import Consumer
from shared.messaging.requests import Errors, RequestConsumer, language
from shared.messaging.resources import ConsumerFactory, Resources
from shared.towns import Towns

Refused = list[tuple[Message, Errors]]
Report = dict[str, Any]


def submissions(resources: Resources) -> Consumer:
    """What front ends send."""
    settings = intake_settings()
    submissions = Submissions(settings, Towns(domain.town))
    return RequestConsumer(
        reads=schemas.SUBMISSIONS,
        handler=submissions.take,
        reject=events.submission_rejected,
        secret=settings.fingerprint_key,
        further_errors=submissions.also_wrong,
    )


def routing_events(_resources: Resources) -> Consumer:
    """What routing publishes about reports and towns."""
    steps = {type_: On(schema, follow_up) for type_, schema in schemas.STEPS.items()}
    return EventConsumer({**steps, "town.configured.v1": On(schemas.TownConfigured, configured)})


def contacts(resources: Resources) -> Consumer:
    """Notification's questions for addresses."""
    return Contacts(intake_settings())


CONSUMERS: Mapping[str, ConsumerFactory] = {
    "intake.submissions": submissions,
    "intake.events": routing_events,
    "intake.contacts": contacts,
}


@dataclass(frozen=True, slots=True)
class Submissions:
    """Takes submissions: the report is stored, its author registered and given a receipt, the others told."""

    settings: IntakeSettings
    towns: Towns[domain.Town]

    def take(self, batch: Batch, messages: list[Message]) -> Refused:
        """Take what the towns take; returns the others, each with what is wrong."""
        towns = self.towns.current(batch.conn, {m.event.town for m in messages})
        wrong = [(m, domain.why_not(towns.get(m.event.town), m.raw.sender, m.data)) for m in messages]
        reports = {m: _report(m) for m, problems in wrong if not problems}
        refused = [
            (
                m,
                _errors(m.event, [*problems, *_unknown_photos(batch, m.event.town, m.raw.sender, m.data)]),
            )
            for m, problems in wrong
            if problems
        ]
        refused += _claim_photos(batch, reports)
        self._store(batch, reports, towns)
        return refused

    def also_wrong(self, batch: Batch, delivery: RawMessage, event: Event, data: Mapping[str, Any]) -> Errors:
        """What is wrong, beside its form, with a submission of which only `data` could be read."""
        town = self.towns.current(batch.conn, [event.town]).get(event.town)
        problems = domain.why_not(town, delivery.sender, data)
        return _errors(event, [*problems, *_unknown_photos(batch, event.town, delivery.sender, data)])

    def _store(
        self, batch: Batch, reports: Mapping[Message, Report], towns: Mapping[str, domain.Town]
    ) -> None:
        if not reports:
            return
        _register_authors(batch, reports)
        repository.add_reports(batch.conn, list(reports.values()))
        for message, report in reports.items():
            warnings = _errors(message.event, domain.idle(towns[message.event.town], message.data))
            link = self._tracking_url(report)
            batch.accept(message, events.submission_accepted(message, report, link, warnings))
            batch.publish(events.report_submitted(message, report, self._photo_links(message, report)))

    def _tracking_url(self, report: Report) -> str:
        return tracking_url(self.settings.url, self.settings.secret, report["town"], report["id"])

    def _photo_links(self, message: Message, report: Report) -> Sequence[Mapping[str, str]]:
        link = partial(photo_links.signed_url, self.settings.url, self.settings.secret, report["town"])
        return [
            {"id": photo, "url": link(photo, "full"), "thumbnail_url": link(photo, "thumbnail")}
            for photo in dict.fromkeys(message.data["photos"])  # one named twice is one
        ]


def _report(message: Message) -> Report:
    data, town = message.data, message.event.town
    place = data["place"] or {}
    return {
        "town": town,
        "id": ids.new_id(),
        "reference": domain.new_reference(town),
        "kind": data["kind"],
        "category": data["category"],
        "language": data["language"],
        "description": data["description"],
        "latitude": place.get("latitude"),
        "longitude": place.get("longitude"),
        "address": place.get("address"),
        "answers": data["answers"],
        "citizen_id": "",
        "share_contact": data["consent"]["share_contact"],
        "first_name": data["citizen"]["first_name"],
        "last_name": data["citizen"]["last_name"],
        "sender": message.raw.sender,
        "submitted_at": clock.timestamp(),
    }


def _errors(event: Event, problems: Sequence[domain.Problem]) -> Errors:
    return [errors.error(p.pointer, p.code, language(event)) for p in problems]


def _register_authors(batch: Batch, reports: Mapping[Message, Report]) -> None:
    """Register each author once, and note on each report whose it is."""
    people: dict[repository.PersonKey, repository.Row] = {}
    for message in reports:
        people.setdefault(_author(message), _person(message))
    found = repository.register_citizens(batch.conn, people)
    for message, report in reports.items():
        report["citizen_id"] = found[_author(message)]


def _author(message: Message) -> repository.PersonKey:
    return message.event.town, domain.email_key(message.data["citizen"]["email"])


def _person(message: Message) -> repository.Row:
    town, key = _author(message)
    named = {"id": ids.new_id(), "town": town, "email_key": key, "language": message.data["language"]}
    return {**message.data["citizen"], **named}


def _claim_photos(batch: Batch, reports: dict[Message, Report]) -> Refused:
    """Tie photos to their reports; a report whose photo cannot be had is taken out and refused."""
    refused: Refused = []
    for message in [m for m in reports if m.data["photos"]]:
        wanted = {photo: str(reports[message]["id"]) for photo in message.data["photos"]}
        got = photos.claim(batch.conn, message.event.town, message.raw.sender, wanted)
        if len(got) < len(wanted):
            photos.release(batch.conn, message.event.town, got)
            del reports[message]
            missing = domain.unknown_photos(message.data["photos"], got)
            refused.append((message, _errors(message.event, missing)))
    return refused


def _unknown_photos(batch: Batch, town: str, sender: str, data: Mapping[str, Any]) -> list[domain.Problem]:
    """Of a submission that is refused anyway, the photos that it could not have had."""
    named = data.get("photos") or []
    got = photos.claim(batch.conn, town, sender, dict.fromkeys(named, ids.new_id())) if named else set()
    photos.release(batch.conn, town, got)
    return domain.unknown_photos(named, got)


def configured(batch: Batch, messages: list[Message]) -> None:
    """Keep how towns are set up; what is no longer a front end there cannot upload photos any more."""
    keep_configuration(batch, messages)
    photos.revoke_keys_of_gone(batch.conn, [message.event.town for message in messages])


def follow_up(batch: Batch, messages: list[Message]) -> None:
    """Note for the citizen's page what routing has told."""
    repository.add_follow_up(batch.conn, [_step(message) for message in messages])


def _step(message: Message) -> dict[str, Any]:
    data, event = message.data, message.event
    kind = next((k for k in ("department", "authority") if data.get(k)), None)
    clocks = data.get("clocks") or {}
    return {
        "town": event.town,
        "report_id": data["report"]["id"],
        "sequence": event.sequence,
        "state": event.type.split(".")[1],
        "holder_kind": kind,
        "holder": data.get(kind) if kind else None,
        "until": clocks.get("resolve_by"),
        "outcome": data.get("outcome"),
        "text": data.get("text"),
        "planned_for": data.get("planned_for"),
        "happened_at": event.time,
    }
