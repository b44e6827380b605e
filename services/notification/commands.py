"""Notification's part of `vigie`: what was sent of a report, what could not be sent, and sending it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
import orjson

from services.notification.errors import NotFailed
from services.notification.usecases import unsent
from shared.commands import database
from shared.l10n.spoken import N_, words_of
from shared.unit import unit_of_work

_ = words_of("services.notification")
_RECIPIENTS = {"citizen": N_("citizen"), "authority": N_("authority")}


def register(cli: click.Group) -> None:
    """Add notification's subcommands."""
    cli.add_command(delivery)


@click.group()
def delivery() -> None:
    """Mails: what could not be sent, and sending it again."""


@delivery.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
def list_unsent(as_json: bool) -> None:
    """Mails that failed, or that have waited for more than ten minutes."""
    with database("notification") as conn, unit_of_work(conn) as unit:
        rows = [_plain(row) for row in unsent.unsent(unit)]
    if as_json:
        click.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
        return
    for row in rows:
        what = _("to {recipient} after {attempts} attempts: {cause}", **_words(row))
        click.echo(f"{row['id']}  {row['state']:8} {row['reference']:16} {row['template']:13} {what}")
    click.echo(_("{number} unsent", number=len(rows)))


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the ledger with its moments as RFC 3339 text."""
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}


def _words(row: Mapping[str, Any]) -> dict[str, Any]:
    recipient = _(_RECIPIENTS.get(row["recipient_kind"], row["recipient_kind"]))
    return {"recipient": recipient, "attempts": row["attempts"], "cause": row["cause"] or _("waiting")}


@delivery.command("again")
@click.argument("delivery_id", metavar="ID")
def again(delivery_id: str) -> None:
    """Send a mail that failed once more, when what stood in the way has been mended."""
    try:
        with database("notification") as conn, unit_of_work(conn) as unit:
            unsent.send_again(unit, delivery_id)
    except NotFailed as exc:
        raise click.ClickException(str(exc)) from None
    click.echo(_("it will be sent within a second, under the same Message-ID"))
