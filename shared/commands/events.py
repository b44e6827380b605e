"""`vigie events`: saying again what has been said, with the same ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from shared import db
from shared.commands import database
from shared.messaging.topology import HEARD, TOLD
from shared.outbox import QUERIES

STEP = 1000  # events told again in a transaction


@click.group()
def events() -> None:
    """Say again what has been told."""


@events.command()
@click.option("--since", required=True, help="RFC 3339 (2026-11-22, 2026-11-22T10:00+01:00), or 36h, 7d.")
@click.option(
    "--service", "services", multiple=True, type=click.Choice(["intake", "routing"]), help="Whose facts."
)
@click.option("--town", default=None, help="Only this town's.")
@click.option("--quietly", is_flag=True, help="For a service that lost its database: it tells nobody.")
def resend(since: str, services: tuple[str, ...], town: str | None, quietly: bool) -> None:
    """Publish again, with their own ids, the facts told since a moment.

    Whoever has taken them already does nothing. Whoever has not takes them now: after messages were lost,
    that is late mail and late statistics. After a database was lost, say --quietly, or every citizen is
    mailed again: notification then enters the mails as sent, analytics counts, and nobody is told.

    Every thousand are told by themselves. Stopped on the way, it goes on with --service and the moment that
    it printed last as --since; what is told twice by that does no harm.
    """
    wanted = {"since": _moment(since), "town": town}
    for service in services or ("intake", "routing"):
        with database(service) as conn:
            told = 0
            for told, of, until in _resend(conn, {**wanted, "types": _types(service)}, quietly):
                click.echo(f"{service}: {told} of {of}, up to {until.isoformat()}", err=True)
        click.echo(f"{service}: {told} events told again")


def _types(service: str) -> list[str]:
    """What `service` tells and another takes. Towns are told again by `vigie town apply --again`."""
    heard = {type_ for types in HEARD.values() for type_ in types} - {"town.configured.v1"}
    return sorted(heard & set(TOLD[service]))


def _resend(
    conn: db.Connection, wanted: Mapping[str, Any], quiet: bool
) -> Iterator[tuple[int, int, datetime]]:
    """Tell again step by step, each committed: how many have been told, of how many, and up to when."""
    with conn.cursor("told", withhold=True) as cursor:
        cursor.execute(QUERIES["event_since"], wanted)
        told = 0
        while step := cursor.fetchmany(STEP):
            rows = [{"n": n, "town": town, "id": id_} for n, (town, id_, _, _) in enumerate(step)]
            conn.execute(QUERIES["event_resend"], {"rows": db.rows(rows), "quiet": quiet})
            conn.commit()
            told += len(step)
            yield told, step[-1][3], step[-1][2]


def _moment(text: str) -> datetime:
    units = {"h": "hours", "d": "days", "m": "minutes"}
    if text[:-1].isdigit() and text[-1] in units:
        return datetime.now(UTC) - timedelta(**{units[text[-1]]: int(text[:-1])})
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(
            f"--since {text}: write 2026-11-22, 2026-11-22T10:00+01:00, 36h or 7d"
        ) from None
    return moment if moment.tzinfo else moment.astimezone()
