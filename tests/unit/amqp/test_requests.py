"""Requests that two replicas take at the same moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
import pytest

from shared.contracts import agent, errors
from shared.contracts.envelope import Event
from shared.messaging import (
    Batch,
    Errors,
    Key,
    Message,
    Overtaken,
    RawMessage,
    Rejection,
    RequestConsumer,
    answer,
)
from shared.messaging.store import inbox

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
DELIVERY = RawMessage("desk", ASKED.encode(), {"user_id": "tool", "reply_to": REPLY_TO})


def refuse(refusal: Rejection) -> Event:
    return answer("urn:vigie:routing", "action.rejected.v1", refusal.request, {"errors": refusal.errors})


def always_refused(batch: Batch, messages: list[Message]) -> list[tuple[Message, Errors]]:
    return [(message, [errors.error("/type", "impossible_transition")]) for message in messages]


REQUESTS = RequestConsumer({ASKED.type: agent.AgentAcknowledgedV1()}, always_refused, refuse, b"")


def test_what_another_replica_has_accepted_meanwhile_is_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Mapping[Key, inbox.Answered]] = [
        {},
        {("gentilly", "tool", "a"): inbox.Answered("00", ASKED)},
    ]
    monkeypatch.setattr(inbox, "find", lambda conn, consumer, keys: looks.pop(0))
    batch = Batch(NOBODY, "desk", ())
    with pytest.raises(Overtaken):
        REQUESTS.take(batch, [DELIVERY])
    assert not batch.answers


def test_what_nobody_has_accepted_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "find", lambda conn, consumer, keys: {})
    batch = Batch(NOBODY, "desk", ())
    REQUESTS.take(batch, [DELIVERY])
    assert [reply.type for reply in batch.answers] == ["action.rejected.v1"]


def test_what_else_is_wrong_is_found_in_what_could_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Mapping[str, Any]] = []

    def also(batch: Batch, delivery: RawMessage, event: Event, data: Mapping[str, Any]) -> Errors:
        seen.append(data)
        return [errors.error("/data/agent", "not_allowed")] * 30

    wrong = replace(ASKED, data={"report": 7, "agent": " Nadia ", "more": 1})
    asking = replace(REQUESTS, further_errors=also)
    monkeypatch.setattr(inbox, "find", lambda conn, consumer, keys: {})
    batch = Batch(NOBODY, "desk", ())
    asking.take(batch, [replace(DELIVERY, body=wrong.encode())])
    assert [{name: data[name] for name in data if name != "text"} for data in seen] == [{"agent": "Nadia"}]
    found = orjson.loads(batch.answers[0].body)["data"]["errors"]
    assert {e["code"] for e in found} == {"invalid", "unknown_field", "not_allowed"}
    assert len(found) == errors.MOST


@pytest.mark.parametrize(
    ("changes", "language"),
    [
        ({"time": "yesterday", "data": {"language": "en"}}, "en"),
        ({"town": "not a town", "data": {"language": "fr"}}, "fr"),
        ({"time": "yesterday", "data": {"language": 7}}, "fr"),
        ({"data": ["en"]}, "fr"),
    ],
)
def test_what_is_wrong_with_the_envelope_is_said_in_the_senders_language(
    changes: Mapping[str, Any], language: str
) -> None:
    body = orjson.dumps({**ASKED.document(), **changes})
    batch = Batch(NOBODY, "desk", ())
    REQUESTS.take(batch, [replace(DELIVERY, body=body)])
    (found,) = orjson.loads(batch.answers[0].body)["data"]["errors"]
    assert found == errors.error(found["pointer"], found["code"], language)


@pytest.mark.parametrize("body", [b"{", replace(ASKED, type="agent.flew.v1").encode()])
def test_of_what_cannot_be_read_nothing_more_is_said(body: bytes) -> None:
    def also(*_: Any) -> Errors:
        raise AssertionError("asked")

    batch = Batch(NOBODY, "desk", ())
    replace(REQUESTS, further_errors=also).take(batch, [replace(DELIVERY, body=body)])
    assert len(batch.answers) == 1
