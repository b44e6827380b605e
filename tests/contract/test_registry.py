"""The one list of events."""

from __future__ import annotations

from dataclasses import replace

import pytest
from marshmallow import Schema, ValidationError, fields

from shared.contracts import errors, registry
from shared.contracts.registry import EVENTS
from shared.contracts.texts import Id
from tests.contract.examples import example


def codes(event_type: str) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        registry.check(replace(example("report.routed.v1"), type=event_type))
    return [(e["pointer"], e["code"]) for e in errors.explain(caught.value)]


def test_type_and_schema_have_the_same_name() -> None:
    names = {type_: "".join(word.capitalize() for word in type_.split(".")) for type_ in EVENTS}
    assert {type_: contract.schema.__name__ for type_, contract in EVENTS.items()} == names


def test_schemas_are_of_one_event_each() -> None:
    assert len({contract.schema for contract in EVENTS.values()}) == len(EVENTS)


def test_unknown_type_and_unknown_version_are_told_apart() -> None:
    assert codes("report.vanished.v1") == [("/type", "unknown_type")]
    assert codes("report.routed.v9") == [("/type", "unknown_version")]
    assert codes("report.routed") == [("/type", "unknown_type")]


def test_operator_is_told_what_is_unknown_without_repeating_it() -> None:
    assert registry.why_unknown("report.routed.v1", ["report.submitted.v1"]) == (
        "report.routed.v1 is not for this consumer"
    )
    assert registry.why_unknown("report.routed.v9") == "unknown major version of report.routed"
    assert "secret" not in registry.why_unknown("secret.v1")


def test_known_says_which_versions_there_are() -> None:
    assert registry.known("report.routed.v1")
    assert not registry.known("report.routed.v2")


def test_fact_for_analysts_has_no_track() -> None:
    fact = example("statistics.fact.v1")
    for name in ("subject", "correlationid", "causationid"):
        with pytest.raises(ValidationError) as caught:
            registry.check(replace(fact, **{name: "a"}))  # type: ignore[arg-type]
        assert caught.value.messages == {name: ["not_allowed"]}
    with pytest.raises(ValidationError):
        registry.check(replace(fact, traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01"))


def test_producer_is_held_to_the_envelope_too() -> None:
    with pytest.raises(ValidationError) as caught:
        registry.check(replace(example("report.routed.v1"), town="Gentilly!"))
    assert caught.value.messages == {"town": ["invalid"]}


def test_reader_may_have_a_schema_of_its_own() -> None:
    class Which(Schema):
        id = Id(required=True)

    class Mine(Schema):
        report = fields.Nested(Which, required=True)

    event = example("report.routed.v1")
    assert registry.read(event, Mine) == {"report": {"id": event.data["report"]["id"]}}


def test_errors_of_reading_are_under_data() -> None:
    event = example("report.routed.v1")
    with pytest.raises(ValidationError) as caught:
        registry.read(replace(event, data=event.data | {"department": 7}))
    assert caught.value.messages == {"data": {"department": ["invalid"]}}


def test_every_event_says_what_it_is() -> None:
    assert not [contract.type for contract in EVENTS.values() if not contract.summary.endswith((".", "…"))]
