"""What may be done with a case in each state, pair by pair, and by whom."""

import inspect
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from services.routing.bus.fields import ACTIONS
from services.routing.bus.fields import MOVES as MOVES_OF_EVENTS
from services.routing.domain import (
    CLOCKS,
    RUNNING,
    TRANSITIONS,
    Action,
    Actor,
    Case,
    CaseFile,
    Clocks,
    Decision,
    Refusal,
    actions,
    agent_of_tool,
    apply,
)
from services.routing.domain.moves import (
    AGENT_MOVES,
    AUTHOR_MOVES,
    MOVE_LABELS,
    MOVE_TO,
    MOVES,
    NEEDS_TEXT,
    OUTCOMES,
    TOWN_MOVES,
    Move,
)
from shared.contracts.sentences import SENTENCES
from shared.contracts.states import ENDED, STATES, TARGET_KINDS, State, TargetKind
from tests.unit.routing.small_town import changed_town, town

TODAY = date(2026, 11, 24)
# What the table must say, written again by hand: state by state, the moves in the order of MOVES.
#            route    forward    triage  acknowledge   plan     resolve   decline   return  note         withdraw   reopen  complete  # noqa: E501
EXPECTED = """
submitted    routed   forwarded  triage  -             -        -         -         -       -            -          -       -
routed       routed   forwarded  -       acknowledged  planned  resolved  declined  triage  routed       withdrawn  -       routed
forwarded    routed   forwarded  triage  -             -        -         -         -       -            withdrawn  -       forwarded
triage       routed   forwarded  -       -             -        -         -         -       -            withdrawn  -       triage
acknowledged routed   forwarded  -       -             planned  resolved  declined  triage  acknowledged withdrawn  -       acknowledged
planned      routed   forwarded  -       -             planned  resolved  declined  triage  planned      withdrawn  -       planned
resolved     -        -          -       -             -        -         -         -       resolved     -          routed  -
declined     -        -          -       -             -        -         -         -       declined     -          routed  -
withdrawn    -        -          -       -             -        -         -         -       withdrawn    -          -       -
"""  # noqa: E501
PAIRS = [
    (row.split()[0], move, state)
    for row in EXPECTED.strip().splitlines()
    for move, state in zip(MOVES, row.split()[1:], strict=True)
]


def _case(state: Any) -> Case:
    kind: Any = {"submitted": None, "forwarded": "authority", "triage": "triage"}.get(state, "department")
    return Case("r1", state, kind, {"department": "voirie", "authority": "regie"}.get(kind))


AUTHOR = Actor("ici", is_author=True)
TOWN, VOIRIE, PROPRETE = Actor("ici"), Actor("ici", "voirie", "Nadia"), Actor("ici", "proprete", "Ada")


def _action(move: Move, **more: Any) -> Action:
    outcome = OUTCOMES.get(move, (None,))[0]
    target = {"route": "voirie", "forward": "regie", "reopen": "voirie"}.get(move)
    return replace(Action(move, "Un texte", outcome, TODAY, target, today=TODAY), **more)


def _apply(case: Case, action: Action) -> Case | Refusal:
    """The action of whoever may do it, where anybody may."""
    if action.move in AUTHOR_MOVES:
        return apply(case, AUTHOR, action)
    return apply(case, VOIRIE if action.move in AGENT_MOVES else TOWN, action)


def test_every_pair_is_decided() -> None:
    assert {(state, move) for state, move, _ in PAIRS} == {(s, m) for s in STATES for m in MOVES}
    assert {(state, move): to for state, move, to in PAIRS if to != "-"} == TRANSITIONS


@pytest.mark.parametrize(("state", "move", "to"), PAIRS)
def test_each_move_from_each_state(state: State, move: Move, to: str) -> None:
    moved = _apply(_case(state), _action(move))
    if to == "-":
        assert isinstance(moved, Refusal)
        assert moved.code in ("impossible_transition", "wrong_department")
        assert moved.message.fr
        assert moved.message.en
    else:
        assert isinstance(moved, Case)
        assert moved.state == to


@pytest.mark.parametrize("move", AGENT_MOVES)
@pytest.mark.parametrize("state", STATES)
def test_an_agent_of_another_department_is_refused_whatever_the_state(state: State, move: Move) -> None:
    refused = apply(_case(state), PROPRETE, _action(move))
    assert isinstance(refused, Refusal)
    assert refused.code == "wrong_department"


@pytest.mark.parametrize("state", ["forwarded", "triage", "submitted"])
def test_no_department_has_what_is_elsewhere(state: State) -> None:
    refused = apply(_case(state), VOIRIE, _action("acknowledge"))
    assert isinstance(refused, Refusal)
    assert refused.code == "wrong_department"


@pytest.mark.parametrize("state", STATES)
def test_agents_give_no_case_away_and_the_town_does_no_agent_s_work(state: State) -> None:
    pairs: list[tuple[Actor, Move]] = [(VOIRIE, move) for move in TOWN_MOVES]
    pairs += [(TOWN, move) for move in AGENT_MOVES]
    for actor, move in pairs:
        refused = apply(_case(state), actor, _action(move))
        assert isinstance(refused, Refusal)
        assert (refused.code, refused.field) == ("not_allowed", "actor")


@pytest.mark.parametrize("move", sorted(NEEDS_TEXT))
@pytest.mark.parametrize("text", [None, "", " \n\t"])
def test_a_text_is_mandatory(move: Move, text: str | None) -> None:
    refused = _apply(_case("routed"), _action(move, text=text))
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.field) == ("required", "text")


@pytest.mark.parametrize("move", ["acknowledge", "plan"])
def test_a_text_is_not_mandatory_elsewhere(move: Move) -> None:
    assert isinstance(_apply(_case("routed"), _action(move, text=None)), Case)


@pytest.mark.parametrize(
    ("move", "outcome", "code"),
    [
        ("resolve", None, "required"),
        ("resolve", "duplicate", "not_a_choice"),
        ("decline", None, "required"),
        ("decline", "done", "not_a_choice"),
    ],
)
def test_an_outcome_must_be_one_of_the_moves(move: Move, outcome: str | None, code: str) -> None:
    refused = _apply(_case("routed"), _action(move, outcome=outcome))
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.field) == (code, "outcome")


@pytest.mark.parametrize("move", ["resolve", "decline"])
def test_the_outcome_is_kept_apart_from_the_state(move: Move) -> None:
    for outcome in OUTCOMES[move]:
        moved = _apply(_case("routed"), _action(move, outcome=outcome))
        assert isinstance(moved, Case)
        assert moved.outcome == outcome


@pytest.mark.parametrize(
    ("planned_for", "code"),
    [
        (None, "required"),
        (TODAY - timedelta(days=1), "out_of_range"),
        (date(2216, 11, 30), "out_of_range"),
    ],
)
def test_a_plan_needs_a_date_to_come_within_ten_years(planned_for: date | None, code: str) -> None:
    refused = _apply(_case("routed"), _action("plan", planned_for=planned_for))
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.field) == (code, "planned_for")


def test_a_plan_may_be_for_today_and_be_moved() -> None:
    planned = _apply(_case("acknowledged"), _action("plan"))
    assert isinstance(planned, Case)
    later = _apply(planned, _action("plan", planned_for=TODAY + timedelta(days=3)))
    assert isinstance(later, Case)
    assert later.planned_for == TODAY + timedelta(days=3)


def test_what_is_returned_is_nobodys_and_no_longer_planned() -> None:
    returned = _apply(replace(_case("planned"), planned_for=TODAY), _action("return"))
    assert isinstance(returned, Case)
    assert (returned.state, returned.target_kind, returned.target) == ("triage", "triage", None)
    assert returned.planned_for is None


@pytest.mark.parametrize(
    ("promised", "until"), [(date(2026, 12, 1), date(2026, 12, 1)), (None, date(2026, 11, 30))]
)
def test_what_is_returned_waits_by_triages_clock_and_for_the_end_that_was_promised(
    promised: date | None, until: date
) -> None:
    late = replace(_case("routed"), acknowledge_by=_at(date(2026, 11, 20)), resolve_by=_at(promised))
    clocks = Clocks(_at(date(2026, 11, 24)), _at(date(2026, 11, 30)))
    returned = _apply(late, _action("return", clocks=clocks))
    assert isinstance(returned, Case)
    assert (returned.acknowledge_by, returned.resolve_by) == (_at(date(2026, 11, 24)), _at(until))


def _at(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


@pytest.mark.parametrize(
    ("move", "kind", "target"),
    [("route", "department", "voirie"), ("forward", "authority", "regie"), ("triage", "triage", None)],
)
def test_routing_gives_a_case_to_its_target(move: Move, kind: str, target: str | None) -> None:
    moved = _apply(Case("r1"), _action(move))
    assert isinstance(moved, Case)
    assert (moved.target_kind, moved.target) == (kind, target)


@pytest.mark.parametrize("kind", TARGET_KINDS)
def test_a_decision_gives_a_new_case_to_its_target_until_its_clocks(kind: TargetKind) -> None:
    clocks = Clocks(_at(date(2026, 11, 24)), _at(date(2026, 11, 30)))
    target = None if kind == "triage" else "voirie"
    decision = Decision(kind, target, "R1", "3", {"fr": "Parce que", "en": "Because"}, clocks)
    case = apply(Case("r1"), TOWN, Action.decided(decision))
    assert isinstance(case, Case)
    assert case.state == TRANSITIONS["submitted", MOVE_TO[kind]]
    assert (case.target_kind, case.target) == (kind, target)
    assert (case.acknowledge_by, case.resolve_by) == (clocks.acknowledge_by, clocks.resolve_by)


def test_a_case_has_a_department_only_while_one_has_it() -> None:
    assert _case("planned").department == "voirie"
    assert [_case(state).department for state in ("submitted", "forwarded", "triage")] == [None] * 3


def test_each_event_about_a_case_has_the_next_number() -> None:
    first = CaseFile("ici", "ICI-1", {}, 1, _case("routed"))
    second = first.after(_case("acknowledged"))
    assert (second.sequence, second.case.state) == (2, "acknowledged")
    assert second.after(second.case) == replace(second, sequence=3)


def test_an_agent_acts_through_a_tool_for_the_department_that_has_it() -> None:
    assert agent_of_tool(town(), "ici-voirie", "Nadia") == VOIRIE


@pytest.mark.parametrize("user", ["ici-web", "ailleurs-voirie", ""])
def test_nobody_acts_through_what_is_no_agents_tool_of_the_town(user: str) -> None:
    assert agent_of_tool(town(), user, "Nadia") is None


def test_nobody_acts_in_a_town_without_tools_or_that_is_not_set_up() -> None:
    assert agent_of_tool(changed_town(tools=()), "ici-voirie", "Nadia") is None
    assert agent_of_tool(None, "ici-voirie", "Nadia") is None


def test_every_agents_event_is_a_move_and_every_move_has_a_word() -> None:
    assert sorted(MOVES_OF_EVENTS.values()) == sorted(AGENT_MOVES)
    assert MOVES_OF_EVENTS.keys() == ACTIONS.keys()
    assert set(MOVE_LABELS) == set(MOVES)


def test_every_waiting_state_has_a_clock_and_no_ended_one() -> None:
    assert set(RUNNING) == set(CLOCKS)
    waiting = {state for states in RUNNING.values() for state in states}
    assert waiting == set(STATES) - {"submitted"} - ENDED


def test_every_code_is_one_that_the_contract_promises() -> None:
    """Agents' tools branch on codes: those of the table are all there are."""
    source = inspect.getsource(actions)
    codes = {*re.findall(r'Refusal\(\s*"(\w+)"', source), "not_a_choice"}
    assert len(codes) >= 5
    assert codes <= set(SENTENCES)
