"""The AsyncAPI document is current, whole, and agrees with the broker and the services."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from services.routing.domain import moves
from shared.contracts import registry
from shared.contracts.document import asyncapi
from shared.contracts.document.channels import CHANNELS, OPERATIONS
from shared.contracts.sentences import SENTENCES
from shared.contracts.states import STATES
from shared.messaging import topology
from tests.contract.examples import document, each_example

DOCUMENT: dict[str, Any] = yaml.safe_load(asyncapi.FILE.read_bytes())
EXCHANGES = {exchange.name: exchange.kind for exchange in topology.services().exchanges}


def refs(value: Any) -> Iterator[str]:
    """Every `$ref` in `value`."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for item in value.values():
            yield from refs(item)
    elif isinstance(value, list):
        for item in value:
            yield from refs(item)


def resolved(ref: str) -> Any:
    """What a `$ref` leads to."""
    found: Any = DOCUMENT
    for step in ref.removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_document_is_current() -> None:
    assert asyncapi.FILE.read_text("utf-8") == asyncapi.text(), (
        "python -m shared.contracts.document.asyncapi --write"
    )


def test_every_reference_leads_somewhere() -> None:
    assert all(ref.startswith("#/") and resolved(ref) for ref in refs(DOCUMENT))


def test_every_schema_and_message_is_used() -> None:
    parts = {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "messages")
        for name in DOCUMENT["components"][kind]
    }
    assert parts <= set(refs(DOCUMENT))


def test_every_event_is_on_a_channel_and_in_an_operation() -> None:
    assert {type_ for channel in CHANNELS for type_ in channel.types} == set(registry.EVENTS)
    said = {type_ for operation in OPERATIONS for type_ in (*operation.types, *operation.replies)}
    assert said == set(registry.EVENTS)


@pytest.mark.parametrize("operation", DOCUMENT["operations"].values(), ids=DOCUMENT["operations"])
def test_operation_s_messages_are_its_channels(operation: dict[str, Any]) -> None:
    for part in (operation, operation.get("reply", operation)):
        channel = resolved(part["channel"]["$ref"])
        assert {resolved(m["$ref"])["$ref"] for m in part["messages"]} <= set(refs(channel["messages"]))


@each_example
def test_example_keeps_to_the_json_schema(path: Path) -> None:
    message = DOCUMENT["components"]["messages"][registry.EVENTS[path.parent.name].schema.__name__]
    schema = {**message["payload"], "components": DOCUMENT["components"]}
    assert [error.message for error in Draft202012Validator(schema).iter_errors(document(path))] == []


@each_example
def test_json_schema_refuses_what_the_contract_refuses(path: Path) -> None:
    message = DOCUMENT["components"]["messages"][registry.EVENTS[path.parent.name].schema.__name__]
    schema = {**message["payload"], "components": DOCUMENT["components"]}
    changes: tuple[dict[str, Any], ...] = ({"type": "x.v1"}, {"data": {}}, {"town": "a.b"}, {"id": ""})
    for spoilt in changes:
        assert list(Draft202012Validator(schema).iter_errors(document(path) | spoilt))


def test_what_outsiders_send_is_closed_and_what_they_read_may_grow() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    closed = {name for name, schema in schemas.items() if schema.get("additionalProperties") is False}
    assert {"SubmissionSentV1", "Citizen", "SentPlace", "Consent", "AgentResolvedV1"} <= closed
    assert not closed & {
        "Event",
        "Report",
        "Place",
        "ReportRoutedV1",
        "SubmissionAcceptedV1",
        "StatisticsFactV1",
    }


@pytest.mark.parametrize("channel", DOCUMENT["channels"].values(), ids=DOCUMENT["channels"])
def test_channel_is_what_the_broker_has(channel: dict[str, Any]) -> None:
    binding = channel["bindings"]["amqp"]
    if binding["is"] == "routingKey":
        assert EXCHANGES[binding["exchange"]["name"]] == binding["exchange"]["type"]
        return
    known = {queue.name for queue in topology.services().queues}
    known |= {topology.desk_queue("{town}", "{department}"), "amq.rabbitmq.reply-to"}
    assert binding["queue"]["name"] in known


@pytest.mark.parametrize("contract", registry.EVENTS.values(), ids=registry.EVENTS)
def test_exchange_of_an_event_is_there(contract: registry.Contract) -> None:
    assert contract.exchange in {"", *EXCHANGES}


def test_guide_names_every_error_code() -> None:
    guide = DOCUMENT["info"]["description"]
    assert not [code for code in SENTENCES if f"| `{code}` |" not in guide]


def test_guide_s_table_of_states_is_routing_s() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", DOCUMENT["info"]["description"], re.MULTILINE)
    told = {state: set(re.findall(r"`(\w+)`", became)) for state, became in rows if state in STATES}
    possible: dict[str, set[str]] = {}
    for (state, move), became in moves.TRANSITIONS.items():
        if move in moves.AGENT_MOVES and move != "note":
            possible.setdefault(state, set()).add(became)
    assert told == possible


def test_guide_names_what_each_user_may_write_and_read() -> None:
    guide = DOCUMENT["info"]["description"]
    for rights in (
        topology.tool_rights("front_end", "ville"),
        topology.tool_rights("agent", "ville", "voirie"),
        topology.tool_rights("analyst", "ville"),
    ):
        for pattern in (rights.write, rights.read):
            name = pattern.strip("^$").replace("\\", "").replace("ville.voirie", "<town>.<department>")
            assert not name or f"`{name}`" in guide
