"""`vigie analytics`: what has been counted, and counting it anew."""

from __future__ import annotations

from typing import Any

import click
import orjson

from services.analytics.errors import NothingCounted
from services.analytics.store import repository
from shared import db
from shared.commands import database
from shared.commands.report.words import facts, word
from shared.l10n import LANGUAGES, Language


@click.group()
def analytics() -> None:
    """What has been counted."""


@analytics.command()
@click.argument("town")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.option("--language", type=click.Choice(LANGUAGES), default="fr", show_default=True)
def counts(town: str, as_json: bool, language: Language) -> None:
    """Print how often each thing happened in TOWN, by whom, and whether the facts say the same.

    Ends with code 1 where the counts are not what the facts give (see `vigie analytics rebuild`).
    """
    with database("analytics") as conn:
        found = _counts(conn, town)
    click.echo(orjson.dumps(found).decode() if as_json else _table(found, language))
    if not found["equal_to_facts"]:
        raise click.ClickException(f"the counts are not what the facts give: vigie analytics rebuild {town}")


@analytics.command()
@click.argument("town")
def rebuild(town: str) -> None:
    """Make the counts of TOWN anew from its facts. Counting waits meanwhile; nothing is told again."""
    with database("analytics") as conn:
        if not repository.rebuild(conn, town):
            raise NothingCounted(town)
    click.echo(f"{town}: counted anew")


def register(cli: click.Group) -> None:
    """Add `vigie analytics`."""
    cli.add_command(analytics)


def _counts(conn: db.Connection, town: str) -> dict[str, Any]:
    with conn.transaction():
        conn.execute("set transaction isolation level repeatable read, read only")
        found, facts = repository.counts(conn, town), repository.recounted(conn, town)
    if not facts and not found:
        raise NothingCounted(town)
    names = ("happened", "target_kind", "target", "n")
    happened: dict[str, int] = {}
    for what, _, _, n in found:
        happened[what] = happened.get(what, 0) + n
    return {
        "town": town,
        "happened": happened,
        "counts": [dict(zip(names, (w, k or None, t or None, n), strict=True)) for w, k, t, n in found],
        "equal_to_facts": found == facts,
    }


def _table(found: dict[str, Any], language: Language) -> str:
    total = facts(sum(found["happened"].values()), language)
    return "\n".join([f"{found['town']}: {total}", *(_line(count, language) for count in found["counts"])])


def _line(count: dict[str, Any], language: Language) -> str:
    what, kind = word(count["happened"], language), word(count["target_kind"] or "", language)
    who = [kind if kind != what else "", count["target"] or ""]
    return f"{count['n']:>8}  {what:<21}  {' '.join(filter(None, who))}".rstrip()
