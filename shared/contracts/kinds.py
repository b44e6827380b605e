"""Kinds of report, roles of tools, confirmations, purposes: lists that events, town files and rules share."""

from __future__ import annotations

from typing import Literal, get_args

Kind = Literal["problem", "suggestion", "praise"]
Role = Literal["front_end", "agent", "analyst"]
Confirmation = Literal["always", "first", "never"]
Purpose = Literal["tell_citizen", "hand_over", "confirm_report"]

KINDS: tuple[Kind, ...] = get_args(Kind)
ROLES: tuple[Role, ...] = get_args(Role)
CONFIRMATIONS: tuple[Confirmation, ...] = get_args(Confirmation)
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
LONGEST_CONFIRMATION_DAYS = 90
CONFIRMATION_DAYS = 7  # how long an unconfirmed report is kept, unless the town says otherwise
