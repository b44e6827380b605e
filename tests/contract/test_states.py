"""Every place that needs the states of a case knows all of them, also where it cannot take the one list."""

from __future__ import annotations

import re

import pytest

from deploy.local.paths import ROOT
from services.analytics.bus.fields import READS
from services.analytics.domain import HAPPENED
from services.intake.bus import fields as intake
from services.intake.domain.follow_up import RECEIVED
from services.intake.web import wording
from services.notification.bus.fields import EVENTS
from services.notification.domain import NOTICES
from services.routing.domain import RUNNING, TRANSITIONS
from services.routing.domain.moves import OUTCOMES
from shared.contracts import registry
from shared.contracts.states import ACTS, ANSWERED, ENDED, RESERVED, STATE_LABELS, STATES, STEPS, event_type
from shared.messaging.topology import SUBSCRIPTIONS

STORE = ROOT / "services" / "routing" / "store"
TYPES = {event_type(step) for step in STEPS.values()}
WITHDRAWN, REOPENED, COMPLETED, RATED = map(event_type, ACTS)
SUBMITTED = event_type(STEPS["submitted"])
OVERDUE = event_type("overdue")
KEPT = "report.kept.v1"  # before it has a state


def test_every_state_has_its_event_and_its_words() -> None:
    assert registry.EVENTS.keys() >= TYPES
    assert set(STATE_LABELS) == set(STATES)
    assert not set(RESERVED) & set(STATES)


def test_every_state_is_reached_and_only_an_ended_one_is_never_left() -> None:
    assert set(TRANSITIONS.values()) == set(STATES) - {"submitted"}
    left = {(state, move) for (state, move), to in TRANSITIONS.items() if to != state}
    assert set(STATES) - {state for state, move in left if move != "reopen"} == ENDED
    assert {state for state, move in left if move == "reopen"} == ANSWERED


def test_every_answer_has_outcomes() -> None:
    assert {to for (_, move), to in TRANSITIONS.items() if move in OUTCOMES} == ANSWERED


@pytest.mark.parametrize(
    ("queue", "types"),
    [
        ("intake.events", TYPES - {SUBMITTED, WITHDRAWN} | {OVERDUE}),
        ("notification.events", TYPES | {KEPT, COMPLETED}),
        ("analytics.events", TYPES | {REOPENED, RATED, OVERDUE}),
    ],
)
def test_every_service_subscribes_to_every_state_that_concerns_it(queue: str, types: set[str]) -> None:
    assert set(SUBSCRIPTIONS[queue]) == types | {"town.configured.v1"}


def test_every_service_does_something_with_each_event_of_a_state() -> None:
    assert intake.STEPS.keys() == TYPES - {SUBMITTED, WITHDRAWN} | {OVERDUE}
    assert NOTICES.keys() == EVENTS.keys() == TYPES | {KEPT, COMPLETED}
    assert HAPPENED.keys() == TYPES | {REOPENED, RATED, OVERDUE}
    assert {event_type(happened) for happened in READS} == HAPPENED.keys()


def test_citizens_have_words_for_every_state_and_outcome() -> None:
    ends = {f"{to}/{o}" for (_, move), to in TRANSITIONS.items() for o in OUTCOMES.get(move, ())}
    steps = {*STEPS.values(), *ACTS, "overdue"} - {STEPS["submitted"]} | {RECEIVED}
    assert set(wording.STATES) == steps | ends | {"rated/satisfied", "rated/unsatisfied"}


@pytest.mark.parametrize(
    ("file", "listed"),
    [("queries.sql", r"state in \(([^)]*)\)"), ("schema.sql", r"state = ANY \(ARRAY\[([^\]]*)\]\)")],
)
def test_sql_lists_the_states_in_which_a_clock_runs_or_that_have_ended(file: str, listed: str) -> None:
    found = [set(re.findall(r"'(\w+)'", states)) for states in re.findall(listed, (STORE / file).read_text())]
    assert all(found)
    assert {frozenset(states) for states in found} <= {*RUNNING.values(), ENDED}
    assert {frozenset(states) for states in found} >= {*RUNNING.values()}
