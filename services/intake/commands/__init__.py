"""Intake's subcommands of `vigie`: front ends' keys, the people who write, and categories for their words."""

from __future__ import annotations

import click

from services.intake.commands.citizens import citizen
from services.intake.commands.keys import key
from services.intake.commands.qr import qr
from services.intake.commands.suggesting import learn
from shared.commands.groups import town


@click.group()
def intake() -> None:
    """Front ends' keys for photo uploads, and what is learned for proposals."""


def register(cli: click.Group) -> None:
    """Add `vigie intake`, `vigie citizen`, `vigie town suggest` and `vigie town qr`."""
    intake.add_command(key)
    intake.add_command(learn)
    town.add_command(qr)
    cli.add_command(town)
    cli.add_command(intake)
    cli.add_command(citizen)
