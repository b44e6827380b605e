"""`vigie`, the operator's command. Each service and the plumbing add their own subcommands by entry point."""

from __future__ import annotations

from importlib.metadata import entry_points

import click

from shared import settings


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def cli() -> None:
    """Set up a town, look at a report, and mend what is stuck.

    Connections are read from the environment, then from .local/connections.env.
    """


def main() -> None:
    """Run `vigie` with every subcommand that is installed."""
    settings.load_connections()
    for entry in sorted(entry_points(group="vigie.commands"), key=lambda e: e.name):
        entry.load()(cli)
    cli(prog_name="vigie")
