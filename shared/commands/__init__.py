"""`vigie`'s subcommands that look into every service's database, and know no service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import entry_points
from typing import Literal
from urllib.parse import urlsplit

import click
import psycopg

from shared import db, ids, settings
from shared.l10n.spoken import words_of

_ = words_of("shared")

# A town's letters, then twice four of Crockford's digits, which have no I, L, O and U.
_REFERENCE = re.compile(r"([A-Z0-9]{1,3})([0-9A-HJKMNP-TV-Z]{4})([0-9A-HJKMNP-TV-Z]{4})", re.ASCII)
_BETWEEN = re.compile(r"[\s\-\u2010-\u2014]+")

Cause = Literal["not_set", "no_tables", "no_answer"]


class DatabaseAway(click.ClickException):
    """A service's database cannot be looked into; `cause` says why."""

    def __init__(self, message: str, cause: Cause) -> None:
        super().__init__(message)
        self.cause = cause


def as_reference(text: str) -> str:
    """A report's reference or id as it is kept, however somebody has typed it.

    Raises a ClickException that says what a reference looks like, where it can be none.
    """
    found = ids.uuid_or_none(text.strip())
    if found:
        return str(found)
    parts = _REFERENCE.fullmatch(_BETWEEN.sub("", text).upper())
    if parts is None:
        raise click.ClickException(_("'{text}' is no reference; one looks like GEN-7K3M-9QX2", text=text))
    return "-".join(parts.groups())


def utc(moment: str) -> str:
    """A moment in RFC 3339 as a list for people has it: `2026-11-22 10:05:07 UTC`."""
    return f"{datetime.fromisoformat(moment).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def unreachable(service: str) -> str:
    """That nobody answers at the address of the database of `service`, which the environment may give."""
    name = f"{service.upper()}_DATABASE_URL"
    at = urlsplit(settings.required(name))
    place = f"{at.hostname}:{at.port or 5432}"
    return _(
        "the database of {service} cannot be reached at {place} ({name}); is it up? (make up)",
        service=service,
        place=place,
        name=name,
    )


@contextmanager
def database(service: str) -> Iterator[db.Connection]:
    """A transaction in the database of `service`; raises DatabaseAway, which says in a line what is wrong."""
    try:
        with psycopg.connect(settings.required(f"{service.upper()}_DATABASE_URL"), connect_timeout=5) as conn:
            yield conn
    except settings.SettingMissing as exc:
        raise DatabaseAway(str(exc), "not_set") from exc
    except psycopg.errors.UndefinedTable as exc:
        message = _("the database of {service} lacks tables: vigie db migrate {service}", service=service)
        raise DatabaseAway(message, "no_tables") from exc
    except psycopg.OperationalError as exc:
        raise DatabaseAway(unreachable(service), "no_answer") from exc


def register(cli: click.Group) -> None:
    """Add the subcommands, and to `vigie report` those of the services."""
    from shared.commands import events, migrations, parked, report

    for entry in entry_points(group="vigie.report"):
        entry.load()(report.report)
    for command in (migrations.database_group, parked.parked, events.events, report.report):
        cli.add_command(command)
