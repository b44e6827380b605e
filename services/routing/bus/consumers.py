"""Routing's queues: what comes there is read, given to a use case, and answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.routing.bus import answers, fields, reading
from services.routing.domain import Refusal, TownConfiguration
from services.routing.usecases import configuration
from services.routing.usecases.actions import act
from services.routing.usecases.authors import follow_authors
from services.routing.usecases.decisions import open_cases
from shared.messaging import (
    Batch,
    Consumer,
    ConsumerFactory,
    Errors,
    EventConsumer,
    Message,
    On,
    RequestConsumer,
    Resources,
    language,
)
from shared.towns import Towns


def report_events(_resources: Resources) -> Consumer:
    """What intake has taken, and what authors do about it."""
    towns = configuration.configured_towns()
    acts = AuthorDoor(towns).take
    return EventConsumer(
        {
            "report.submitted.v1": On(fields.ReportSubmitted, ReportDoor(towns).take),
            **{type_: On(schema, acts) for type_, (_, schema) in fields.AUTHOR_ACTS.items()},
        }
    )


def actions(_resources: Resources) -> Consumer:
    """What agents' tools ask for."""
    return RequestConsumer(
        reads=fields.ACTIONS,
        handler=ActionDoor(configuration.configured_towns()).take,
        reject=answers.action_rejected,
        secret=b"",  # nothing in an action is secret from whoever may read the inbox
    )


CONSUMERS: Mapping[str, ConsumerFactory] = {"routing.events": report_events, "routing.actions": actions}


@dataclass(frozen=True, slots=True)
class ReportDoor:
    """Gives new reports to the use case; those of a town that is not set up wait for its configuration."""

    towns: Towns[TownConfiguration]

    def take(self, batch: Batch, messages: list[Message]) -> None:
        """Have all decided on whose town is set up."""
        towns = self.towns.current(batch.conn, {m.event.town for m in messages})
        outcomes = open_cases(batch, towns, [reading.new_report(message) for message in messages])
        for message, outcome in zip(messages, outcomes, strict=True):
            if outcome == "unknown_town":
                batch.retry(message, f"the town {message.event.town} is not configured")


@dataclass(frozen=True, slots=True)
class AuthorDoor:
    """Gives what authors do to the use case; what comes before its report waits for it."""

    towns: Towns[TownConfiguration]

    def take(self, batch: Batch, messages: list[Message]) -> None:
        """Have all done whose case is there."""
        towns = self.towns.current(batch.conn, {m.event.town for m in messages})
        known = [message for message in messages if message.event.town in towns]
        outcomes = follow_authors(batch, towns, [reading.author_act(message) for message in known])
        early = [message for message, outcome in zip(known, outcomes, strict=True) if outcome == "no_case"]
        for message in [*early, *(message for message in messages if message not in known)]:
            batch.retry(message, "the report that it is about has no case yet")


@dataclass(frozen=True, slots=True)
class ActionDoor:
    """Gives agents' actions to the use case, and tells their tools what became of them."""

    towns: Towns[TownConfiguration]

    def take(self, batch: Batch, messages: list[Message]) -> list[tuple[Message, Errors]]:
        """Accept what is done; returns the others, each with why not."""
        towns = self.towns.current(batch.conn, {m.event.town for m in messages})
        outcomes = act(batch, towns, [reading.request(m, towns.get(m.event.town)) for m in messages])
        refused = []
        for message, outcome in zip(messages, outcomes, strict=True):
            if isinstance(outcome, Refusal):
                refused.append((message, [answers.in_words(outcome, language(message.event))]))
            else:
                batch.accept(message, answers.action_accepted(message.event, outcome))
        return refused
