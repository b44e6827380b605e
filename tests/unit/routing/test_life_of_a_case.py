"""Whatever anybody does with a case, in whatever order."""

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.routing.domain import (
    TRANSITIONS,
    Action,
    Actor,
    Case,
    Refusal,
    apply,
)
from services.routing.domain.moves import (
    AGENT_MOVES,
    AUTHOR_MOVES,
    MOVES,
    OUTCOMES,
    Move,
)
from tests.unit.routing.small_town import calm

TODAY = date(2026, 11, 24)


class LifeOfACase(RuleBasedStateMachine):
    """Whatever anybody does in whatever order, a case stays whole."""

    def __init__(self) -> None:
        super().__init__()
        self.case = Case("r1")
        self.ended = False

    @rule(
        move=st.sampled_from(MOVES),
        department=st.sampled_from(["voirie", "proprete", None]),
        is_author=st.booleans(),
        text=st.sampled_from(["Fait", "", None]),
        outcome=st.sampled_from(["done", "duplicate", "?", None]),
        days=st.integers(-2, 2) | st.none(),
    )
    def act(
        self,
        move: Move,
        department: str | None,
        is_author: bool,
        text: str | None,
        outcome: str | None,
        days: int | None,
    ) -> None:
        planned_for = None if days is None else TODAY + timedelta(days=days)
        target = {"route": "voirie", "forward": "regie", "reopen": self.case.target}.get(move)
        before = self.case
        action = Action(move, text, outcome, planned_for, target, today=TODAY)
        actor = Actor("ici", is_author=True) if is_author else Actor("ici", department)
        moved = apply(before, actor, action)
        if isinstance(moved, Refusal):
            assert self.case is before
            return
        assert TRANSITIONS[before.state, move] == moved.state
        assert actor.is_author == (move in AUTHOR_MOVES)
        assert actor.department == (before.target if move in AGENT_MOVES else None)
        assert not self.ended or moved.state == before.state or move == "reopen"
        self.ended = self.ended and move != "reopen"
        self.case = moved

    @precondition(lambda self: self.case.state in ("resolved", "declined"))
    @rule()
    def end(self) -> None:
        self.ended = True

    @precondition(lambda self: self.case.state != "withdrawn")  # then it is whoever had it
    @invariant()
    def somebody_has_it(self) -> None:
        holders = {"submitted": None, "forwarded": "authority", "triage": "triage"}
        assert self.case.target_kind == holders.get(self.case.state, "department")
        assert (self.case.target is None) == (self.case.target_kind in (None, "triage"))

    @invariant()
    def ended_with_an_outcome(self) -> None:
        known = {"resolved": OUTCOMES["resolve"], "declined": OUTCOMES["decline"]}.get(self.case.state)
        assert self.case.outcome in known if known else self.case.outcome is None

    @invariant()
    def planned_with_a_date(self) -> None:
        assert self.case.state != "planned" or self.case.planned_for is not None


LifeOfACase.TestCase.settings = calm
TestLifeOfACase = LifeOfACase.TestCase
