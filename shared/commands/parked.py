"""`vigie parked`: the messages that no retry could save. Works on tables only, whoever is running."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import click
import orjson

from shared import db
from shared.commands import database, utc
from shared.commands.looks import looks, note
from shared.contracts.errors import kept
from shared.l10n.spoken import words_of
from shared.messaging.store import parked as store
from shared.messaging.store.parked import Parked
from shared.settings import SERVICES

_ = words_of("shared")

Row = dict[str, Any]
_YES = ("y", "yes", "o", "oui")
Action = Callable[[db.Connection, str], bool]


@click.group()
def parked() -> None:
    """Look at messages that were parked, send them through again, or drop them."""


parked.add_command(looks)


@parked.command("list")
@click.option("--json", "as_json", is_flag=True, help="One array over all services.")
def list_command(as_json: bool) -> None:
    """What is parked, with its cause."""
    rows = [_summary(service, message) for service, message in _all()]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        click.echo(
            f"{row['id']}  {utc(row['parked_at'])}  {row['queue']:20} {row['type'] or '?':22} {row['cause']}"
        )
    click.echo(_("{number} parked", number=len(rows)))


@parked.command()
@click.argument("message_id", metavar="ID")
@click.option("--raw", is_flag=True, help="The body as it came, names and texts included; the look is noted.")
@click.option("--name", default=None, help="With --raw: who looks, where several use this machine's user.")
def show(message_id: str, raw: bool, name: str | None) -> None:
    """One parked message: its properties, and its body with every value hidden unless --raw."""
    service, message = _one(message_id)
    if raw:
        note(service, message, name)
        click.echo(message.body)
        return
    shown = {**_summary(service, message), "attempts": message.attempts, "body": _body(message)}
    click.echo(json.dumps(shown, indent=2, ensure_ascii=False))


@parked.command()
@click.argument("message_ids", metavar="ID...", nargs=-1)
@click.option("--all", "all_of_them", is_flag=True, help="Every parked message.")
def replay(message_ids: tuple[str, ...], all_of_them: bool) -> None:
    """Give messages to their service again, as if they came for the first time."""
    _each(store.replay, message_ids, all_of_them, _("replayed"))


@parked.command()
@click.argument("message_ids", metavar="ID...", nargs=-1)
@click.option("--all", "all_of_them", is_flag=True, help="Every parked message; asks first.")
@click.option("--yes", is_flag=True, help="With --all: do not ask.")
def drop(message_ids: tuple[str, ...], all_of_them: bool, yes: bool) -> None:
    """Forget messages for good.

    With --all it says how many there are and asks. Where nobody can answer, as in a script without input,
    nothing is dropped but with --yes.
    """
    _each(store.drop, message_ids, all_of_them, _("dropped"), asks=not yes)


def _each(
    action: Action, message_ids: tuple[str, ...], all_of_them: bool, done: str, asks: bool = False
) -> None:
    """Each named message, or all that are parked now; one that somebody else takes meanwhile is left out."""
    if bool(message_ids) == all_of_them:
        raise click.UsageError(_("name the messages (vigie parked list shows their ids), or say --all"))
    found = _all() if all_of_them else (_one(message_id) for message_id in message_ids)
    wanted = [(service, message.id) for service, message in found]
    if all_of_them and asks and wanted:
        _ask(_("Forget {number} parked messages for good?", number=len(wanted)))
    counted = Counter(_apply(action, service, message_id, done) for service, message_id in wanted)
    if all_of_them:
        click.echo(
            _("{number} {done}, {gone} gone meanwhile", number=counted[True], done=done, gone=counted[False])
        )


def _ask(question: str) -> None:
    """End here where whoever is there does not say yes, or where nobody is there: the input is at its end."""
    try:
        answer = click.prompt(_("{question} [y/N]", question=question), "", show_default=False, err=True)
    except click.Abort as ended:
        if sys.stdin.isatty() or not isinstance(ended.__context__, EOFError):
            raise
        click.echo(err=True)
        raise click.ClickException(_("nobody answers; nothing was done: say --yes")) from ended
    else:
        if answer.lower() not in _YES:
            raise click.Abort


def _apply(action: Action, service: str, message_id: str, done: str) -> bool:
    """Whether it was still there."""
    with database(service) as conn:
        there = action(conn, message_id)
    click.echo(f"{message_id} {done if there else _('is gone meanwhile')} ({service})")
    return there


def _all() -> Iterator[tuple[str, Parked]]:
    for service in SERVICES:
        with database(service) as conn:
            messages = store.listed(conn)
        yield from ((service, message) for message in messages)


def _one(message_id: str) -> tuple[str, Parked]:
    for service in SERVICES:
        with database(service) as conn:
            for message in store.listed(conn, _uuid(message_id)):
                return service, message
    raise click.ClickException(_("no parked message has the id {id}; see vigie parked list", id=message_id))


def _uuid(message_id: str) -> str:
    return str(click.UUID.convert(message_id, None, None))


def _summary(service: str, message: Parked) -> Row:
    properties = message.properties
    return {
        "id": message.id,
        "service": service,
        "queue": message.queue,
        "town": message.town or None,
        "type": properties.get("type"),
        "message_id": properties.get("message_id"),
        "sender": properties.get("user_id"),
        "cause": message.cause,
        "parked_at": message.parked_at.isoformat(),
        "bytes": message.size,
        **({"bytes_kept": len(message.body)} if len(message.body) < message.size else {}),
    }


def _body(message: Parked) -> Any:
    if len(message.body) < message.size:
        return f"too large to be kept: the first {len(message.body)} of {message.size} bytes are"
    return _readable(message.body)


def _readable(body: bytes) -> Any:
    try:
        return _masked(orjson.loads(body))
    except orjson.JSONDecodeError:
        return f"not JSON, {len(body)} bytes"


_PLAIN = ("specversion", "id", "source", "type", "town", "time", "datacontenttype", "subject", "sequence")


def _masked(value: Any) -> Any:
    """The shape of a body without what was written in it: every value becomes its kind or its length."""
    if not isinstance(value, dict):
        return _hidden(value)
    return {kept(k): v if k in _PLAIN and isinstance(v, str) else _hidden(v) for k, v in value.items()}


def _hidden(value: Any) -> Any:
    if isinstance(value, dict):
        return {kept(k): _hidden(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_hidden(item) for item in value]
    if isinstance(value, str):
        return f"({len(value)} characters)"
    return value if value is None or isinstance(value, bool) else "(a number)"
