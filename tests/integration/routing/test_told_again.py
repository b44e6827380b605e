"""A report that is told again opens no second case, however long ago the first was opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, LiteralString

import pytest

from deploy.local import paths
from services.routing import townfiles
from services.routing.bus import consumers as handlers
from services.routing.usecases import configuration as configuring
from shared import db
from shared.amqp import Answers
from shared.messaging import Processor, RawMessage, Resources
from shared.settings import service_settings
from shared.unit import Units, unit_of_work
from tests.support import reports

QUEUE = "routing.events"
GENTILLY = paths.ROOT / "deploy" / "towns" / "gentilly"


@pytest.fixture
def pool(database: Callable[[str], str]) -> Iterator[db.Pool]:
    """A routing database that knows Gentilly."""
    own = db.open_pool(database("routing"), "test", 2)
    configuration = townfiles.read_town(GENTILLY).configuration
    assert configuration
    with own.connection() as conn, unit_of_work(conn) as unit:
        configuring.store(unit, configuration)
    yield own
    own.close()


@pytest.fixture
def processor(pool: db.Pool) -> Processor:
    """Takes reports as in service; it answers nobody, so its address is never opened."""
    nobody = Answers("amqp://nobody@127.0.0.1:1/", "nobody")
    consumer = handlers.report_events(Resources(service_settings("routing"), pool, Units(pool)))
    return Processor(QUEUE, consumer, pool, nobody, (60.0,), lambda: None)


def _submitted(number: int) -> list[RawMessage]:
    told = [reports.event("submitted") for _ in range(number)]
    return [RawMessage(QUEUE, event.encode(), {"user_id": "vigie-intake"}) for event in told]


def _rows(pool: db.Pool, statement: LiteralString) -> list[tuple[Any, ...]]:
    with pool.connection() as conn:
        return conn.execute(statement).fetchall()


def test_reports_that_the_inbox_has_forgotten_change_nothing(pool: db.Pool, processor: Processor) -> None:
    old, new = _submitted(3), _submitted(2)
    processor.process(old)
    cases = _rows(pool, "select row_to_json(c)::text from case_file c order by report_id")
    with pool.connection() as conn:
        conn.execute("delete from inbox")  # as 400 days later
    processor.process([old[0], new[0], *old[1:], new[1]])
    assert _rows(pool, "select count(*) from retry union all select count(*) from parked") == [(0,), (0,)]
    after = _rows(pool, "select row_to_json(c)::text from case_file c order by report_id")
    assert set(cases) < set(after)
    assert len(after) == 5
    told = "select count(*), count(distinct subject) from event where subject is not null"
    assert _rows(pool, told) == [(5, 5)], "each is decided on once"
    assert _rows(pool, "select count(*) from inbox") == [(5,)]
