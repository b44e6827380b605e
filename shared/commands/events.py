"""`vigie events`: saying again what has been said, with the same ids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from shared import db
from shared.commands import database
from shared.messaging.topology import HEARD, TOLD
from shared.outbox import QUERIES
from shared.settings import SERVICES

STEP = 1000  # events told again in a transaction
TELLERS = ("intake", "routing")  # whose facts others take
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {"h": "hours", "d": "days"}
_AGO = re.compile(r"([0-9]{1,8})([hd])")
_MINUTES_OR_MONTHS = re.compile(r"[0-9]+m")
QUIET = ("notification", "analytics")  # who knows how to take facts and tell nobody


@click.group()
def events() -> None:
    """Say again what has been told."""


@events.command()
@click.option("--since", required=True, help="RFC 3339 (2026-11-22, 2026-11-22T10:00+01:00), or 36h, 7d.")
@click.option("--for", "addressee", type=click.Choice(SERVICES), help="Only this service gets them.")
@click.option("--quietly", is_flag=True, help="With --for: it lost its database, and is to tell nobody.")
@click.option("--service", "services", multiple=True, type=click.Choice(TELLERS), help="Whose facts.")
@click.option("--town", default=None, help="Only this town's.")
def resend(
    since: str, addressee: str | None, quietly: bool, services: tuple[str, ...], town: str | None
) -> None:
    """Publish again, with their own ids, the facts told since a moment.

    Whoever has taken them already does nothing. Whoever has not takes them now: after messages were lost,
    that is late mail and late statistics.

    After a database was lost, say --for notification or --for analytics, and --quietly, or every citizen is
    mailed again: notification then enters the mails as sent, analytics counts, and nobody is told. What that
    service itself still has to try again or has parked must be done first, or it would pass for told.

    Every thousand are told by themselves. Stopped on the way, it goes on with --service and the moment that
    it printed last as --since; what is told twice by that does no harm.
    """
    wanted = {"since": _moment(since), "town": town}
    if quietly:
        _check_quiet(addressee)
    route = {"queue": addressee and f"{addressee}.events", "quiet": quietly}
    for service in services or [teller for teller in TELLERS if _types(teller, addressee)]:
        with database(service) as conn:
            told = 0
            types = _types(service, addressee)
            for told, of, until in _resend(conn, {**wanted, "types": types}, route):
                click.echo(f"{service}: {told} of {of}, up to {until.isoformat()}", err=True)
        click.echo(f"{service}: {told} events told again")


def _check_quiet(addressee: str | None) -> None:
    if addressee not in QUIET:
        raise click.UsageError(
            f"--quietly needs --for {' or --for '.join(QUIET)}: to intake and routing it means nothing"
        )
    with database(addressee) as conn:
        retried, parked = conn.execute(QUERIES["waiting_count"]).fetchone() or (0, 0)
    if retried or parked:
        raise click.ClickException(
            f"{addressee} has {retried} messages to try again and {parked} parked that would pass for told. "
            "Wait for the first; vigie parked list shows the others, to be replayed or dropped"
        )


def _types(service: str, addressee: str | None) -> list[str]:
    """What `service` tells and `addressee`, or anybody, takes; but towns, which `vigie town apply` tells."""
    queues = [f"{addressee}.events"] if addressee else list(HEARD)
    heard = {type_ for queue in queues for type_ in HEARD[queue]} - {"town.configured.v1"}
    return sorted(heard & set(TOLD[service]))


def _resend(
    conn: db.Connection, wanted: Mapping[str, Any], route: Mapping[str, Any]
) -> Iterator[tuple[int, int, datetime]]:
    """Tell again step by step, each committed: how many have been told, of how many, and up to when."""
    with conn.cursor("told", withhold=True) as cursor:
        cursor.execute(QUERIES["event_since"], wanted)
        told = 0
        while step := cursor.fetchmany(STEP):
            rows = [{"n": n, "town": town, "id": id_} for n, (town, id_, _, _) in enumerate(step)]
            conn.execute(QUERIES["event_resend"], {"rows": db.rows(rows), **route})
            conn.commit()
            told += len(step)
            yield told, step[-1][3], step[-1][2]


def _moment(text: str) -> datetime:
    """The moment that `text` names. Raises click.UsageError: also before 1970, when nobody told anything."""
    try:
        moment = _ago(text) or datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        moment = _NEVER
    if moment > _NEVER:
        return moment
    unclear = " may be minutes or months:" if _MINUTES_OR_MONTHS.fullmatch(text) else ":"
    raise click.UsageError(f"--since {text}{unclear} write 2026-11-22, 2026-11-22T10:00+01:00, 36h or 7d")


def _ago(text: str) -> datetime | None:
    found = _AGO.fullmatch(text)
    return datetime.now(UTC) - timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None
