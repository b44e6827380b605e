"""What says the same is the same, however it is written."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts.agent import AgentPlannedV1, AgentResolvedV1
from shared.contracts.canonical import canonical
from shared.contracts.fields import Block, Flag, Nested, Several
from shared.contracts.front_end import SubmissionSentV1
from shared.contracts.registry import EVENTS
from shared.contracts.texts import Id, Line
from tests.contract import strategies
from tests.contract.examples import each_example, event, example

SUBMISSION = SubmissionSentV1()
calm = settings(deadline=None, suppress_health_check=list(HealthCheck))


def same(data: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two submissions say the same."""
    return canonical(SUBMISSION, SUBMISSION.load(data)) == canonical(SUBMISSION, SUBMISSION.load(other))


@calm
@given(strategies.objects(SUBMISSION))
def test_what_is_read_says_what_was_sent_and_so_does_its_shortest_form(data: dict[str, Any]) -> None:
    read = SUBMISSION.load(data)
    assert same(data, read)
    assert same(data, canonical(SUBMISSION, read))
    assert canonical(SUBMISSION, read).keys() <= data.keys()


@calm
@given(strategies.objects(SUBMISSION), strategies.objects(SUBMISSION))
def test_two_are_the_same_where_they_are_read_alike(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert same(one, other) == (SUBMISSION.load(one) == SUBMISSION.load(other))


@pytest.mark.parametrize(
    "more",
    [
        {"photos": []},
        {"answers": {}, "place": None},
        {"language": "fr"},
        {"consent": {}},
        {"consent": {"share_contact": False}},
        {"description": "Un matelas sur le trottoir\n"},
        {"description": "\r\n Un matelas sur le trottoir"},
    ],
)
def test_what_changes_nothing_is_the_same(more: dict[str, Any]) -> None:
    data = example("submission.sent.v1", "minimal").data
    assert same(data, data | more)


@pytest.mark.parametrize(
    "more",
    [
        {"photos": ["p_4Xn7cQ2kVb"]},
        {"answers": {"danger": ""}},
        {"language": "en"},
        {"consent": {"share_contact": True}},
        {"description": "Un matelas sur le\ntrottoir"},
        {"place": {"latitude": 48.8, "longitude": 2.3}},
    ],
)
def test_what_changes_something_is_another(more: dict[str, Any]) -> None:
    data = example("submission.sent.v1", "minimal").data
    assert not same(data, data | more)


def test_a_number_is_the_same_with_and_without_its_point() -> None:
    data = example("submission.sent.v1").data
    places = [data["place"] | {"latitude": latitude} for latitude in (48, 48.0)]
    assert same(*(data | {"place": place} for place in places))


@each_example
def test_nothing_that_was_sent_is_changed_on_the_way(path: Path) -> None:
    schema = EVENTS[event(path).type].schema()
    read = schema.load(event(path).data)
    before = deepcopy(read)
    canonical(schema, read)
    assert read == before


def test_an_outcome_that_goes_without_saying_is_the_same_when_it_is_said() -> None:
    schema = AgentResolvedV1()
    said = {"report": "a", "agent": "Nadia", "text": "Fait."}
    assert canonical(schema, schema.load(said | {"outcome": "done"})) == canonical(schema, schema.load(said))


class Inner(Block):
    id = Id(required=True)
    shared = Flag(load_default=False)


class Before(Block):
    items = Several(Nested(Inner), most=3, load_default=list)


class InnerSince(Inner):
    note = Line(load_default=None)


class Since(Block):
    """As the contract may become: two fields more."""

    items = Several(Nested(InnerSince), most=3, load_default=list)
    urgent = Flag(load_default=False)


@given(st.lists(st.booleans(), max_size=3))
def test_a_field_that_the_contract_gets_later_changes_nothing(shared: list[bool]) -> None:
    data = {"items": [{"id": "a", "shared": flag} for flag in shared]}
    then, now = Before(), Since()
    assert canonical(then, then.load(data)) == canonical(now, now.load(data))


def test_what_may_be_null_is_the_same_without_it() -> None:
    schema = AgentPlannedV1()
    said = {"report": "a", "agent": "Nadia", "planned_for": "2026-11-30"}
    assert canonical(schema, schema.load(said | {"text": None})) == said
