"""Who has read parked messages as they came: each look is a row, written before anything is shown."""

from __future__ import annotations

import json
import os
import pwd
from pathlib import Path
from typing import Any

import click

from shared.commands import database, utc
from shared.l10n.spoken import words_of
from shared.messaging.store import parked
from shared.messaging.store.parked import Parked
from shared.settings import SERVICES

_ = words_of("shared")

LOGIN_UID = Path("/proc/self/loginuid")
_NOBODY_LOGGED_IN = 2**32 - 1


def note(service: str, message: Parked, name: str | None) -> None:
    """Write that whoever is at the keyboard, who gives this name, reads the parked message."""
    with database(service) as conn:
        parked.note_look(conn, message, _os_user(), name)
    click.echo(_("this look is noted under {name}: vigie parked looks", name=name or _os_user()), err=True)


def _os_user() -> str:
    """The user as the machine knows it, whatever the environment says; behind sudo, also who logged in."""
    user, login = os.getuid(), _login_uid()
    return _name(user) if login in (None, user) else f"{_name(user)} for {_name(login)}"


def _login_uid() -> int | None:
    """Who logged in, which the kernel keeps through sudo and su; None where nobody did, as in a container."""
    try:
        uid = int(LOGIN_UID.read_text())
    except (OSError, ValueError):
        return None
    return None if uid == _NOBODY_LOGGED_IN else uid


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # a container's user without a name
        return str(uid)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One array over all services.")
def looks(as_json: bool) -> None:
    """Who has read which parked message as it came (show --raw), in the last year."""
    found = sorted((look for service in SERVICES for look in _looks(service)), key=lambda x: x["looked_at"])
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for look in found:
        who = f"{look['name']} ({look['os_user']})" if look["name"] else look["os_user"]
        click.echo(f"{utc(look['looked_at'])}  {look['message']}  {look['queue']:20} {who}")


def _looks(service: str) -> list[dict[str, Any]]:
    with database(service) as conn:
        found = parked.looks(conn)
    return [
        {
            "looked_at": look.looked_at.isoformat(),
            "os_user": look.os_user,
            "name": look.name,
            "service": service,
            "queue": look.queue,
            "town": look.town or None,
            "message": look.parked_id,
        }
        for look in found
    ]
