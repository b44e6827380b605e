"""Notification's part of `vigie`: what was sent of a report, what could not be sent, and sending it again."""

from __future__ import annotations

import click
import orjson

from services.notification.errors import NotFailed
from services.notification.inspection import plain
from services.notification.usecases import unsent
from shared.commands import database
from shared.unit import unit_of_work


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
        rows = [plain(row) for row in unsent.unsent(unit)]
    if as_json:
        click.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
        return
    for row in rows:
        click.echo(
            f"{row['id']}  {row['state']:8} {row['reference']:16} {row['template']:13}"
            f" to {row['recipient_kind']} after {row['attempts']} attempts: {row['cause'] or 'waiting'}"
        )
    click.echo(f"{len(rows)} unsent")


@delivery.command("again")
@click.argument("delivery_id")
def again(delivery_id: str) -> None:
    """Send a mail that failed once more, when what stood in the way has been mended."""
    try:
        with database("notification") as conn, unit_of_work(conn) as unit:
            unsent.send_again(unit, delivery_id)
    except NotFailed as exc:
        raise click.ClickException(str(exc)) from None
    click.echo("it will be sent within a second, under the same Message-ID")
