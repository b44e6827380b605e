"""`vigie report`: all that each service knows of one report; services add subcommands of their own."""

from __future__ import annotations

import json
from typing import cast

import click

from shared.commands import as_reference
from shared.commands.language import language_option
from shared.commands.report import words
from shared.commands.report.gathering import gather
from shared.l10n import Language
from shared.l10n.spoken import words_of

_ = words_of("shared")


@click.group()
def report() -> None:
    """Find reports, and look at one."""


@report.command()
@click.argument("reference", metavar="REF")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@language_option
def show(reference: str, as_json: bool, language: str) -> None:
    """What each service knows of a report, by its reference (GEN-7K3M-9QX2) or its id. No identity.

    Times are the town's. Where the database of a service is away, the others' parts are shown, and the code
    is 1.
    """
    known = gather(as_reference(reference))
    if "id" not in known and not known["away"]:
        raise click.ClickException(_("no report has the reference {reference}", reference=known["reference"]))
    if as_json:
        click.echo(json.dumps(known, indent=2, ensure_ascii=False, default=str))
    else:
        click.echo("\n".join(words.of(known, cast(Language, language))))
    if known["away"]:
        raise SystemExit(1)
