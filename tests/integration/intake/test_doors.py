"""One use case behind two doors: a submission as an event and as an HTTP call do the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Blueprint, Response, jsonify, request
from werkzeug.test import Client

from services.intake.bus.consumers import CONSUMERS
from services.intake.domain.links import Links
from services.intake.domain.reports import town
from services.intake.domain.submissions import Author, Place, Submission
from services.intake.usecases.limits import HourlyCount, Limits
from services.intake.usecases.submissions import Accepted, Submissions
from shared import clock, db, ids, settings, towns
from shared.amqp import Answers
from shared.contracts.envelope import Event
from shared.messaging import Processor, RawMessage, Resources
from shared.unit import Units
from shared.web import body_limit, create_app
from tests.contract.examples import example

WEB, QUEUE = "front-gentilly", "intake.submissions"
UNLIMITED = Limits(HourlyCount(0), HourlyCount(0))
DATA: dict[str, Any] = {
    "kind": "problem",
    "category": "voirie/nid-de-poule",
    "description": "Trou devant l'école",
    "place": {"latitude": 48.813, "longitude": 2.342, "address": "12 rue Charles-Frérot"},
    "citizen": {"first_name": "Ada", "last_name": "Martin", "email": "ada@example.org"},
}
_STORED = """
select r.town, r.kind, r.category, r.language, r.description, r.latitude, r.longitude, r.address, r.answers,
       r.share_contact, r.sender, c.email, e.type, o.exchange, o.routing_key,
       (e.body->'data')::jsonb #- '{report,id}' #- '{report,reference}' #- '{report,submitted_at}'
  from report r join citizen c on (c.town, c.id) = (r.town, r.citizen_id)
  join event e on e.subject = r.id::text join outbox o on o.event_id = e.id
 order by r.id"""


@pytest.fixture
def pool(database: Callable[[str], str]) -> Iterator[db.Pool]:
    """A database of intake that knows the town of the contract's example."""
    with db.open_pool(database("intake"), "test", 2) as own:
        with own.connection() as conn:
            towns.keep(conn, "gentilly", example("town.configured.v1").data)
        yield own


def _send_event(pool: db.Pool) -> None:
    event = Event(ids.new_id(), "urn:test", "submission.sent.v1", "gentilly", clock.timestamp(), DATA)
    resources = Resources(settings.service_settings("intake"), pool, Units(pool))
    nobody = Answers("amqp://nobody@127.0.0.1:1/", "nobody")
    processor = Processor(QUEUE, CONSUMERS[QUEUE](resources), pool, nobody, (60.0,), lambda: None)
    processor.process([RawMessage(QUEUE, event.encode(), {"user_id": WEB})])


def _post(pool: db.Pool) -> str:
    answer = Client(create_app(_door(pool))).post("/reports", json=DATA)
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["tracking_url"])


def _door(pool: db.Pool) -> Blueprint:
    """As a view does it: read, call, answer."""
    use_case = Submissions(Links("https://vigie.example", "secret" * 8), towns.Towns(town), UNLIMITED)

    @body_limit(4096)
    def submit() -> tuple[Response, int]:
        with Units(pool).open() as unit:
            (outcome,) = use_case.submit(unit, [_submission(request.get_json())])
        assert isinstance(outcome, Accepted)
        return jsonify(tracking_url=outcome.tracking_url), 201

    door = Blueprint("reports", __name__)
    door.add_url_rule("/reports", view_func=submit, methods=["POST"])
    return door


def _submission(data: dict[str, Any]) -> Submission:
    return Submission(
        town="gentilly",
        sender=WEB,
        kind=data["kind"],
        category=data["category"],
        language="fr",
        description=data["description"],
        author=Author(**data["citizen"]),
        place=Place(**data["place"]),
    )


def test_an_event_and_an_http_call_leave_the_same_rows(pool: db.Pool) -> None:
    _send_event(pool)
    assert "/suivi/" in _post(pool)
    with pool.connection() as conn:
        by_event, by_call = conn.execute(_STORED).fetchall()
    assert by_event == by_call
