"""Requests that two replicas take at the same moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from shared.contracts import agent, errors
from shared.contracts.envelope import Event
from shared.messaging import inbox
from shared.messaging.answers import answer
from shared.messaging.batch import Batch
from shared.messaging.message import Delivery, Key, Message
from shared.messaging.outcomes import Overtaken
from shared.messaging.requests import Errors, Refusal, Requests

REPLY_TO = "amq.rabbitmq.reply-to.g2dkABByZ==.NQe+jw=="
NOBODY: Any = None
ASKED = Event(
    id="a",
    source="urn:tool",
    type="agent.acknowledged.v1",
    town="gentilly",
    time="2026-11-22T10:00:00Z",
    data={"report": "r", "agent": "Nadia"},
)
DELIVERY = Delivery("desk", ASKED.encode(), {"user_id": "tool", "reply_to": REPLY_TO})


def refuse(refusal: Refusal) -> Event:
    return answer("urn:vigie:routing", "action.rejected.v1", refusal.event, {"errors": refusal.errors})


def always_refused(batch: Batch, messages: list[Message]) -> list[tuple[Message, Errors]]:
    return [(message, [errors.error("/type", "impossible_transition")]) for message in messages]


REQUESTS = Requests({ASKED.type: agent.AgentAcknowledgedV1()}, always_refused, refuse, b"")


def test_what_another_replica_has_accepted_meanwhile_is_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Mapping[Key, inbox.Answered]] = [
        {},
        {("gentilly", "tool", "a"): inbox.Answered("00", ASKED)},
    ]
    monkeypatch.setattr(inbox, "find", lambda conn, consumer, keys: looks.pop(0))
    batch = Batch(NOBODY, "desk", ())
    with pytest.raises(Overtaken):
        REQUESTS.take(batch, [DELIVERY])
    assert not batch.replies


def test_what_nobody_has_accepted_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "find", lambda conn, consumer, keys: {})
    batch = Batch(NOBODY, "desk", ())
    REQUESTS.take(batch, [DELIVERY])
    assert [reply.type for reply in batch.replies] == ["action.rejected.v1"]
