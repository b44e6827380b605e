"""`vigie report`: all that each service knows of one report."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import Any

import click

from shared import db
from shared.commands import database
from shared.outbox import QUERIES
from shared.settings import SERVICES

Known = dict[str, Any]
Collect = Callable[[db.Connection, Mapping[str, Any]], Known]


@click.group()
def report() -> None:
    """Look at one report."""


@report.command()
@click.argument("reference", metavar="REF")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def show(reference: str, as_json: bool) -> None:
    """What each service knows of a report, by its reference (GEN-7K3M-9QX2) or its id. No identity."""
    known = gather(reference)
    click.echo(json.dumps(known, indent=2, ensure_ascii=False, default=str) if as_json else _words(known))


def gather(reference: str) -> Known:
    """The report's `state, target, rule, reason, photos, history, deliveries, counted`, and more.

    Each service adds its part by the entry point `vigie.report`: it gets a connection to its own database
    and what is known so far, and returns what it knows.
    """
    collectors = {entry.name: entry for entry in entry_points(group="vigie.report")}
    known: Known = {"reference": reference, "history": []}
    for service in SERVICES:
        collect: Collect = collectors[service].load()
        with database(service) as conn:
            known |= collect(conn, known)
            known["history"] += _history(conn, service, known)
        if "id" not in known:
            raise click.ClickException(f"no report has the reference {reference}")
    return known


def _history(conn: db.Connection, service: str, known: Known) -> list[Known]:
    wanted = {"town": known.get("town"), "subject": known.get("id")}
    found = conn.execute(QUERIES["event_history"], wanted).fetchall()
    return [
        {
            "id": id_,
            "service": service,
            "event": type_,
            "at": time.isoformat(),
            "sequence": sequence,
            **_told(body),
        }
        for id_, type_, time, sequence, body in found
    ]


def _told(body: Mapping[str, Any]) -> Known:
    data = body["data"]
    kept = ("department", "authority", "agent_id", "outcome", "planned_for", "clock", "due_at", "template")
    return {name: data[name] for name in kept if data.get(name)}


def _words(known: Known) -> str:
    target = known.get("target") or {}
    reason = (known.get("reason") or {}).get("fr", "")
    lines = [
        f"{known['reference']}  {known['town']}  {known.get('category', '')}",
        f"  état       {known.get('state', 'submitted')}",
        f"  confié à   {target.get('kind', '-')} {target.get('id') or ''}",
        f"  règle      {known.get('rule') or '-'} (version {known.get('rule_set') or '-'}) {reason}",
        f"  photos     {len(known.get('photos', []))}",
        *(f"  {entry['at'][:19]}  {entry['event']}" for entry in known["history"]),
        *(f"  envoi      {_delivery(delivery)}" for delivery in known.get("deliveries", [])),
        f"  compté     {known.get('counted')}",
    ]
    return "\n".join(lines)


def _delivery(delivery: Mapping[str, Any]) -> str:
    return f"{delivery['template']} → {delivery['recipient_kind']} : {delivery['state']}"
