"""`vigie`'s subcommands that look into every service's database, and know no service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
import psycopg

from shared import db, settings


@contextmanager
def database(service: str) -> Iterator[db.Connection]:
    """A transaction in the database of `service`; what goes wrong is said in a line."""
    try:
        with psycopg.connect(settings.required(f"{service.upper()}_DATABASE_URL"), connect_timeout=5) as conn:
            yield conn
    except settings.SettingMissing as exc:
        raise click.ClickException(str(exc)) from exc
    except psycopg.errors.UndefinedTable as exc:
        raise click.ClickException(
            f"the database of {service} lacks tables: vigie db migrate {service}"
        ) from exc
    except psycopg.OperationalError as exc:
        raise click.ClickException(
            f"the database of {service} cannot be reached; is it up? (make up)"
        ) from exc


def register(cli: click.Group) -> None:
    """Add the subcommands."""
    from shared.commands import events, migrations, parked, report

    for command in (migrations.database_group, parked.parked, events.events, report.report):
        cli.add_command(command)
