"""`vigie`, the operator's command. Each service and the plumbing add their own subcommands by entry point."""

from __future__ import annotations

import sys
from importlib.metadata import entry_points
from io import TextIOWrapper

import click

from shared import settings
from shared.commands.language import language_of_environment


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def cli() -> None:
    """Set up a town, look at a report, and mend what is stuck.

    Connections are read from the environment, then from .local/connections.env. Help, messages and errors are
    in French where LC_ALL, LC_MESSAGES or LANG says so, in English otherwise.
    """


def complete() -> click.Group:
    """`vigie` with every subcommand that is installed."""
    for entry in sorted(entry_points(group="vigie.commands"), key=lambda e: e.name):
        entry.load()(cli)
    return cli


def main() -> None:
    """Run `vigie`."""
    settings.load_connections()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal may not have every character
    with language_of_environment(complete()) as words:
        cli(prog_name="vigie", obj=words)
