"""The quick test takes only what the schema takes, with the same result: proved on generated values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load

from shared.contracts import agent, analytics, blocks, intake, notification, registry, routing
from shared.contracts.envelope import EnvelopeSchema
from shared.contracts.fields import Block, NotQuick
from shared.contracts.front_end import SubmissionSentV1
from shared.contracts.quick import quick_object, reader, tolerant
from shared.contracts.texts import Id
from tests.contract import strategies
from tests.contract.examples import each_example, event

BLOCKS = [
    EnvelopeSchema,
    SubmissionSentV1,
    blocks.Report,
    blocks.Decision,
    blocks.Holder,
    intake.Contact,
    agent.AgentPlannedV1,
    routing.CategoryLeaf,
    routing.Mail,
    notification.DeliveryFailedV1,
    analytics.StatisticsFactV1,
]
calm = settings(deadline=None, max_examples=50, suppress_health_check=list(HealthCheck))
each_block = pytest.mark.parametrize("schema", BLOCKS, ids=lambda schema: schema.__name__)
each_openness = pytest.mark.parametrize("openness", [str, tolerant], ids=["closed", "open"])


def outcome(load: Any, value: Any) -> Any:
    """What loading gives, or how it fails."""
    try:
        return load(value)
    except ValidationError as error:
        return ("refused", error.messages)


@each_block
@calm
@given(data=st.data())
def test_quick_takes_what_is_valid_by_itself(schema: type[Schema], data: st.DataObject) -> None:
    instance = schema()
    value = data.draw(strategies.objects(instance))
    assert quick_object(instance)(value) == instance.load(value)


@each_block
@each_openness
@calm
@given(data=st.data())
def test_quick_and_schema_agree(schema: type[Schema], openness: Any, data: st.DataObject) -> None:
    instance = schema()
    openness(instance)
    value = data.draw(strategies.spoilt(strategies.objects(instance)) | strategies.JUNK)
    assert outcome(reader(instance), value) == outcome(instance.load, value)


@each_example
@each_openness
@settings(calm, max_examples=20)
@given(data=st.data())
def test_quick_and_schema_agree_on_each_event(path: Path, openness: Any, data: st.DataObject) -> None:
    instance = registry.EVENTS[event(path).type].schema()
    openness(instance)
    assert quick_object(instance)(event(path).data) == instance.load(event(path).data)
    value = data.draw(strategies.spoilt(st.builds(lambda: event(path).data)))
    assert outcome(reader(instance), value) == outcome(instance.load, value)


def test_tolerant_opens_every_level() -> None:
    class Inner(Block):
        id = Id(required=True)

    class Outer(Block):
        one = fields.Nested(Inner)
        many = fields.List(fields.Nested(Inner))

    stranger = {"id": "a", "x": 1}
    loaded = tolerant(Outer()).load({"one": stranger, "many": [stranger], "y": 2})
    assert loaded == {"one": {"id": "a"}, "many": [{"id": "a"}]}


def test_tolerant_leaves_other_instances_closed() -> None:
    contract = registry.EVENTS["report.routed.v1"].schema
    tolerant(contract())
    report = contract().load_fields["report"]
    assert isinstance(report, fields.Nested)
    assert report.schema.unknown != EXCLUDE


def test_schema_with_hooks_is_left_to_marshmallow() -> None:
    class Hooked(Block):
        id = Id(required=True)

        @pre_load
        def rename(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
            return {"id": data["name"]}

    with pytest.raises(NotQuick):
        quick_object(Hooked())
    assert reader(Hooked())({"name": "a"}) == {"id": "a"}
