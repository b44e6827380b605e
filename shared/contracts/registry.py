"""Every event there is: what it holds, who says it, and where. The one list."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from marshmallow import Schema, ValidationError

from shared.contracts import agent, analytics, envelope, exchanges, front_end, intake, notification, routing
from shared.contracts.envelope import Event
from shared.contracts.errors import load_data
from shared.contracts.quick import tolerant

OF_REPORT = ("subject", "sequence")
SchemaClass = type[Schema]
TRACKS = ("subject", "correlationid", "causationid", "traceparent")
VERSION = re.compile(r"\.v[0-9]+$")


@dataclass(frozen=True, slots=True)
class Contract:
    """One version of an event.

    `exchange` and `key` say where it goes: a topic or direct exchange and its routing key, or ``""`` and the
    address that the request gave. `needs` and `refuses` are envelope attributes which elsewhere are optional.
    """

    type: str
    schema: SchemaClass
    producer: str
    exchange: str
    key: str
    needs: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The event in a sentence."""
        return (self.schema.__doc__ or "").strip().splitlines()[0]


def _sent(type_: str, schema: type[Schema], producer: str, exchange: str, key: str) -> Contract:
    return Contract(type_, schema, producer, exchange, key)


def _event(type_: str, schema: type[Schema], producer: str, needs: tuple[str, ...] = OF_REPORT) -> Contract:
    return Contract(type_, schema, producer, exchanges.EVENTS, f"<town>.{type_}", needs)


def _action(type_: str, schema: type[Schema]) -> Contract:
    return Contract(type_, schema, "agent tool", exchanges.DESK_IN, "<town>.<department>")


def _answer(type_: str, schema: type[Schema], producer: str) -> Contract:
    return Contract(type_, schema, producer, "", "<reply_to>")


EVENTS: Mapping[str, Contract] = MappingProxyType(
    {
        contract.type: contract
        for contract in (
            _sent(
                "submission.sent.v1",
                front_end.SubmissionSentV1,
                "front end",
                exchanges.CITIZEN_IN,
                "<town>.submission",
            ),
            _answer("submission.accepted.v1", intake.SubmissionAcceptedV1, "intake"),
            _answer("submission.rejected.v1", intake.SubmissionRejectedV1, "intake"),
            _event("report.submitted.v1", intake.ReportSubmittedV1, "intake"),
            _event("report.kept.v1", intake.ReportKeptV1, "intake", needs=("subject",)),
            _event("report.withdrawn.v1", intake.ReportWithdrawnV1, "intake", needs=("subject",)),
            _event("report.reopened.v1", intake.ReportReopenedV1, "intake", needs=("subject",)),
            _event("report.completed.v1", intake.ReportCompletedV1, "intake", needs=("subject",)),
            _event("report.rated.v1", intake.ReportRatedV1, "intake", needs=("subject",)),
            _event("report.routed.v1", routing.ReportRoutedV1, "routing"),
            _event("report.forwarded.v1", routing.ReportForwardedV1, "routing"),
            _event("report.triaged.v1", routing.ReportTriagedV1, "routing"),
            _event("report.acknowledged.v1", routing.ReportAcknowledgedV1, "routing"),
            _event("report.planned.v1", routing.ReportPlannedV1, "routing"),
            _event("report.resolved.v1", routing.ReportResolvedV1, "routing"),
            _event("report.declined.v1", routing.ReportDeclinedV1, "routing"),
            _event("report.overdue.v1", routing.ReportOverdueV1, "routing"),
            Contract(
                "report.noted.v1",
                routing.ReportNotedV1,
                "routing",
                exchanges.DESK,
                "<town>.<department>",
                needs=OF_REPORT,
            ),
            _event("town.configured.v1", routing.TownConfiguredV1, "routing", needs=()),
            _action("agent.acknowledged.v1", agent.AgentAcknowledgedV1),
            _action("agent.planned.v1", agent.AgentPlannedV1),
            _action("agent.resolved.v1", agent.AgentResolvedV1),
            _action("agent.declined.v1", agent.AgentDeclinedV1),
            _action("agent.returned.v1", agent.AgentReturnedV1),
            _action("agent.noted.v1", agent.AgentNotedV1),
            _answer("action.accepted.v1", agent.ActionAcceptedV1, "routing"),
            _answer("action.rejected.v1", agent.ActionRejectedV1, "routing"),
            _event("delivery.sent.v1", notification.DeliverySentV1, "notification", needs=("subject",)),
            _event("delivery.failed.v1", notification.DeliveryFailedV1, "notification", needs=("subject",)),
            _sent(
                "contacts.requested.v1",
                notification.ContactsRequestedV1,
                "notification",
                exchanges.INTAKE,
                "contacts",
            ),
            _answer("contacts.given.v1", intake.ContactsGivenV1, "intake"),
            Contract(
                "statistics.fact.v1",
                analytics.StatisticsFactV1,
                "analytics",
                exchanges.STATISTICS,
                "<town>",
                needs=("sequence",),
                refuses=TRACKS,
            ),
        )
    }
)


def known(type_: str) -> bool:
    """Whether this version of this event is in the contract."""
    return type_ in EVENTS


def unknown_code(type_: str, taken: Collection[str] = EVENTS) -> str:
    """What is unknown of a type that is not in `taken`: its major version, or all of it: an error's code."""
    name = VERSION.sub("", type_)
    same = any(VERSION.sub("", each) == name for each in taken)
    return "unknown_version" if same and VERSION.search(type_) else "unknown_type"


def why_unknown(type_: str, taken: Collection[str] = EVENTS) -> str:
    """The same, in words for an operator. A type that is not ours is not repeated: anything may be in it."""
    if known(type_):
        return f"{type_} is not for this consumer"
    if unknown_code(type_, taken) == "unknown_version":
        return f"unknown major version of {VERSION.sub('', type_)}"
    return "unknown type of event"


def check(event: Event) -> None:
    """See that a producer keeps to the contract, field by field.

    Raises marshmallow.ValidationError: codes by attribute, and under ``data`` by field.
    """
    contract = _contract(event.type)
    envelope.check(event)
    missing = {name: ["required"] for name in contract.needs if getattr(event, name) is None}
    excess = {name: ["not_allowed"] for name in contract.refuses if getattr(event, name) is not None}
    if missing or excess:
        raise ValidationError(missing | excess)
    load_data(_strict(contract.schema), event.data)


def read(event: Event, schema: type[Schema] | None = None) -> dict[str, Any]:
    """The event's data as a consumer reads it: unknown fields passed over at every level, defaults filled in.

    `schema` is the consumer's own, with the fields it uses (its nested schemas may not contain themselves);
    the contract's, if it has none. Raises marshmallow.ValidationError, with codes under ``data``.
    """
    return load_data(_tolerant(schema or _contract(event.type).schema), event.data)


def _contract(type_: str) -> Contract:
    try:
        return EVENTS[type_]
    except KeyError:
        raise ValidationError({"type": [unknown_code(type_)]}) from None


@cache
def _strict(schema: type[Schema]) -> Schema:
    return schema()


@cache
def _tolerant(schema: type[Schema]) -> Schema:
    return tolerant(schema())
