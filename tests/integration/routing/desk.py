"""Routing's use cases called directly, each in a transaction of its own: no broker, no messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg

from services.routing.domain import Action, Actor, TownConfiguration
from services.routing.usecases import actions, configuration, decisions
from services.routing.usecases.decisions import NewReport
from shared.unit import unit_of_work
from tests.support import reports


@dataclass(frozen=True)
class Desk:
    """A routing database with a town in it."""

    url: str
    town: TownConfiguration

    def set_up(self) -> None:
        """Store the town's configuration."""
        with psycopg.connect(self.url) as conn, unit_of_work(conn) as unit:
            configuration.store(unit, self.town)

    def open_cases(self, new: Sequence[NewReport]) -> list[decisions.Outcome]:
        """Decide on reports."""
        with psycopg.connect(self.url) as conn, unit_of_work(conn) as unit:
            towns = configuration.configured_towns().current(conn, {report.town for report in new})
            return decisions.open_cases(unit, towns, new)

    def act(self, requests: Sequence[actions.Request]) -> list[actions.Outcome]:
        """Do what agents ask for."""
        with psycopg.connect(self.url) as conn, unit_of_work(conn) as unit:
            towns = configuration.configured_towns().current(conn, [self.town.slug])
            return actions.act(unit, towns, requests)

    def rows(self, statement: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        """What a statement gives."""
        with psycopg.connect(self.url) as conn:
            return conn.execute(statement, values).fetchall()

    def events(self, report_id: str) -> list[tuple[str, str, dict[str, Any], list[str]]]:
        """What is published about a report: type, sequence, data, and the exchanges, in order."""
        return self.rows(
            "select e.type, e.sequence, e.body -> 'data', array_agg(o.exchange order by o.id)"
            "  from event e join outbox o on o.town = e.town and o.event_id = e.id"
            " where e.subject = %s group by e.town, e.id, e.sequence order by e.sequence",
            report_id,
        )


def new_report(town: str = "gentilly", **changes: Any) -> NewReport:
    """A report that intake has taken, of a pothole in Gentilly."""
    return NewReport(town, reports.report(**changes), "gentilly-web")


def asked(actor: Actor | None, report: NewReport, action: Action) -> actions.Request:
    """A request about a report."""
    return actions.Request(actor, report.content["id"], action)
