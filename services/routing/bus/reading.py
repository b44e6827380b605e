"""Messages as the plain values that routing's use cases take."""

from __future__ import annotations

from datetime import date

from services.routing.bus.fields import AUTHOR_ACTS, MOVES
from services.routing.domain import Action, TownConfiguration, agent_of_tool
from services.routing.usecases.actions import Request
from services.routing.usecases.authors import AuthorAct
from services.routing.usecases.decisions import NewReport
from shared.contracts.envelope import Cause
from shared.messaging import Message

_SAID = ("reason", "text", "photos")


def new_report(message: Message) -> NewReport:
    """A `report.submitted.v1` as a report to decide on."""
    data = message.data
    return NewReport(message.event.town, data["report"], data["front_end"] or "", Cause.of(message.event))


def author_act(message: Message) -> AuthorAct:
    """What intake tells of an author. Who had the report is left out: routing knows better."""
    event, data = message.event, message.data
    said = {name: data[name] for name in _SAID if data.get(name)}
    return AuthorAct(event.town, data["report"]["id"], AUTHOR_ACTS[event.type][0], said, Cause.of(event))


def request(message: Message, town: TownConfiguration | None) -> Request:
    """An `agent.….v1` as a request of the agent whose tool the broker vouches for."""
    data = message.data
    planned_for = data.get("planned_for")
    action = Action(
        MOVES[message.event.type],
        text=data.get("text"),
        outcome=data.get("outcome"),
        planned_for=date.fromisoformat(planned_for) if planned_for else None,
    )
    actor = agent_of_tool(town, message.raw.sender, data["agent"])
    return Request(actor, data["report"], action, Cause.of(message.event))
