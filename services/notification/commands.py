"""Notification's part of `vigie`: what was sent of a report, what could not be sent, and sending it again."""

from __future__ import annotations

import click
import orjson

from services.notification.inspection import plain
from services.notification.store import repository
from shared.commands import database


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
    with database("notification") as conn:
        rows = [plain(row) for row in repository.unsent(conn)]
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
    with database("notification") as conn:
        if not repository.send_again(conn, delivery_id):
            raise click.ClickException(f"no failed mail has the id {delivery_id}; see `vigie delivery list`")
    click.echo("it will be sent within a second, under the same Message-ID")
