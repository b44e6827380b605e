"""The kinds of report, the roles of tools, confirmations: lists that events, town files and rules share."""

from __future__ import annotations

from typing import Literal, get_args

Kind = Literal["problem", "suggestion", "praise"]
Role = Literal["front_end", "agent", "analyst"]
Confirmation = Literal["always", "first", "never"]

KINDS: tuple[Kind, ...] = get_args(Kind)
ROLES: tuple[Role, ...] = get_args(Role)
CONFIRMATIONS: tuple[Confirmation, ...] = get_args(Confirmation)
LONGEST_CONFIRMATION_DAYS = 90
CONFIRMATION_DAYS = 7  # how long an unconfirmed report is kept, unless the town says otherwise
