"""What notification reads and tells, against the contract and its golden examples."""

from importlib.resources import files

import pytest

from services.notification import domain, events
from services.notification.bus import fields as schemas
from services.notification.domain import Attempt
from services.notification.mail import rendering, wording
from shared.contracts import registry
from shared.contracts.envelope import decode
from shared.messaging.topology import SUBSCRIPTIONS
from tests.support import mails

EXAMPLES = [
    example
    for fact in schemas.FACTS
    for example in files("shared.contracts").joinpath("examples", fact).iterdir()
]


def test_it_reads_all_that_its_queue_brings() -> None:
    assert {*schemas.FACTS, "town.configured.v1"} == set(SUBSCRIPTIONS["notification.events"])


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: "/".join(str(e).split("/")[-2:]))
def test_every_golden_example_can_be_told(example: object) -> None:
    event = decode(example.read_bytes())  # type: ignore[attr-defined]
    data = registry.read(event, schemas.FACTS[event.type])
    for notice in domain.notices(event.type):
        read = mails.delivery(notice, event)
        kept = domain.facts(notice, event.time, data)
        assert kept == domain.facts(notice, event.time, event.data) | kept
        variables = wording.variables(read, mails.town(), mails.CONTACT, "fr")
        assert event.data["report"]["reference"] in rendering.render(notice.template, "fr", variables).text


@pytest.mark.parametrize("attempt", [Attempt("sent"), Attempt("failed", "smtp_550")])
def test_what_it_tells_keeps_to_the_contract(attempt: Attempt) -> None:
    event = mails.happened("report.forwarded.v1")
    for notice in domain.notices(event.type):
        told = events.delivery_ended(mails.delivery(notice, event), attempt, 3)
        registry.check(told)
        assert told.type == f"delivery.{attempt.outcome}.v1"
        assert told.correlationid == event.correlationid


def test_its_question_keeps_to_the_contract() -> None:
    registry.check(events.contacts_requested("gentilly", "tell_citizen", [("c1", "r1")]))


def test_nothing_it_tells_names_a_person() -> None:
    event = mails.happened("report.submitted.v1")
    told = events.delivery_ended(mails.delivery(domain.notices(event.type)[0], event), Attempt("sent"), 1)

    assert b"ada@" not in told.encode()
    assert mails.CONTACT.tracking_url.encode() not in told.encode()
