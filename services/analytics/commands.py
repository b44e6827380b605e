"""`vigie analytics`: what has been counted, and counting it anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
import orjson

from services.analytics.errors import NothingCounted
from services.analytics.store.repository import Count
from services.analytics.usecases import recounting
from services.analytics.usecases.recounting import Counts
from shared.commands import database
from shared.commands.language import language_option
from shared.commands.report.words import facts, word
from shared.l10n import Language
from shared.l10n.spoken import words_of
from shared.unit import Unit, unit_of_work

_ = words_of("services.analytics")


@click.group()
def analytics() -> None:
    """What has been counted."""


@analytics.command("counts")
@click.argument("town", metavar="TOWN")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@language_option
def show_counts(town: str, as_json: bool, language: Language) -> None:
    """Print how often each thing happened in TOWN, by whom, and whether the facts say the same.

    Ends with code 1 where the counts are not what the facts give (see `vigie analytics rebuild`).
    """
    with _unit() as unit:
        found = recounting.counts(unit, town)
    click.echo(orjson.dumps(_document(found)).decode() if as_json else _table(found, language))
    if not found.equal_to_facts:
        message = _("the counts are not what the facts give: vigie analytics rebuild {town}", town=town)
        raise click.ClickException(message)


@analytics.command()
@click.argument("town", metavar="TOWN")
def rebuild(town: str) -> None:
    """Make the counts of TOWN anew from its facts. Counting waits meanwhile; nothing is published again."""
    with _unit() as unit:
        recounting.rebuild(unit, town)
    click.echo(_("{town}: counted anew", town=town))


def register(cli: click.Group) -> None:
    """Add `vigie analytics`."""
    cli.add_command(analytics)


@contextmanager
def _unit() -> Iterator[Unit]:
    try:
        with database("analytics") as conn, unit_of_work(conn) as unit:
            yield unit
    except NothingCounted as exc:
        raise click.ClickException(str(exc)) from None


def _document(found: Counts) -> dict[str, Any]:
    return {
        "town": found.town,
        "happened": dict(found.happened),
        "counts": [
            {
                "happened": count.happened,
                "target_kind": count.target_kind or None,
                "target": count.target or None,
                "n": count.n,
            }
            for count in found.counts
        ],
        "equal_to_facts": found.equal_to_facts,
    }


def _table(found: Counts, language: Language) -> str:
    total = facts(sum(found.happened.values()), language)
    return "\n".join([f"{found.town}: {total}", *(_line(count, language) for count in found.counts)])


def _line(count: Count, language: Language) -> str:
    what, kind = word(count.happened, language), word(count.target_kind, language)
    who = [kind if kind != what else "", count.target]
    return f"{count.n:>8}  {what:<21}  {' '.join(filter(None, who))}".rstrip()
