"""Routing's subcommands of `vigie`: setting a town up, and why reports go where they go."""

from __future__ import annotations

import click

from services.routing.commands.explanation import routing
from services.routing.commands.town import town


def register(cli: click.Group) -> None:
    """Add `vigie town` and `vigie routing`."""
    cli.add_command(town)
    cli.add_command(routing)
