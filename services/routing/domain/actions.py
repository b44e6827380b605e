"""Acting on a case: the one function that moves it, or says why it cannot be moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from services.routing.domain.actors import Actor
from services.routing.domain.cases import Case
from services.routing.domain.clocks import Clocks
from services.routing.domain.decision import Decision
from services.routing.domain.moves import (
    AGENT_MOVES,
    AUTHOR_MOVES,
    MOVE_LABELS,
    MOVE_TO,
    NEEDS_TEXT,
    OUTCOMES,
    PLANNED_AHEAD,
    TOWN_MOVES,
    TRANSITIONS,
    Move,
)
from shared.contracts.sentences import PRECISELY, SENTENCES
from shared.contracts.states import STATE_LABELS, State, TargetKind
from shared.l10n import Label

_TARGET_KINDS: Mapping[Move, TargetKind] = {move: kind for kind, move in MOVE_TO.items()}


@dataclass(frozen=True, slots=True)
class Action:
    """What is asked of a case.

    `target`: the department or authority that a `route` or `forward` gives it to. `clocks`: until when
    whoever gets it has to act. `today`: the town's local date, for `plan`.
    """

    move: Move
    text: str | None = None
    outcome: str | None = None
    planned_for: date | None = None
    target: str | None = None
    clocks: Clocks = field(default_factory=Clocks)
    today: date | None = None

    @classmethod
    def decided(cls, decision: Decision) -> Action:
        """What a decision of the town's rules asks of a case."""
        return cls(MOVE_TO[decision.target_kind], target=decision.target, clocks=decision.clocks)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an action cannot be done. `field` is what is wrong: `actor`, `report`, or a field of the action."""

    code: str
    field: str
    message: Label


NOT_ALLOWED = Refusal("not_allowed", "actor", PRECISELY["not_allowed.town"])
UNKNOWN_REPORT = Refusal("unknown_report", "report", SENTENCES["unknown_report"])
WRONG_DEPARTMENT = Refusal("wrong_department", "report", SENTENCES["wrong_department"])


def apply(case: Case, actor: Actor, action: Action) -> Case | Refusal:
    """The case after the action, or why that cannot be done."""
    return _refusal(case, actor, action) or _moved(case, action)


def _moved(case: Case, action: Action) -> Case:
    state = TRANSITIONS[case.state, action.move]
    if action.move == "reopen":
        return _reopened(case, state, action)
    if action.move in TOWN_MOVES or action.move == "return":
        return _given(case, state, action)
    if action.move in OUTCOMES:
        return replace(case, state=state, outcome=action.outcome)
    if action.move == "plan":
        return replace(case, state=state, planned_for=action.planned_for)
    return replace(case, state=state)


def _given(case: Case, state: State, action: Action) -> Case:
    """Given to another target, whose clocks run; what somebody had already keeps its promised end."""
    promised = case.resolve_by if case.target and action.move != "triage" else None
    return replace(
        case,
        state=state,
        target_kind=_TARGET_KINDS.get(action.move, "triage"),
        target=action.target,
        planned_for=None,
        acknowledge_by=action.clocks.acknowledge_by,
        resolve_by=promised or action.clocks.resolve_by,
    )


def _reopened(case: Case, state: State, action: Action) -> Case:
    """With whoever had it, whose clocks run anew; in triage where the town no longer has them."""
    return replace(
        case,
        state=state if action.target else "triage",
        target_kind=case.target_kind if action.target else "triage",
        target=action.target,
        outcome=None,
        planned_for=None,
        acknowledge_by=action.clocks.acknowledge_by,
        resolve_by=action.clocks.resolve_by,
    )


def _refusal(case: Case, actor: Actor, action: Action) -> Refusal | None:
    return (
        _not_allowed(case, actor, action.move)
        or _impossible(case, action.move)
        or _text_missing(action)
        or _wrong_outcome(action)
        or _wrong_date(action)
    )


def _not_allowed(case: Case, actor: Actor, move: Move) -> Refusal | None:
    """Agents act on what their department has, authors on what they sent; giving it away is the town's."""
    own = AUTHOR_MOVES if actor.is_author else AGENT_MOVES if actor.department else TOWN_MOVES
    if move not in own:
        return NOT_ALLOWED
    return WRONG_DEPARTMENT if actor.department not in (None, case.department) else None


def _impossible(case: Case, move: Move) -> Refusal | None:
    if (case.state, move) in TRANSITIONS:
        return None
    state, what = STATE_LABELS[case.state], MOVE_LABELS[move]
    message = Label(
        f"Le signalement est « {state.fr} » : impossible de le {what.fr}.",
        f"The report is “{state.en}”: you cannot {what.en}.",
    )
    return Refusal("impossible_transition", "move", message)


def _text_missing(action: Action) -> Refusal | None:
    if action.move not in NEEDS_TEXT or (action.text and action.text.strip()):
        return None
    return Refusal("required", "text", Label("Un texte est obligatoire ici.", "A text is mandatory here."))


def _wrong_outcome(action: Action) -> Refusal | None:
    allowed = OUTCOMES.get(action.move)
    if not allowed or action.outcome in allowed:
        return None
    listed = ", ".join(allowed)
    message = Label(f"L'issue doit être l'une de : {listed}.", f"The outcome must be one of: {listed}.")
    return Refusal("not_a_choice" if action.outcome else "required", "outcome", message)


def _wrong_date(action: Action) -> Refusal | None:
    if action.move != "plan":
        return None
    if action.planned_for is None:
        message = Label("La date prévue est obligatoire.", "The planned date is mandatory.")
        return Refusal("required", "planned_for", message)
    return _out_of_range(action.planned_for, action.today) if action.today else None


def _out_of_range(day: date, today: date) -> Refusal | None:
    if today <= day <= today + PLANNED_AHEAD:
        return None
    message = Label(
        "La date prévue est dans plus de dix ans : vérifiez l'année.",
        "The planned date is more than ten years ahead: check the year.",
    )
    if day < today:
        message = Label("La date prévue est passée.", "The planned date is in the past.")
    return Refusal("out_of_range", "planned_for", message)
