"""Intake's subcommands of `vigie`."""

from __future__ import annotations

import click

from services.intake.photos.commands import key


@click.group()
def intake() -> None:
    """Front ends' keys for photo uploads."""


def register(cli: click.Group) -> None:
    """Add `vigie intake`."""
    intake.add_command(key)
    cli.add_command(intake)
