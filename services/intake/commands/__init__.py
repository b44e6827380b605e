"""Intake's subcommands of `vigie`: front ends' keys, and the people who write."""

from __future__ import annotations

import click

from services.intake.commands.citizens import citizen
from services.intake.commands.keys import key


@click.group()
def intake() -> None:
    """Front ends' keys for photo uploads."""


def register(cli: click.Group) -> None:
    """Add `vigie intake` and `vigie citizen`."""
    intake.add_command(key)
    cli.add_command(intake)
    cli.add_command(citizen)
