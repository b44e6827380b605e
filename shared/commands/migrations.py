"""`vigie db`."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import click
import psycopg

from shared import settings
from shared.commands import unreachable
from shared.db import rights
from shared.db.migrate import MigrationChanged, migrate
from shared.l10n.spoken import words_of
from shared.settings import SERVICES, WEBS

_ = words_of("shared")


@click.group("db")
def database_group() -> None:
    """Bring the databases' tables up to date."""


@database_group.command("migrate")
@click.argument("services", nargs=-1, type=click.Choice(SERVICES))
def migrate_command(services: tuple[str, ...]) -> None:
    """Apply the migrations that are missing, in the databases of SERVICES (all four if none is named).

    Then each web process's role gets the rights that its pages need, and loses all others.
    """
    for service in services or SERVICES:
        try:
            applied = _migrate(service)
        except (settings.SettingMissing, MigrationChanged, rights.RoleMissing) as exc:
            raise click.ClickException(str(exc)) from exc
        except psycopg.OperationalError as exc:
            raise click.ClickException(unreachable(service)) from exc
        click.echo(f"{service}: {', '.join(applied) or _('up to date')}")


def _migrate(service: str) -> list[str]:
    url = settings.required(f"{service.upper()}_DATABASE_URL")
    applied = migrate(url, service)
    if service in WEBS:
        web = urlsplit(settings.required(f"{service.upper()}_WEB_DATABASE_URL"))
        rights.grant(url, service, unquote(web.username or ""))
    return applied
