"""What the broker holds, as data: exchanges, queues, bindings, and what each user may do.

The one description of it. `deployer.py` applies it; no service and no tool ever declares anything, since
all but the deployer are configured `^$`. Everything lies in one vhost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from shared.contracts import registry
from shared.contracts.exchanges import CITIZEN_IN, DESK, DESK_IN, EVENTS, INTAKE, STATISTICS, desk_key
from shared.contracts.states import ACTS, STEPS, event_type
from shared.settings import SERVICES

DEAD = "dead"
CONTACTS_KEY = "contacts"
NOTHING = "^$"

# Deliveries of one message before it counts as the cause of its consumer's death. Far above what a service
# that is restarted in the middle of its work needs.
DELIVERY_LIMIT = 12
# RabbitMQ 4 drops, after 20 deliveries, what lies in a queue that states no limit; this is as good as none.
_NO_LIMIT = 1_000_000
_DAY_MS = 24 * 3600 * 1000

# Who publishes what on the exchange `events`, as the contract has it.
PUBLISHED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        name: tuple(c.type for c in registry.EVENTS.values() if (c.producer, c.exchange) == (name, EVENTS))
        for name in SERVICES
    }
)

_STEPS = tuple(event_type(step) for step in STEPS.values() if step not in ("submitted", *ACTS))
_WITHDRAWN, _REOPENED, _COMPLETED, _RATED = map(event_type, ACTS)
_SUBMITTED, _OVERDUE, _TOWN = "report.submitted.v1", "report.overdue.v1", "town.configured.v1"

# Which queue takes what from the exchange `events`, of every town. Exact versions: a `.v2` is another event.
SUBSCRIPTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "intake.events": (*_STEPS, _OVERDUE, _TOWN),
        "routing.events": (_SUBMITTED, _WITHDRAWN, _REOPENED, _COMPLETED),
        "notification.events": ("report.kept.v1", _SUBMITTED, *_STEPS, _WITHDRAWN, _COMPLETED, _TOWN),
        "analytics.events": (_SUBMITTED, *_STEPS, _WITHDRAWN, _REOPENED, _RATED, _OVERDUE, _TOWN),
    }
)

# Events that no queue subscribes to: published without `mandatory`, or the broker would return them.
UNSUBSCRIBED: frozenset[str] = frozenset().union(*PUBLISHED.values()) - frozenset().union(
    *SUBSCRIPTIONS.values()
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A durable exchange; `kind` is `topic` or `direct`."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Queue:
    """A durable queue with the arguments it is declared with; `x-queue-type` among them."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Binding:
    """What goes from `exchange` to `queue`: messages whose routing key matches `key`."""

    exchange: str
    key: str
    queue: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for all queues whose name matches `pattern`, those that exist already too.

    A queue's own arguments cannot be changed. Of several policies RabbitMQ applies one alone, by priority.
    """

    name: str
    pattern: str
    definition: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Topology:
    """Exchanges, queues and bindings that belong together."""

    exchanges: tuple[Exchange, ...] = ()
    queues: tuple[Queue, ...] = ()
    bindings: tuple[Binding, ...] = ()


@dataclass(frozen=True, slots=True)
class Rights:
    """What a user may do in the vhost; nobody but the deployer may configure.

    `write`, `read`: regular expressions over the names of exchanges and queues. `topics`: exchange (its
    exact name: the broker takes no pattern there) to the routing keys it may be sent. `connections`,
    `channels`: how many at once, None for no limit.
    """

    write: str = NOTHING
    read: str = NOTHING
    topics: Mapping[str, str] = field(default_factory=dict)
    connections: int | None = None
    channels: int | None = None


def services() -> Topology:
    """What the four services need, whatever the towns."""
    return Topology(
        exchanges=(
            Exchange(CITIZEN_IN, "topic"),
            Exchange(DESK_IN, "topic"),
            Exchange(EVENTS, "topic"),
            Exchange(STATISTICS, "topic"),
            Exchange(DESK, "direct"),
            Exchange(INTAKE, "direct"),
            Exchange(DEAD, "direct"),
        ),
        queues=(*_dead_queues(), *_work_queues(), _contacts(), _statistics()),
        bindings=(
            *(Binding(DEAD, dead_queue(name), dead_queue(name)) for name in SERVICES),
            *(
                Binding(EVENTS, f"*.{kind}", queue)
                for queue, kinds in SUBSCRIPTIONS.items()
                for kind in kinds
            ),
            Binding(CITIZEN_IN, "*.submission", "intake.submissions"),
            Binding(DESK_IN, "#", "routing.actions"),
            Binding(INTAKE, CONTACTS_KEY, "intake.contacts"),
            Binding(STATISTICS, "#", STATISTICS),
        ),
    )


def town(slug: str, departments: Iterable[str]) -> Topology:
    """The desk queues of a town, one for each department."""
    names = tuple(departments)
    return Topology(
        queues=tuple(Queue(desk_queue(slug, name), _DESK_ARGUMENTS) for name in names),
        bindings=tuple(Binding(DESK, desk_key(slug, name), desk_queue(slug, name)) for name in names),
    )


def is_mandatory(exchange: str, kind: str) -> bool:
    """Whether it is an error if no queue takes an event of type `kind` from `exchange`."""
    return exchange != EVENTS or kind not in UNSUBSCRIBED


def desk_queue(slug: str, department: str) -> str:
    """The queue that an agent tool of the department reads."""
    return f"{DESK}.{desk_key(slug, department)}"


def dead_queue(service: str) -> str:
    """Where the broker puts what killed `service` again and again."""
    return f"{service}.{DEAD}"


def service_rights(service: str) -> Rights:
    """What the RabbitMQ user of `service` may do."""
    return _SERVICE_RIGHTS[service]


def tool_rights(role: str, slug: str, department: str | None = None) -> Rights:
    """What a tool of a town may do. `role`: `front_end`, `agent` (needs its department) or `analyst`."""
    if role == "front_end":
        keys = {CITIZEN_IN: _exactly(f"{slug}.submission")}
        return Rights(write=_exactly(CITIZEN_IN), topics=keys, connections=20, channels=100)
    if role == "agent" and department:
        keys = {DESK_IN: _exactly(desk_key(slug, department))}
        queue = _exactly(desk_queue(slug, department))
        return Rights(write=_exactly(DESK_IN), read=queue, topics=keys, connections=10, channels=50)
    if role == "analyst":
        return Rights(read=_exactly(STATISTICS), connections=5, channels=10)
    raise ValueError(f"no tool has the role {role!r}" + (" without a department" if role == "agent" else ""))


def _dead_queues() -> Iterable[Queue]:
    # The last place before a message would be lost.
    arguments = {"x-queue-type": "quorum", "x-delivery-limit": _NO_LIMIT}
    return (Queue(dead_queue(name), arguments) for name in SERVICES)


def _work_queues() -> Iterable[Queue]:
    for name in (*SUBSCRIPTIONS, "routing.actions"):
        yield Queue(name, _work_arguments(name.partition(".")[0]))
    # Front ends are told at once when it is full; a full queue of events would hold up every service.
    limits = {"x-max-length": 200_000, "x-max-length-bytes": 2_000_000_000}
    yield Queue("intake.submissions", {**_work_arguments("intake"), **limits})


def _work_arguments(service: str) -> dict[str, Any]:
    return {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": DEAD,
        "x-dead-letter-routing-key": dead_queue(service),
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",  # without it, at-least-once silently becomes at-most-once
    }


def _contacts() -> Queue:
    # Requests that nobody waits for any more are not worth answering, nor worth surviving a restart.
    return Queue("intake.contacts", {"x-queue-type": "classic", "x-message-ttl": 30_000})


def _statistics() -> Queue:
    # Whole segments expire, so they are small enough for a small town to fill some.
    return Queue(
        STATISTICS,
        {
            "x-queue-type": "stream",
            "x-max-age": "5Y",
            "x-max-length-bytes": 20_000_000_000,
            "x-stream-max-segment-size-bytes": 50_000_000,
        },
    )


# A copy of what the database has, and one that most departments never read: the oldest goes first.
_DESK_ARGUMENTS: Mapping[str, Any] = MappingProxyType(
    {
        "x-queue-type": "quorum",
        "x-delivery-limit": _NO_LIMIT,
        "x-overflow": "drop-head",
        "x-max-length": 10_000,
        "x-message-ttl": 30 * _DAY_MS,
    }
)

# What queues have got that may have been declared before: agents' tools, too, are told at once when theirs is
# full; desk queues state the same limit.
POLICIES = (
    Policy(
        "vigie-actions",
        r"^routing\.actions$",
        MappingProxyType({"max-length": 100_000, "max-length-bytes": 500_000_000}),
    ),
    Policy("vigie-desks", rf"^{DESK}\.", MappingProxyType({"delivery-limit": _NO_LIMIT})),
)


def _exactly(*names: str) -> str:
    # The broker's patterns are not anchored by themselves.
    escaped = [re.escape(name).replace(r"\-", "-") for name in names]
    return f"^{escaped[0]}$" if len(escaped) == 1 else f"^({'|'.join(escaped)})$"


def _publishes(service: str) -> str:
    return rf"^[^.]+\.({'|'.join(re.escape(kind) for kind in PUBLISHED[service])})$"


# Since 4.3 the broker says how long a queue is only to those who have some right there. To write to a queue
# means no more than to bind it, which also takes the right to read an exchange: routing has none.
_DESKS = rf"{_exactly(EVENTS, DESK, 'amq.default')}|^desk\.[a-z0-9-]+\.[a-z0-9-]+$"

# `amq.default` is where receipts go, and what `vigie events resend --for` publishes to one service alone: the
# reply address is checked by the service, since whoever may write there may write into any queue.
_SERVICE_RIGHTS: Mapping[str, Rights] = MappingProxyType(
    {
        "intake": Rights(
            write=_exactly(EVENTS, "amq.default"),
            read=_exactly("intake.submissions", "intake.events", "intake.contacts", dead_queue("intake")),
            topics={EVENTS: _publishes("intake")},
        ),
        "routing": Rights(
            write=_DESKS,
            read=_exactly("routing.events", "routing.actions", dead_queue("routing")),
            topics={EVENTS: _publishes("routing")},
        ),
        "notification": Rights(
            write=_exactly(EVENTS, INTAKE),
            read=_exactly("notification.events", dead_queue("notification")),
            topics={EVENTS: _publishes("notification")},
        ),
        "analytics": Rights(
            write=_exactly(STATISTICS),
            read=_exactly("analytics.events", dead_queue("analytics")),
        ),
    }
)
