"""The outbox: events are written with the change that they tell of, published afterwards, and never lost."""

from shared.outbox.history import Past, State, history, resend, since, state
from shared.outbox.writing import Publication, Route, events_route, notify, write

__all__ = [
    "Past",
    "Publication",
    "Route",
    "State",
    "events_route",
    "history",
    "notify",
    "resend",
    "since",
    "state",
    "write",
]
