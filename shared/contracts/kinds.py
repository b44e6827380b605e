"""The kinds of report and the roles of tools: lists that events, town files and rules share."""

from __future__ import annotations

from typing import Literal, get_args

Kind = Literal["problem", "suggestion", "praise"]
Role = Literal["front_end", "agent", "analyst"]

KINDS: tuple[Kind, ...] = get_args(Kind)
ROLES: tuple[Role, ...] = get_args(Role)
