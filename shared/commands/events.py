"""`vigie events`: publishing again what was published, with the same ids."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import click

from shared import db, outbox
from shared.commands import database
from shared.l10n.spoken import words_of
from shared.messaging.store import retry
from shared.messaging.topology import PUBLISHED, SUBSCRIPTIONS
from shared.outbox import Past
from shared.settings import SERVICES

_ = words_of("shared")

STEP = 1000  # events published again in one transaction
PRODUCERS = ("intake", "routing")  # whose events others subscribe to
QUIET = ("notification", "analytics")  # who can record an event and notify nobody
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {"h": "hours", "d": "days"}
_AGO = re.compile(r"([0-9]{1,8})([hd])")
_MINUTES_OR_MONTHS = re.compile(r"[0-9]+m")


@click.group()
def events() -> None:
    """Publish again what was published."""


@events.command()
@click.option("--since", required=True, help="RFC 3339 (2026-11-22, 2026-11-22T10:00+01:00), or 36h, 7d.")
@click.option("--for", "addressee", type=click.Choice(SERVICES), help="Only this service gets them.")
@click.option("--quietly", is_flag=True, help="With --for: it lost its database, and is to tell nobody.")
@click.option("--service", "services", multiple=True, type=click.Choice(PRODUCERS), help="Whose events.")
@click.option("--town", default=None, help="Only this town's.")
def resend(
    since: str, addressee: str | None, quietly: bool, services: tuple[str, ...], town: str | None
) -> None:
    """Publish again, with their own ids, the events published since a moment.

    Whoever has taken them already does nothing. Whoever has not takes them now: after messages were lost,
    that is late mail and late statistics.

    After a database was lost, say --for notification or --for analytics, and --quietly, or every citizen is
    mailed again: notification then enters the mails as sent, analytics counts, and nobody is told. What that
    service itself still has to try again or has parked must be done first, or it would pass for taken.

    Every thousand are published by themselves. Stopped on the way, it goes on with --service and the moment
    that it printed last as --since; what is published twice by that does no harm.
    """
    moment = _moment(since)
    if quietly:
        _check_quiet(addressee)
    queue = f"{addressee}.events" if addressee else None
    for service in services or [producer for producer in PRODUCERS if _types(producer, addressee)]:
        with database(service) as conn:
            steps = outbox.since(conn, moment, town, _types(service, addressee), STEP)
            sent = _resend(service, conn, steps, queue, quietly)
        click.echo(_("{service}: {sent} events told again", service=service, sent=sent))


def _check_quiet(addressee: str | None) -> None:
    if addressee not in QUIET:
        raise click.UsageError(
            _("--quietly needs --for notification or --for analytics: to intake and routing it means nothing")
        )
    with database(addressee) as conn:
        retried, parked = retry.waiting(conn)
    if retried or parked:
        message = _(
            "{addressee} has {retried} messages to try again and {parked} parked that would pass for taken. "
            "Wait for the first; vigie parked list shows the others, to be replayed or dropped",
            addressee=addressee,
            retried=retried,
            parked=parked,
        )
        raise click.ClickException(message)


def _types(service: str, addressee: str | None) -> list[str]:
    """What `service` publishes and `addressee`, or anybody, takes; `vigie town apply` does towns."""
    queues = [f"{addressee}.events"] if addressee else list(SUBSCRIPTIONS)
    heard = {type_ for queue in queues for type_ in SUBSCRIPTIONS[queue]} - {"town.configured.v1"}
    return sorted(heard & set(PUBLISHED[service]))


def _resend(
    service: str, conn: db.Connection, steps: Iterable[list[Past]], queue: str | None, quiet: bool
) -> int:
    """Publish again step by step, each committed, saying how far it has come; returns how many there were."""
    sent = 0
    for step in steps:
        outbox.resend(conn, step, queue, quiet)
        conn.commit()
        sent += len(step)
        progress = {
            "service": service,
            "sent": sent,
            "total": step[-1].total,
            "time": step[-1].time.isoformat(),
        }
        click.echo(_("{service}: {sent} of {total}, up to {time}", **progress), err=True)
    return sent


def _moment(text: str) -> datetime:
    """The moment that `text` names. Raises click.UsageError, also before 1970: nothing was published then."""
    try:
        moment = _ago(text) or datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        moment = _NEVER
    if moment > _NEVER:
        return moment
    if _MINUTES_OR_MONTHS.fullmatch(text):
        wrong = _(
            "--since {text} may be minutes or months: write 2026-11-22, 2026-11-22T10:00+01:00, 36h or 7d",
            text=text,
        )
    else:
        wrong = _("--since {text}: write 2026-11-22, 2026-11-22T10:00+01:00, 36h or 7d", text=text)
    raise click.UsageError(wrong)


def _ago(text: str) -> datetime | None:
    found = _AGO.fullmatch(text)
    return datetime.now(UTC) - timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None
