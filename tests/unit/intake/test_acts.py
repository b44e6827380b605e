"""Whatever its author and its department do with a report, and in whatever order they learn of it: in the end
intake and routing agree on where it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from services.intake.domain.acts import sequence_after
from services.intake.domain.follow_up import MOST_ADDED, MOST_REOPENED, FollowUp, Step
from services.routing.domain import Action, Actor, Case, Move, apply
from shared.branding import Branding
from shared.contracts.states import STEPS, Act
from shared.l10n import Label
from tests.unit.routing.small_town import calm

SENT = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
NADIA, TOWN, AUTHOR = Actor("ici", "voirie", "Nadia"), Actor("ici"), Actor("ici", is_author=True)
MOVES: dict[Act, Move] = {"withdrawn": "withdraw", "reopened": "reopen", "completed": "complete"}
OUTCOMES = {"resolve": "done", "decline": "invalid"}
AGENT: list[Move] = ["acknowledge", "resolve", "decline", "return"]


def _report(*steps: Step) -> FollowUp:
    return FollowUp(
        town=Branding("Ici"),
        time_zone=ZoneInfo("Europe/Paris"),
        language="fr",
        reference="ICI-7K3M-9QX2",
        kind="problem",
        category=Label.same("nid-de-poule"),
        description="Trou",
        address=None,
        submitted_at=SENT,
        steps=steps,
    )


def _after(*states: str) -> FollowUp:
    return _report(*(Step(SENT, state) for state in states))


@pytest.mark.parametrize(
    ("states", "may"),
    [
        ((), {"withdrawn", "completed"}),
        (("routed",), {"withdrawn", "completed"}),
        (("routed", "overdue"), {"withdrawn", "completed"}),
        (("routed", "completed"), {"withdrawn", "completed"}),
        (("routed", *["completed"] * MOST_ADDED), {"withdrawn"}),
        (("routed", "withdrawn"), set()),
        (("routed", "resolved"), {"reopened", "rated"}),
        (("routed", "declined"), {"reopened", "rated"}),
        (("routed", "resolved", "rated"), {"reopened"}),
        (("routed", "resolved", "rated", "reopened"), {"withdrawn", "completed"}),
        (("routed", "resolved", "rated", "reopened", "routed", "resolved"), {"reopened", "rated"}),
        (("routed", *["resolved", "reopened", "routed"] * MOST_REOPENED, "resolved"), {"rated"}),
    ],
)
def test_what_an_author_may_do(states: tuple[str, ...], may: set[str]) -> None:
    assert _after(*states).may == may


@pytest.mark.parametrize(
    ("states", "now"),
    [
        (("routed", "withdrawn", "acknowledged"), "withdrawn"),
        (("routed", "withdrawn", "resolved"), "resolved"),
        (("routed", "resolved", "reopened"), "reopened"),
        (("routed", "resolved", "reopened", "routed"), "routed"),
        (("routed", "completed", "overdue"), "routed"),
    ],
)
def test_where_it_is(states: tuple[str, ...], now: str) -> None:
    assert _after(*states).now.state == now


def test_an_act_stands_after_what_was_known_and_before_what_comes_next() -> None:
    first = sequence_after(None)
    second = sequence_after(first)
    later = sequence_after("0000000002")
    order = [first, second, "0000000001", "0000000002", later, sequence_after(later), "0000000003"]
    assert order == sorted(order)


@dataclass
class Intake:
    """The steps that intake knows, by sequence."""

    steps: dict[str, Step] = field(default_factory=dict)

    @property
    def report(self) -> FollowUp:
        """As its author sees it."""
        return _report(*(self.steps[sequence] for sequence in sorted(self.steps)))


class AuthorAndDepartment(RuleBasedStateMachine):
    """One report; what each says is under way for a while, routing's events in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.intake = Intake()
        self.case = Case("r1", "routed", "department", "voirie")
        self.sequence = 1
        self.to_routing: list[Act] = []
        self.to_intake: list[tuple[str, Step]] = [(f"{1:010}", Step(SENT, "routed"))]

    @rule(move=st.sampled_from(AGENT))
    def department(self, move: Move) -> None:
        self._move(NADIA, Action(move, "Un texte", OUTCOMES.get(move)))

    @rule()
    def town(self) -> None:
        self._move(TOWN, Action("route", target="voirie"))

    @rule(act=st.sampled_from(list(MOVES)))
    def author(self, act: Act) -> None:
        if act in self.intake.report.may:
            sequence = sequence_after(max(self.intake.steps, default=None))
            self.intake.steps[sequence] = Step(SENT, act)
            self.to_routing.append(act)

    @precondition(lambda self: self.to_routing)
    @rule()
    def routing_learns(self) -> None:
        act = self.to_routing.pop(0)
        self._move(AUTHOR, Action(MOVES[act], target=self.case.target), tells=act == "reopened")

    @precondition(lambda self: self.to_intake)
    @rule(data=st.data())
    def intake_learns(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, len(self.to_intake) - 1))
        sequence, step = self.to_intake.pop(number)
        self.intake.steps[sequence] = step

    def _move(self, actor: Actor, action: Action, tells: bool = True) -> None:
        moved = apply(self.case, actor, action)
        if not isinstance(moved, Case):
            return
        self.case, self.sequence = moved, self.sequence + 1
        if tells:
            self.to_intake.append((f"{self.sequence:010}", Step(SENT, STEPS[moved.state])))

    def teardown(self) -> None:
        while self.to_routing or self.to_intake:
            if self.to_routing:
                self.routing_learns()
            for sequence, step in self.to_intake:
                self.intake.steps[sequence] = step
            self.to_intake.clear()
        assert self.intake.report.now.state == STEPS[self.case.state]


AuthorAndDepartment.TestCase.settings = calm
TestAuthorAndDepartment = AuthorAndDepartment.TestCase
