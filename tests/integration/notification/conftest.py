"""Notification on a database of its own, the real broker, and a mail server that does as it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.support.ground import Ground

from .intake import Answering
from .notifier import Notifier
from .post_office import PostOffice


@pytest.fixture(scope="module")
def ground(make_ground: Callable[[], Ground]) -> Iterator[Ground]:
    """Ground on which no real intake answers beside the one of these tests."""
    with make_ground() as own:
        yield own


@pytest.fixture
def notifier(database: Callable[[str], str], ground: Ground) -> Iterator[Notifier]:
    """Notification with an empty ledger, knowing Gentilly."""
    made = Notifier(database("notification"), ground.values["NOTIFICATION_AMQP_URL"])
    yield made
    made.close()


@pytest.fixture
def intake(ground: Ground) -> Answering:
    """Intake, away until it is entered."""
    return Answering(ground.values["INTAKE_AMQP_URL"])


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    """A mail server."""
    with PostOffice() as office:
        yield office
