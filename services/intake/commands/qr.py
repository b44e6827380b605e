"""`vigie town qr`: a code to be printed, which opens the form with what it already knows."""

from __future__ import annotations

from pathlib import Path

import click
import segno

from services.intake.domain import prefilled
from services.intake.domain.forms import FormTown, form_town
from services.intake.settings import intake_settings
from shared import towns
from shared.commands import database
from shared.l10n.spoken import words_of

_ = words_of("services.intake")

_FORMS = (".svg", ".pdf", ".png")


@click.command()
@click.argument("slug", metavar="TOWN")
@click.option("--category", default="", metavar="SLUG", help="What it is about: a category that can be sent.")
@click.option("--place", default="", metavar="WORDS", help="Where it is, as people call it.")
@click.option("--point", default="", metavar="LAT,LONG", help="Where it is, in degrees (WGS 84).")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file: .svg, .pdf or .png."
)
def qr(slug: str, category: str, place: str, point: str, output: Path | None) -> None:
    """A QR code that opens the form of TOWN with a place and a category filled in.

    For a lamp post, a bin, a playground. Without a file, only the address is said.
    """
    with database("intake") as conn:
        found = towns.stored(conn, slug)
    if found is None:
        raise click.ClickException(_("no town is called {town}", town=slug))
    if place and not point:
        click.echo(
            _("without --point, what comes by this code may wait until somebody says whose it is"), err=True
        )
    if category and not _can_be_sent(form_town(*found), category):
        raise click.ClickException(_("{category} is no category that can be sent", category=category))
    latitude, longitude = _degrees(point)
    said = {"category": category, "address": place, "latitude": latitude, "longitude": longitude}
    address = prefilled.address(intake_settings().url, slug, **said)
    if output:
        _write(address, output)
    click.echo(address)


def _can_be_sent(known: FormTown, category: str) -> bool:
    return any(known.has(kind, category) for kind in known.kinds)


def _degrees(point: str) -> tuple[str, str]:
    if not point:
        return "", ""
    latitude, _comma, longitude = (part.strip() for part in point.partition(","))
    if prefilled.point(latitude, longitude) is None:
        raise click.ClickException(
            _("a point is latitude and longitude in degrees, such as 48.8130,2.3420: 90 and 180 at the most")
        )
    return latitude, longitude


def _write(address: str, output: Path) -> None:
    if output.suffix not in _FORMS:
        raise click.ClickException(_("the file ends in {forms}", forms=", ".join(_FORMS)))
    # A quarter of the code may be scratched or painted over.
    try:
        segno.make(address, error="q", micro=False).save(str(output), scale=10, border=4)
    except OSError as exc:
        raise click.FileError(str(output), exc.strerror) from exc
