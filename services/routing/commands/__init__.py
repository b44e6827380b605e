"""Routing's subcommands of `vigie`: setting a town up, why reports go where they go, and which there are."""

from __future__ import annotations

import click

from services.routing.commands.explanation import routing
from services.routing.commands.reports import list_command
from services.routing.commands.town import town


def register(cli: click.Group) -> None:
    """Add `vigie town` and `vigie routing`."""
    cli.add_command(town)
    cli.add_command(routing)


def register_report(report: click.Group) -> None:
    """Add `vigie report list`."""
    report.add_command(list_command)
