"""Notification's use cases on PostgreSQL and a mail server, called as any door may call them: no broker."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pytest

from services.notification import domain
from services.notification.domain import Contact, Person, ReportEvent
from services.notification.errors import IntakeAway, NotFailed
from services.notification.mail.smtp import MailServer
from services.notification.settings import MailSettings
from services.notification.usecases import deliveries, unsent
from services.notification.usecases.sending import Sender
from shared import ids
from shared.towns import Towns
from shared.unit import Units
from tests.support import mails, reports

from .notifier import Notifier
from .post_office import PostOffice


@dataclass
class AddressBook:
    """Contacts from a book that is at hand, unless it is `closed`."""

    closed: bool = False
    asked: list[tuple[str, int]] = field(default_factory=list)

    def find(self, town: str, purpose: str, people: Collection[Person]) -> Mapping[Person, Contact]:
        """Everybody's contact."""
        self.asked.append((purpose, len(people)))
        if self.closed:
            raise IntakeAway
        return dict.fromkeys(people, mails.CONTACT)

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def notifier(database: Callable[[str], str]) -> Iterator[Notifier]:
    """Notification's database, which knows Gentilly; the broker's address is nobody's."""
    made = Notifier(database("notification"), "amqp://nobody@127.0.0.1:1/")
    yield made
    made.close()


def happened(type_: str, **details: object) -> ReportEvent:
    return ReportEvent(
        town="gentilly",
        id=ids.new_id(),
        type=type_,
        time="2026-11-22T10:30:00.000Z",
        report=reports.report(),
        details=details,
        correlation_id=None,
    )


def record(notifier: Notifier, *events: ReportEvent) -> None:
    with Units(notifier.pool).open() as unit:
        deliveries.record(unit, events)


def send(notifier: Notifier, book: AddressBook, smtp_url: str) -> int:
    settings = MailSettings(True, smtp_url, away_delay=0.0)
    sender = Sender(Units(notifier.pool), Towns(domain.town), book, MailServer(smtp_url, 5.0, 5.0), settings)
    return sender.send_list(lambda: False)


def test_each_delivery_that_follows_is_recorded_once(notifier: Notifier) -> None:
    event = happened("report.forwarded.v1", authority="ratp", decision={"reason": {}})
    record(notifier, event, happened("report.triaged.v1"))
    record(notifier, event)

    found = [(r["recipient_kind"], r["template"], r["state"]) for r in notifier.ledger()]
    assert found == [("citizen", "forwarded", "pending"), ("authority", "handover", "pending")]


def test_a_replay_is_recorded_and_nobody_notified(notifier: Notifier, post_office: PostOffice) -> None:
    record(notifier, replace(happened("report.submitted.v1"), quiet=True))

    assert send(notifier, AddressBook(), post_office.url) == 0
    assert notifier.states() == [("receipt", "sent", 0, "told_before")]


def test_mails_go_with_contacts_from_wherever_they_come(notifier: Notifier, post_office: PostOffice) -> None:
    book = AddressBook()
    record(notifier, *(happened("report.submitted.v1") for _ in range(3)))

    assert send(notifier, book, post_office.url) == 3
    assert book.asked == [("tell_citizen", 3)]
    assert [mail["To"] for mail in post_office.mails] == [mails.CONTACT.email] * 3
    assert [event.type for event in notifier.told()] == ["delivery.sent.v1"] * 3


def test_without_contacts_deliveries_wait(notifier: Notifier, post_office: PostOffice) -> None:
    record(notifier, happened("report.submitted.v1"))
    send(notifier, AddressBook(closed=True), post_office.url)

    assert notifier.states() == [("receipt", "pending", 0, None)]
    assert send(notifier, AddressBook(), post_office.url) == 1
    assert notifier.states() == [("receipt", "sent", 1, None)]


def test_a_failed_delivery_has_one_more_attempt_and_no_other_has(
    notifier: Notifier, post_office: PostOffice
) -> None:
    post_office.recipients[mails.CONTACT.email] = "550 5.1.1 no such user"
    record(notifier, happened("report.submitted.v1"))
    send(notifier, AddressBook(), post_office.url)
    with Units(notifier.pool).open() as unit:
        (failed,) = unsent.unsent(unit)
        unsent.send_again(unit, failed["id"])

    assert notifier.states() == [("receipt", "pending", 1, None)]
    with Units(notifier.pool).open() as unit, pytest.raises(NotFailed, match=failed["id"]):
        unsent.send_again(unit, failed["id"])
