"""`vigie db`."""

from __future__ import annotations

import click

from shared import settings
from shared.db.migrate import MigrationChanged, migrate
from shared.settings import SERVICES


@click.group("db")
def database_group() -> None:
    """Bring the databases' tables up to date."""


@database_group.command("migrate")
@click.argument("services", nargs=-1, type=click.Choice(SERVICES))
def migrate_command(services: tuple[str, ...]) -> None:
    """Apply the migrations that are missing, in the databases of SERVICES (all four if none is named)."""
    for service in services or SERVICES:
        try:
            applied = migrate(settings.required(f"{service.upper()}_DATABASE_URL"), service)
        except (settings.SettingMissing, MigrationChanged) as exc:
            raise click.ClickException(str(exc)) from exc
        click.echo(f"{service}: {', '.join(applied) or 'up to date'}")
