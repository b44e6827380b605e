"""`vigie report list`: which reports a town has, how each stands, and what is late."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from services.routing.commands.naming import configured
from services.routing.domain import RUNNING, TownConfiguration, overdue
from services.routing.store import lists, repository
from services.routing.store.lists import Listed, Wanted
from services.routing.townfiles.marked import did_you_mean
from shared import clock, db
from shared.commands import as_reference, database
from shared.commands.language import language_option
from shared.contracts.states import STATE_LABELS, STATES, State
from shared.l10n import Dates, Label, colon
from shared.l10n.spoken import words_of

_ = words_of("services.routing")

_OPEN: tuple[State, ...] = tuple(state for state in STATES if state in RUNNING["resolve"])
_EVERY: tuple[State, ...] = tuple(state for state in STATES if state != "submitted")
CHOICES = ("open", "overdue", "stranded", "all", *_EVERY)

_LATE = {
    "acknowledge": Label("prise en compte en retard", "not taken up in time"),
    "resolve": Label("traitement en retard", "not resolved in time"),
}
_MORE = Label("il y en a d'autres : --after {after}", "there are more: --after {after}")
_TIMES = Label("heures de {zone}", "times of {zone}")
_NONE = Label("aucun signalement", "no report")


@click.command("list")
@click.argument("slug", metavar="TOWN")
@click.option("--state", type=click.Choice(CHOICES), default="open", show_default=True)
@click.option("--department", default=None, help="Only what this department has.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@click.option("--after", default=None, metavar="REF", help="Go on after this report.")
@click.option("--json", "as_json", is_flag=True, help="One array, for a program.")
@language_option
def list_command(
    slug: str,
    state: str,
    department: str | None,
    limit: int,
    after: str | None,
    as_json: bool,
    language: str,
) -> None:
    """The reports of TOWN, the oldest first: where each is, and what is late. Nothing of who sent them.

    `open` are those that have not ended; `overdue`, those of which a target delay has run out; `stranded`,
    those of a department or an authority that the town no longer has.
    """
    with database("routing") as conn:
        town = configured(conn, slug)
        found = lists.cases(conn, _wanted(conn, town, state, department, after), limit + 1)
        if not found and department:
            _known(conn, town, department)
    if as_json:
        zone = ZoneInfo(town.time_zone)
        click.echo(json.dumps([_plain(listed, zone) for listed in found[:limit]], indent=2))
        return
    click.echo("\n".join(_Lines(town, language).of(found[:limit])))
    if len(found) > limit:
        last = found[limit - 1].reference
        click.echo(_MORE.in_language(language).format(after=last), err=True)


def _wanted(
    conn: db.Connection, town: TownConfiguration, state: str, department: str | None, after: str | None
) -> Wanted:
    states = {"open": _OPEN, "overdue": _OPEN, "stranded": _OPEN, "all": _EVERY}
    return Wanted(
        town.slug,
        states.get(state) or tuple(one for one in _EVERY if one == state),
        department,
        overdue_at=clock.now() if state == "overdue" else None,
        holders=_holders(town) if state == "stranded" else None,
        after=_id(conn, town, after) if after else None,
    )


def _holders(town: TownConfiguration) -> Iterator[str]:
    yield from (f"{holder.kind}/{holder.slug}" for holder in town.holders())


def _id(conn: db.Connection, town: TownConfiguration, text: str) -> str:
    reference = as_reference(text)
    for row in repository.find_cases(conn, reference):
        if row["town"] == town.slug:
            return str(row["report_id"])
    text = _("no report of {town} has the reference {reference}", town=town.slug, reference=reference)
    raise click.ClickException(text)


def _known(conn: db.Connection, town: TownConfiguration, department: str) -> None:
    """Say so where the town neither has the department nor ever gave it a report."""
    known = [has.slug for has in town.departments]
    if department not in known and not lists.cases(conn, Wanted(town.slug, _EVERY, department), 1):
        hint = did_you_mean(department, known)
        named = {"town": town.slug, "department": department, "hint": hint}
        raise click.ClickException(_("{town} has no department '{department}'; {hint}", **named))


def _plain(listed: Listed, zone: ZoneInfo) -> dict[str, Any]:
    case = listed.case
    return {
        "reference": listed.reference,
        "id": case.id,
        "kind": listed.kind,
        "category": listed.category,
        "opened_at": listed.opened_at.astimezone(zone).isoformat(),
        "state": case.state,
        "target": {"kind": case.target_kind, "id": case.target},
        "acknowledge_by": _local(case.acknowledge_by, zone),
        "resolve_by": _local(case.resolve_by, zone),
        "overdue": list(overdue(case, clock.now())),
    }


def _local(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return moment.astimezone(zone).isoformat() if moment else None


class _Lines:
    def __init__(self, town: TownConfiguration, language: str) -> None:
        self._town, self._language = town, language
        self._dates = Dates(language, town.time_zone)

    def of(self, found: list[Listed]) -> Iterator[str]:
        yield from (self._line(listed) for listed in found)
        if found:
            yield f"({_TIMES.in_language(self._language).format(zone=self._town.time_zone)})"
        else:
            yield _NONE.in_language(self._language)

    def _line(self, listed: Listed) -> str:
        case = listed.case
        state = STATE_LABELS[case.state].in_language(self._language)
        where = f"{state}{colon(self._language)}{case.target}" if case.target else state
        late = [_LATE[name].in_language(self._language) for name in overdue(case, clock.now())]
        moment = self._dates.short_moment(listed.opened_at)
        return f"{listed.reference}  {moment:18}  {listed.category:36}  {'; '.join([where, *late])}"
