"""Events of reports for tests, each checked against its contract."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from shared import ids
from shared.clock import rfc3339
from shared.contracts import registry
from shared.contracts.envelope import Event
from shared.contracts.states import ACTS
from shared.messaging import Message, RawMessage

SENT = datetime(2026, 11, 22, 9, 5, 7, 123_000, tzinfo=UTC)
PLACE: Mapping[str, Any] = {"latitude": 48.81371, "longitude": 2.34466, "address": "12 rue Charles-Frérot"}
POINT = (PLACE["latitude"], PLACE["longitude"])

# What stands in a report that analytics must not keep.
TELLING = (
    "GEN-7K3M-9QX2",
    "Trou devant",
    "Frérot",
    "48.81371",
    "2.34466",
    "Qui est passé",
    "Jean",
    "agent-7",
)

_DECISION = {
    "rule": "voirie-1",
    "rule_set": "3",
    "reason": {"fr": "Voirie, règle voirie-1", "en": "Roads, rule voirie-1"},
    "plain_reason": {"fr": "Voirie", "en": "Roads"},
}
_DECIDED = {"decision": _DECISION, "clocks": {"acknowledge_by": None, "resolve_by": None}}
_ACTED = {"department": "voirie", "agent_id": "agent-7"}
_MORE: Mapping[str, Mapping[str, Any]] = {
    "submitted": {},
    "routed": {"department": "voirie", **_DECIDED},
    "forwarded": {"authority": "ratp", **_DECIDED},
    "triaged": _DECIDED,
    "acknowledged": {**_ACTED, "text": "Jean passe demain"},
    "planned": {**_ACTED, "planned_for": "2026-12-01"},
    "resolved": {**_ACTED, "outcome": "done", "text": "Jean est passé"},
    "declined": {**_ACTED, "outcome": "not_planned", "text": "Non, dit Jean"},
    "withdrawn": {"authority": "ratp", "reason": "other", "text": "Jean a réparé"},
    "reopened": {"department": "voirie", "text": "Jean n'est pas passé"},
    "rated": {"department": "voirie", "satisfied": False},
    "overdue": {
        "target": {"kind": "department", "id": "voirie"},
        "clock": "resolve",
        "due_at": "2026-11-25T09:00:00.000Z",
    },
}
EVERYTHING = tuple(_MORE)  # that is counted
_UNCOUNTED: Mapping[str, Mapping[str, Any]] = {
    "completed": {"authority": "ratp", "text": "Jean revient demain"}
}
# What is told of a report that waits for its author.
_OF_KEPT = ("id", "reference", "kind", "category", "language", "citizen_id", "submitted_at")


def report(**changes: Any) -> dict[str, Any]:
    """A report as events hold it."""
    return {
        "id": ids.new_id(),
        "reference": "GEN-7K3M-9QX2",
        "kind": "problem",
        "category": "voirie/nid-de-poule",
        "language": "fr",
        "citizen_id": ids.random_id(),
        "description": "Trou devant l'école",
        "place": PLACE,
        "photos": [],
        "answers": {"qui": "Qui est passé ?"},
        "submitted_at": rfc3339(SENT),
        **changes,
    }


def event(
    happened: str,
    about: Mapping[str, Any] | None = None,
    *,
    town: str = "gentilly",
    after: timedelta = timedelta(0),
    **more: Any,
) -> Event:
    """`report.<happened>.v1` of the report `about`, `after` it was sent; `more` goes into the data."""
    about = about or report()
    sent = datetime.fromisoformat(about["submitted_at"])
    made = Event(
        id=ids.new_id(),
        source="urn:vigie:intake" if happened in ("submitted", *ACTS) else "urn:vigie:routing",
        type=f"report.{happened}.v1",
        town=town,
        time=rfc3339(sent + after),
        subject=about["id"],
        sequence="0000000001",
        correlationid=ids.new_id(),
        data={"report": dict(about), **{**_MORE, **_UNCOUNTED}[happened], **more},
    )
    registry.check(made)
    return made


def kept(about: Mapping[str, Any] | None = None) -> Event:
    """`report.kept.v1` of the report `about`, or of any."""
    about = about or report()
    made = Event(
        id=ids.new_id(),
        source="urn:vigie:intake",
        type="report.kept.v1",
        town="gentilly",
        time=about["submitted_at"],
        subject=about["id"],
        data={
            "report": {name: about[name] for name in _OF_KEPT},
            "kept_until": rfc3339(SENT + timedelta(days=7)),
        },
    )
    registry.check(made)
    return made


def message(event: Event, data: dict[str, Any] | None = None) -> Message:
    """The message in which `event` came, read: with its data as sent, unless `data` says what was read."""
    return Message(RawMessage("", b"", {}), event, event.data if data is None else data)


def stories(n: int, seed: int = 1, town: str = "gentilly") -> list[Event]:
    """The events of `n` reports of several kinds and places, in order."""
    chance = random.Random(seed)
    return [event for _ in range(n) for event in _story(chance, town)]


def _story(chance: random.Random, town: str) -> list[Event]:
    about = report(
        category=chance.choice(["voirie/nid-de-poule", "proprete/depot", "arbres"]),
        kind=chance.choice(["problem", "suggestion", "praise"]),
        place=chance.choice([None, PLACE, {"latitude": 48.8161, "longitude": 2.3391}]),
        submitted_at=rfc3339(SENT - timedelta(days=chance.randrange(40))),
    )
    first = chance.choice(["routed", "forwarded", "triaged"])
    later = ["acknowledged", "planned", "overdue", "resolved", "declined"]
    steps = ["submitted", first, *later[: chance.randrange(6)]]
    delays = sorted(timedelta(minutes=chance.randrange(60_000)) for _ in steps[1:])
    return [
        event(step, about, town=town, after=after)
        for step, after in zip(steps, [timedelta(0), *delays], strict=True)
    ]
