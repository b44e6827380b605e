"""The question to intake, on the real broker, with notification's own rights there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from services.notification.contacts import IntakeContacts
from services.notification.errors import IntakeAway
from tests.support import mails
from tests.support.ground import Ground

from .intake import Answering

PEOPLE = [("citizen-1", "report-1"), ("citizen-2", "report-2")]


@pytest.fixture
def asking(ground: Ground) -> Iterator[IntakeContacts]:
    made = IntakeContacts(ground.values["NOTIFICATION_AMQP_URL"], "vigie-notification", 1.0)
    yield made
    made.close()


def test_a_list_is_answered(asking: IntakeContacts, intake: Answering) -> None:
    intake.unknown = {"citizen-2"}
    with intake:
        given = asking.find("gentilly", "tell_citizen", PEOPLE)

    assert given == {("citizen-1", "report-1"): replace(mails.CONTACT, confirmation_url=None)}


def test_the_link_that_confirms_comes_with_the_address(asking: IntakeContacts, intake: Answering) -> None:
    with intake:
        given = asking.find("gentilly", "confirm_report", PEOPLE[:1])

    assert given == {("citizen-1", "report-1"): mails.CONTACT}


def test_one_connection_serves_many_questions(asking: IntakeContacts, intake: Answering) -> None:
    with intake:
        for _ in range(50):
            assert len(asking.find("gentilly", "tell_citizen", PEOPLE)) == 2


def test_without_an_answer_in_time_intake_is_away(asking: IntakeContacts) -> None:
    started = time.monotonic()
    with pytest.raises(IntakeAway):
        asking.find("gentilly", "tell_citizen", PEOPLE)

    assert time.monotonic() - started > 0.9


def test_a_late_question_is_not_answered_and_an_answer_to_another_is_not_taken(
    asking: IntakeContacts, intake: Answering
) -> None:
    with pytest.raises(IntakeAway):
        asking.find("gentilly", "tell_citizen", PEOPLE)
    with intake:
        given = asking.find("gentilly", "hand_over", PEOPLE[:1])

    assert list(given) == PEOPLE[:1]
    assert [asked.data["purpose"] for asked in intake.asked] == ["hand_over"]


def test_a_broker_that_is_away_is_intake_away() -> None:
    nowhere = IntakeContacts("amqp://nobody@127.0.0.1:1/", "nobody", 1.0)
    with pytest.raises(IntakeAway):
        nowhere.find("gentilly", "tell_citizen", PEOPLE)
