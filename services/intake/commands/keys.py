"""`vigie intake key`: the keys with which front ends upload photos."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

import click
import psycopg

from services.intake.store import photos
from services.intake.store.photos import Owner
from shared import db
from shared.commands import database
from shared.l10n.spoken import words_of

_ = words_of("services.intake")

_SHORTEST = 24


@click.command()
@click.argument("town", metavar="TOWN")
@click.argument("user", metavar="USER")
@click.option("--key", "given", metavar="KEY", help="Use this key instead of making one.")
@click.option("--revoke", is_flag=True, help="Take all of this front end's keys back.")
def key(town: str, user: str, given: str | None, revoke: bool) -> None:
    """Give the front end USER of TOWN a key to upload photos with, and print it.

    USER is one of the town's tools whose role is front_end. Only a checksum is kept, so that the key cannot
    be shown again. Earlier keys stay good until --revoke, or until the town has no such front end any more.
    """
    owner = Owner(town, user)
    if given is not None and len(given) < _SHORTEST:
        raise click.ClickException(_("a key has at least {number} characters", number=_SHORTEST))
    with database("intake") as conn:
        if not revoke:
            _check_known(photos.front_ends(conn), owner)
        click.echo(_revoke(conn, owner) if revoke else _give(conn, owner, given or secrets.token_urlsafe(32)))


def _check_known(front_ends: Mapping[str, Sequence[str]], owner: Owner) -> None:
    if not front_ends:
        raise click.ClickException(_("no town is set up yet: vigie town apply DIR"))
    if owner.town not in front_ends:
        there = ", ".join(front_ends)
        raise click.ClickException(
            _("no town is called {town}; there is: {there}", town=owner.town, there=there)
        )
    if owner.tool not in front_ends[owner.town]:
        there = ", ".join(front_ends[owner.town]) or _("none")
        named = {"town": owner.town, "tool": owner.tool, "there": there}
        raise click.ClickException(_("{town} has no front end {tool}; there is: {there}", **named))


def _give(conn: db.Connection, owner: Owner, value: str) -> str:
    try:
        photos.add_key(conn, owner, value)
    except psycopg.errors.UniqueViolation:
        raise click.ClickException(_("another front end has this key: choose another")) from None
    return value


def _revoke(conn: db.Connection, owner: Owner) -> str:
    named = {"number": photos.revoke_keys(conn, owner), "tool": owner.tool, "town": owner.town}
    return _("{number} key(s) revoked for {tool} of {town}", **named)
