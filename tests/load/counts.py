"""What there must be after a run, to the last row and message: a run that is not exact is an error."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Any, LiteralString, Self

import psycopg

from deploy.local.connections import SERVICES
from services.routing.townfiles import load
from tests.load import broker
from tests.load.world import QUEUES, World
from tests.support.system import GENTILLY

DESK_HOLDS = 10_000  # the length at which a desk queue lets go of its oldest

_COUNTS: Mapping[str, Mapping[str, LiteralString]] = {
    "intake": {
        "reports": "select count(*) from report",
        "citizens": "select count(*) from citizen",
        "submissions remembered": "select count(*) from inbox where consumer = 'intake.submissions'",
        "steps for the citizen": "select count(*) from follow_up",
    },
    "routing": {"cases": "select count(*) from case_file"},
    "notification": {"deliveries": "select count(*) from delivery"},
    "analytics": {
        "facts": "select count(*) from fact",
        "tallied": "select coalesce(sum(n), 0)::bigint from tally",
        "reports by cell": "select coalesce(sum(n), 0)::bigint from cell_month",
        "numbers given out": """
            select coalesce(max(sequence) - min(sequence) + 1, 0)::bigint from fact
             where town = 'gentilly'""",
    },
}
_LEFT_OVER: LiteralString = (
    "select (select count(*) from outbox) + (select count(*) from retry) + (select count(*) from parked)"
)
_BY_TARGET: LiteralString = """
select target_kind, coalesce(target, ''), count(*) from case_file
 where reference not like 'OLD-%' group by 1, 2"""


class Inexact(Exception):
    """Something was lost, or done twice."""


class Books:
    """Reads the counts of a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        enter = self._stack.enter_context
        self._depths = enter(broker.Depths(self._world.amqp_url))
        urls = {service: self._world.database_url(service) for service in SERVICES}
        self._databases = {s: enter(psycopg.connect(url, autocommit=True)) for s, url in urls.items()}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def desks(self) -> list[str]:
        """The queues that Gentilly's departments read."""
        return [f"desk.gentilly.{department.slug}" for department in load(GENTILLY).departments]

    def facts_given_out(self) -> int:
        """How many facts have been numbered: nearly the last thing for a report, and cheap to ask."""
        return self._count("analytics", _COUNTS["analytics"]["numbers given out"])

    def missing(self) -> str:
        """What is short of all that was sent being stored, decided, told, counted, published; else empty.

        Looked at in the cheapest order, the dearest only at the end.
        """
        reports = self._world.sent + self._world.older
        if self.facts_given_out() < 2 * reports:
            return "facts"
        if self._count("intake", _COUNTS["intake"]["steps for the citizen"]) < reports:
            return "steps for the citizen"
        if self._count("notification", _COUNTS["notification"]["deliveries"]) < self._deliveries():
            return "deliveries"
        if any(self._count(service, "select count(*) from outbox") for service in SERVICES):
            return "publishing"
        return next((queue for queue in QUEUES if self._depths.ready(queue)), "")

    def desks_agree(self) -> bool:
        """True where each desk's reports are in its queue or have been taken from it."""
        found: dict[str, int] = {}
        wanted: dict[str, int] = {}
        self._audit_desks(found, wanted)
        return found == wanted

    def audit(self) -> None:
        """Compare everything with what it must be; call when no process runs. Raises Inexact."""
        world = self._world
        found = {name: self._count(s, sql) for s, counts in _COUNTS.items() for name, sql in counts.items()}
        wanted = dict.fromkeys(found, world.sent + world.older)
        wanted |= {"citizens": world.citizens + world.older, "deliveries": self._deliveries()}
        wanted |= {"submissions remembered": world.sent}
        wanted |= dict.fromkeys(("facts", "tallied", "numbers given out"), 2 * (world.sent + world.older))
        found |= {"receipts": world.receipts, "facts in the stream": self._in_stream(2 * world.sent)}
        wanted |= {"receipts": world.sent, "facts in the stream": 2 * world.sent}
        self._audit_desks(found, wanted)
        self._audit_left_over(found, wanted)
        wrong = [
            f"{name}: {found[name]}, not {wanted[name]}" for name in found if found[name] != wanted[name]
        ]
        if wrong:
            raise Inexact("; ".join(wrong))

    def _audit_desks(self, found: dict[str, int], wanted: dict[str, int]) -> None:
        for kind, target, count in self._rows("routing", _BY_TARGET):
            if kind == "department":
                queue = f"desk.gentilly.{target}"
                found[queue] = self._depths.ready(queue)
                wanted[queue] = min(count - self._world.taken[queue], DESK_HOLDS)

    def _audit_left_over(self, found: dict[str, int], wanted: dict[str, int]) -> None:
        left = {f"left over in {service}": self._count(service, _LEFT_OVER) for service in SERVICES}
        left |= {f"left over in {queue}": self._depths.ready(queue) for queue in QUEUES}
        left |= {f"dead in {service}": self._depths.ready(f"{service}.dead") for service in SERVICES}
        found |= left
        wanted |= dict.fromkeys(left, 0)

    def _in_stream(self, expected: int) -> int:
        return len(set(broker.stream_ids(self._world.amqp_url, "statistics", 0, expected)))

    def _deliveries(self) -> int:
        """A receipt for each report, a mail when it is routed, two when it is forwarded."""
        told = {"department": 2, "authority": 3, "triage": 1}
        by_target = self._rows("routing", _BY_TARGET)
        told_of: int = sum(told[kind] * count for kind, _, count in by_target)
        return told_of + 2 * self._world.older

    def _count(self, service: str, sql: LiteralString) -> int:
        found: int = self._rows(service, sql)[0][0]
        return found

    def _rows(self, service: str, sql: LiteralString) -> list[tuple[Any, ...]]:
        return self._databases[service].execute(sql).fetchall()
