"""`vigie routing explain`: why a report went where it is, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from services.routing.domain import Case, TownConfiguration, standing
from services.routing.store import repository
from services.routing.usecases import configuration as configuring
from shared import clock
from shared.commands import as_reference, database
from shared.commands.language import language_option
from shared.l10n import colon
from shared.l10n.spoken import words_of

_ = words_of("services.routing")


@click.group()
def routing() -> None:
    """Why reports go where they go."""


@routing.command()
@click.argument("reference", metavar="REF")
@language_option
def explain(reference: str, language: str) -> None:
    """Why the report REF (a reference or an id) went where it did, how it stands, and what is due when."""
    reference = as_reference(reference)
    with database("routing") as conn:
        cases = repository.find_cases(conn, reference)
        if not cases:
            raise click.ClickException(_("no report has the reference {reference}", reference=reference))
        configuration = configuring.current(conn, cases[0]["town"])
    assert configuration is not None
    click.echo("\n".join(_sentences(configuration, cases[0], language)))


def _sentences(town: TownConfiguration, row: Mapping[str, Any], language: str) -> Iterator[str]:
    yield f"{row['reference']}{colon(language)}{row['reason'][language]}"
    case = Case(row["report_id"], **{name: row[name] for name in _OF_CASE})
    said = standing(case, row["ended_at"], clock.now(), town.time_zone, language)
    yield f"{said} ({town.time_zone})"


_OF_CASE = ("state", "target_kind", "target", "outcome", "planned_for", "acknowledge_by", "resolve_by")
