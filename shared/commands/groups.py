"""Groups of subcommands to which several services add theirs."""

from __future__ import annotations

import click


@click.group()
def town() -> None:
    """Set up a town, see how it is set up, and try it."""
