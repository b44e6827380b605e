"""`vigie citizen`: the people who write, by their opaque ids."""

from __future__ import annotations

from dataclasses import asdict

import click
import orjson

from services.intake.usecases import folded_addresses
from services.intake.usecases.folded_addresses import Doubtful
from shared.commands import database
from shared.l10n.spoken import words_of

_ = words_of("services.intake")


@click.group()
def citizen() -> None:
    """The people who write, by their opaque ids."""


@citizen.command()
@click.argument("town", metavar="[TOWN]", required=False)
@click.option("--possible", is_flag=True, help="Those for whose address another's may have been taken.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def merged(town: str | None, possible: bool, as_json: bool) -> None:
    """List citizens whose address the first release took for another's: straße for strasse.

    It knew people by the folded address, and mailed to the domain by the old standard (fass.de for faß.de).
    Said are the citizen's id, the reports, and how many of these may be of somebody else. Which, cannot be
    known: neither the second address nor the names were kept by report. Where the first address was the plain
    one, nothing shows that another came: --possible lists all that could be meant.
    """
    with database("intake") as conn:
        found = folded_addresses.merged(conn, town, possible)
    click.echo(orjson.dumps([asdict(row) for row in found]).decode() if as_json else _table(found))


def _table(found: list[Doubtful]) -> str:
    return "\n".join(map(_line, found)) or _("none")


def _line(row: Doubtful) -> str:
    what = _(
        "reports: {number}, perhaps of somebody else: {doubtful}, {first} to {last}",
        number=len(row.references),
        doubtful=row.doubtful,
        first=f"{row.first:%Y-%m-%d}",
        last=f"{row.last:%Y-%m-%d}",
    )
    if row.mailed_to:
        what = _("{what}; was mailed to {domain}", what=what, domain=row.mailed_to)
    said = _("{what}: {references}", what=what, references=" ".join(row.references))
    return f"{row.town}  {row.citizen_id}  {said}"
