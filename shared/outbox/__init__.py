"""What a service tells: written with the change that it tells, published afterwards, lost never."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from shared import db
from shared.contracts.envelope import Event
from shared.db import queries

QUERIES = queries.load(__package__)


@dataclass(frozen=True, slots=True)
class Telling:
    """An event and where it is to be published: (exchange, routing key), one or several."""

    event: Event
    routes: tuple[tuple[str, str], ...]


def events_route(event: Event) -> tuple[str, str]:
    """The route of an event between services: exchange `events`, key `<town>.<type>`."""
    return "events", f"{event.town}.{event.type}"


def tell(conn: db.Connection, tellings: Sequence[Telling]) -> None:
    """Write the events and what is to be published of them, in this order, in the open transaction.

    Whoever tells of a report must hold its row's lock: so the outbox has each report's facts in order.
    """
    if not tellings:
        return
    events = [_event_row(t.event) for t in tellings]
    routes = [_route_row(t.event, *route) for t in tellings for route in t.routes]
    conn.execute(QUERIES["tell"], {"events": db.rows(events), "routes": db.rows(routes)})


def _event_row(event: Event) -> dict[str, object]:
    return {
        "town": event.town,
        "id": event.id,
        "subject": event.subject,
        "sequence": event.sequence,
        "type": event.type,
        "time": event.time,
        "body": orjson.Fragment(event.encode()),
    }


def _route_row(event: Event, exchange: str, routing_key: str) -> dict[str, object]:
    return {
        "town": event.town,
        "event_id": event.id,
        "subject": event.subject,
        "exchange": exchange,
        "routing_key": routing_key,
    }
