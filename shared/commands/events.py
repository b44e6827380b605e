"""`vigie events`: saying again what has been said, with the same ids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from shared.commands import database
from shared.messaging.topology import HEARD, TOLD
from shared.outbox import QUERIES


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
    """
    heard = {type_ for types in HEARD.values() for type_ in types} - {"town.configured.v1"}
    for service in services or ("intake", "routing"):
        with database(service) as conn:
            types = sorted(heard & set(TOLD[service]))
            wanted = {
                "since": _moment(since),
                "town": town,
                "types": types,
                "exchange": "events",
                "quiet": quietly,
            }
            click.echo(
                f"{service}: {conn.execute(QUERIES['event_resend'], wanted).rowcount} events told again"
            )


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
