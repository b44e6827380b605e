"""`vigie routing explain`: why a report went where it is, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from services.routing import configuring, repository
from services.routing.domain import TownConfiguration
from shared.commands import as_reference, database


@click.group()
def routing() -> None:
    """Why reports go where they go."""


@routing.command()
@click.argument("reference", metavar="REF")
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True)
def explain(reference: str, language: str) -> None:
    """Why the report REF (a reference or an id) went where it did, and until when it is to be dealt with."""
    reference = as_reference(reference)
    with database("routing") as conn:
        cases = repository.find_cases(conn, reference)
        if not cases:
            raise click.ClickException(f"no report has the reference {reference}")
        configuration = configuring.current(conn, cases[0]["town"])
    assert configuration is not None
    click.echo("\n".join(_sentences(configuration, cases[0], language)))


def _sentences(town: TownConfiguration, case: Mapping[str, Any], language: str) -> Iterator[str]:
    yield f"{case['reference']} : {case['reason'][language]}"
    labels = _DEADLINES[language]
    for clock in ("acknowledge_by", "resolve_by"):
        if case[clock]:
            yield f"{labels[clock]} {_local(case[clock], town.time_zone)} ({town.time_zone})."


_DEADLINES = {
    "fr": {"acknowledge_by": "À prendre en charge avant le", "resolve_by": "À traiter avant le"},
    "en": {"acknowledge_by": "To be acknowledged by", "resolve_by": "To be resolved by"},
}


def _local(moment: datetime, time_zone: str) -> str:
    return moment.astimezone(ZoneInfo(time_zone)).strftime("%d/%m/%Y %H:%M")
