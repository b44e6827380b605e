"""The moves of a case as data: from which state each leads to which, and what goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal, get_args

from shared.contracts.states import DECLINED, RESOLVED, State, TargetKind
from shared.l10n import Label

TownMove = Literal["route", "forward", "triage"]
AgentMove = Literal["acknowledge", "plan", "resolve", "decline", "return", "note"]
AuthorMove = Literal["withdraw", "reopen", "complete"]
Move = TownMove | AgentMove | AuthorMove

TOWN_MOVES: tuple[TownMove, ...] = get_args(TownMove)
AGENT_MOVES: tuple[AgentMove, ...] = get_args(AgentMove)
AUTHOR_MOVES: tuple[AuthorMove, ...] = get_args(AuthorMove)
MOVES: tuple[Move, ...] = (*TOWN_MOVES, *AGENT_MOVES, *AUTHOR_MOVES)

TRANSITIONS: Mapping[tuple[State, Move], State] = {
    ("submitted", "route"): "routed",
    ("submitted", "forward"): "forwarded",
    ("submitted", "triage"): "triage",
    ("triage", "route"): "routed",
    ("triage", "forward"): "forwarded",
    ("forwarded", "triage"): "triage",
    ("forwarded", "route"): "routed",
    ("forwarded", "forward"): "forwarded",
    ("routed", "route"): "routed",
    ("routed", "forward"): "forwarded",
    ("acknowledged", "route"): "routed",
    ("acknowledged", "forward"): "forwarded",
    ("planned", "route"): "routed",
    ("planned", "forward"): "forwarded",
    ("routed", "acknowledge"): "acknowledged",
    ("routed", "plan"): "planned",
    ("routed", "resolve"): "resolved",
    ("routed", "decline"): "declined",
    ("routed", "return"): "triage",
    ("routed", "note"): "routed",
    ("acknowledged", "plan"): "planned",
    ("acknowledged", "resolve"): "resolved",
    ("acknowledged", "decline"): "declined",
    ("acknowledged", "return"): "triage",
    ("acknowledged", "note"): "acknowledged",
    ("planned", "plan"): "planned",
    ("planned", "resolve"): "resolved",
    ("planned", "decline"): "declined",
    ("planned", "return"): "triage",
    ("planned", "note"): "planned",
    ("resolved", "note"): "resolved",
    ("declined", "note"): "declined",
    ("withdrawn", "note"): "withdrawn",
    ("triage", "withdraw"): "withdrawn",
    ("routed", "withdraw"): "withdrawn",
    ("forwarded", "withdraw"): "withdrawn",
    ("acknowledged", "withdraw"): "withdrawn",
    ("planned", "withdraw"): "withdrawn",
    ("resolved", "reopen"): "routed",
    ("declined", "reopen"): "routed",
    ("triage", "complete"): "triage",
    ("routed", "complete"): "routed",
    ("forwarded", "complete"): "forwarded",
    ("acknowledged", "complete"): "acknowledged",
    ("planned", "complete"): "planned",
}

MOVE_TO: Mapping[TargetKind, TownMove] = {"department": "route", "authority": "forward", "triage": "triage"}
"""The move that gives a case to a target of this kind."""

OUTCOMES: Mapping[Move, tuple[str, ...]] = {"resolve": RESOLVED, "decline": DECLINED}
NEEDS_TEXT: frozenset[Move] = frozenset({"resolve", "decline", "return", "note"})
PLANNED_AHEAD = timedelta(days=3653)
"""How far ahead work may be planned: whoever writes more has mistyped the year."""

MOVE_LABELS: Mapping[Move, Label] = {
    "route": Label("confier à un service", "give it to a department"),
    "forward": Label("transmettre", "forward it"),
    "triage": Label("mettre en régulation", "put it in triage"),
    "acknowledge": Label("prendre en compte", "take it up"),
    "plan": Label("planifier", "plan it"),
    "resolve": Label("déclarer traité", "resolve it"),
    "decline": Label("clore sans suite", "decline it"),
    "return": Label("renvoyer en régulation", "return it to triage"),
    "note": Label("annoter", "annotate it"),
    "withdraw": Label("retirer", "withdraw it"),
    "reopen": Label("rouvrir", "reopen it"),
    "complete": Label("compléter", "add to it"),
}
