"""Fixtures for the tests of the plumbing: a ground that no other service works on, and what works there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.asking import Asker, asker
from tests.support.ground import Ground
from tests.support.lab import Lab
from tests.support.lab import lab as open_lab
from tests.support.probing import Probe


@pytest.fixture(scope="package")
def quiet_ground(make_ground: Callable[[], Ground]) -> Iterator[Ground]:
    """A vhost with every exchange and queue, and nobody at work there."""
    with make_ground() as own:
        yield own


@pytest.fixture
def probe(quiet_ground: Ground, database: Callable[[str], str], tmp_path: Path) -> Iterator[Probe]:
    """The probe, not started, with an empty database and empty queues."""
    own = Probe(quiet_ground, database("routing"), tmp_path)
    yield own
    own.close()


@pytest.fixture
def lab(probe: Probe) -> Iterator[Lab]:
    """The plumbing without a process, on the same vhost and database."""
    with open_lab(probe) as own:
        yield own


@pytest.fixture
def client(probe: Probe) -> Iterator[Asker]:
    """Sends requests and gets the answers."""
    with asker(probe.values["ADMIN_AMQP_URL"]) as own:
        yield own
