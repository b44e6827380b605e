"""What notification reads and tells, against the contract and its golden examples."""

from importlib.resources import files

import pytest

from services.notification import domain, events
from services.notification.bus import consumers, fields
from services.notification.domain import Attempt
from services.notification.mail import rendering, wording
from shared.contracts import registry
from shared.contracts.envelope import decode
from shared.messaging.topology import SUBSCRIPTIONS
from tests.support import mails, reports

EXAMPLES = [
    example
    for event_type in fields.EVENTS
    for example in files("shared.contracts").joinpath("examples", event_type).iterdir()
]


def test_it_reads_all_that_its_queue_brings() -> None:
    assert {*fields.EVENTS, "town.configured.v1"} == set(SUBSCRIPTIONS["notification.events"])


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: "/".join(str(e).split("/")[-2:]))
def test_every_golden_example_can_be_told(example: object) -> None:
    event = decode(example.read_bytes())  # type: ignore[attr-defined]
    read = reports.message(event, registry.read(event, fields.EVENTS[event.type]))
    of_consumer, of_contract = (consumers.report_event(m) for m in (read, reports.message(event)))
    for notice in domain.notices(event.type):
        if not domain.has_recipient(notice, of_contract):
            continue
        delivery = mails.delivery(notice, event)
        kept = domain.template_data(notice, of_consumer)
        assert kept == domain.template_data(notice, of_contract) | kept
        variables = wording.variables(delivery, mails.town(), mails.CONTACT, "fr")
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
