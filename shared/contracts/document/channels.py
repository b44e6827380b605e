"""Where events go, for the AsyncAPI document: channels, and what Vigie does on each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from shared.contracts.registry import EVENTS
from shared.contracts.states import STEPS, event_type

VHOST = "/vigie"


@dataclass(frozen=True, slots=True)
class Channel:
    """An exchange with a routing key, or a queue. `address` is None where the request says it."""

    name: str
    address: str | None
    title: str
    description: str
    types: tuple[str, ...]
    binding: Mapping[str, Any]
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """What Vigie does: `receive` what others send, or `send`."""

    name: str
    action: Literal["send", "receive"]
    channel: str
    title: str
    description: str
    types: tuple[str, ...]
    binding: Mapping[str, Any] = field(default_factory=dict)
    reply_channel: str = ""
    replies: tuple[str, ...] = ()


def _exchange(name: str, kind: str) -> Mapping[str, Any]:
    exchange = {"name": name, "type": kind, "durable": True, "autoDelete": False, "vhost": VHOST}
    return {"is": "routingKey", "exchange": exchange}


def _queue(name: str, *, durable: bool = True) -> Mapping[str, Any]:
    own = not durable
    return {
        "is": "queue",
        "queue": {"name": name, "durable": durable, "exclusive": own, "autoDelete": own, "vhost": VHOST},
    }


def _on(exchange: str) -> tuple[str, ...]:
    return tuple(contract.type for contract in EVENTS.values() if contract.exchange == exchange)


TOWN = {"town": "The town's slug."}
DEPARTMENT = {**TOWN, "department": "The department's slug."}
REQUEST = {"mandatory": True, "ack": True}
DIRECT_REPLY = _queue("amq.rabbitmq.reply-to", durable=False)
ON_DESK = tuple(
    event_type(step)
    for step in (*STEPS.values(), "reopened", "completed", "overdue", "noted")
    if step != STEPS["submitted"]
)

CHANNELS = (
    Channel(
        "submissions",
        "{town}.submission",
        "Submissions",
        "Front ends publish here. The address is the routing key on the exchange `citizen.in`.",
        _on("citizen.in"),
        _exchange("citizen.in", "topic"),
        TOWN,
    ),
    Channel(
        "receipts",
        None,
        "Answers to submissions",
        "RabbitMQ's direct reply-to; see *Getting the answer*.",
        ("submission.accepted.v1", "submission.rejected.v1"),
        DIRECT_REPLY,
    ),
    Channel(
        "desk",
        "desk.{town}.{department}",
        "A department's desk",
        "A quorum queue for each department: its reports, and every later change of them. It keeps 10,000"
        " messages and 30 days; the oldest go first.",
        ON_DESK,
        _queue("desk.{town}.{department}"),
        DEPARTMENT,
    ),
    Channel(
        "actions",
        "{town}.{department}",
        "Agents' actions",
        "Agent tools publish here. The address is the routing key on the exchange `desk.in`.",
        _on("desk.in"),
        _exchange("desk.in", "topic"),
        DEPARTMENT,
    ),
    Channel(
        "actionAnswers",
        None,
        "Answers to agents' actions",
        "RabbitMQ's direct reply-to; see *Getting the answer*.",
        ("action.accepted.v1", "action.rejected.v1"),
        DIRECT_REPLY,
    ),
    Channel(
        "statistics",
        "statistics",
        "Statistics",
        "A RabbitMQ stream, for analysts: every fact, with nothing that leads to a person. See *An analyst*.",
        _on("statistics"),
        _queue("statistics"),
    ),
    Channel(
        "events",
        "{town}.{type}",
        "Facts between services",
        "The address is the routing key on the exchange `events`. For Vigie's own services: none of these"
        " events names a person.",
        _on("events"),
        _exchange("events", "topic"),
        {**TOWN, "type": "The event's `type`."},
    ),
    Channel(
        "contacts",
        "contacts",
        "Requests for contacts",
        "From notification to intake, on the exchange `intake`: the one way in which a citizen's address"
        " leaves intake.",
        _on("intake"),
        _exchange("intake", "direct"),
    ),
    Channel(
        "contactAnswers",
        None,
        "Contacts",
        "RabbitMQ's direct reply-to, to notification.",
        ("contacts.given.v1",),
        DIRECT_REPLY,
    ),
)

OPERATIONS = (
    Operation(
        "receiveSubmission",
        "receive",
        "submissions",
        "Take a submission",
        "A front end sends a report; intake answers it once it is stored, or says what is wrong with it.",
        _on("citizen.in"),
        REQUEST,
        "receipts",
        ("submission.accepted.v1", "submission.rejected.v1"),
    ),
    Operation(
        "tellDesk",
        "send",
        "desk",
        "Tell a department",
        "Routing gives a department its reports and what becomes of them.",
        ON_DESK,
    ),
    Operation(
        "receiveAction",
        "receive",
        "actions",
        "Take an agent's action",
        "An agent tool acts on a report that its department has; routing answers with the new state, or with"
        " what is wrong.",
        _on("desk.in"),
        REQUEST,
        "actionAnswers",
        ("action.accepted.v1", "action.rejected.v1"),
    ),
    Operation(
        "publishStatistics",
        "send",
        "statistics",
        "Publish a fact for analysts",
        "Analytics says what happened to a report, by kind, category, department, hour and coarse place.",
        _on("statistics"),
    ),
    Operation(
        "tellServices",
        "send",
        "events",
        "Tell the other services",
        "Each service publishes what it has done; the others take what they need.",
        _on("events"),
    ),
    Operation(
        "hearServices",
        "receive",
        "events",
        "Hear the other services",
        "Each service has its own queue, bound to the exact types that it reads.",
        _on("events"),
        {"ack": True},
    ),
    Operation(
        "giveContacts",
        "receive",
        "contacts",
        "Give contacts",
        "Intake gives the addresses of up to 1,000 citizens, for one purpose, where they consent; the read is"
        " logged.",
        _on("intake"),
        {"ack": True},
        "contactAnswers",
        ("contacts.given.v1",),
    ),
)
