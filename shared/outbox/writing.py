"""What is to be published, written in the transaction of the change that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from shared import db
from shared.contracts.envelope import Event
from shared.contracts.exchanges import EVENTS
from shared.db import queries

QUERIES = queries.load(__package__)

Route = tuple[str, str]  # exchange, routing key


@dataclass(frozen=True, slots=True)
class Publication:
    """An event and where it is to be published, on one route or several."""

    event: Event
    routes: tuple[Route, ...]


def events_route(event: Event) -> Route:
    """The route of an event between services: exchange `events`, key `<town>.<type>`."""
    return EVENTS, f"{event.town}.{event.type}"


def write(conn: db.Connection, publications: Sequence[Publication]) -> None:
    """Write the events and what is to be published of them, in this order, in the open transaction."""
    if not publications:
        return
    events = [_event_row(p.event) for p in publications]
    routes = [_route_row(p.event, *route) for p in publications for route in p.routes]
    conn.execute(QUERIES["outbox_write"], {"events": db.rows(events), "routes": db.rows(routes)})


def notify(conn: db.Connection) -> None:
    """Wake the relay, which runs in another process, when the open transaction is committed."""
    conn.execute(QUERIES["outbox_notify"])


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
