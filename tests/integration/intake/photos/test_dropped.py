"""A front end that a town no longer has cannot upload any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from services.intake.bus import consumers as handlers
from services.intake.store import photos as repository
from services.intake.store.photos import Owner
from shared import ids, settings
from shared.amqp import Answers, properties
from shared.contracts import registry
from shared.contracts.envelope import Event
from shared.messaging import Processor, RawMessage, Resources
from shared.unit import Units
from tests.contract.examples import example
from tests.integration.intake.photos.conftest import KEY, OWNER, Photos

OTHER = Owner(OWNER.town, "front-app")
OTHER_KEY = "another-key-of-the-tests-012345"
QUEUE = "intake.events"


@pytest.fixture
def intake(photos: Photos) -> Iterator[Processor]:
    """What intake does with the facts that it takes; none may fail."""
    properties.install()
    resources = Resources(settings.service_settings("intake"), photos.pool, Units(photos.pool))
    nobody = Answers("amqp://nobody@127.0.0.1:1/", "nobody")  # facts are not answered
    consumer = handlers.CONSUMERS[QUEUE](resources)
    yield Processor(QUEUE, consumer, photos.pool, nobody, (60.0,), lambda: None)
    assert photos.run("select cause from retry union all select cause from parked") == []


def _configured(version: int, *front_ends: str, town: str = OWNER.town) -> RawMessage:
    tools = [{"user": user, "role": "front_end"} for user in front_ends]
    data: dict[str, Any] = {**example("town.configured.v1").data, "slug": town}
    data |= {"version": version, "tools": [*tools, {"user": "analyst", "role": "analyst"}]}
    event = Event(
        id=ids.new_id(),
        source="urn:vigie:routing",
        type="town.configured.v1",
        town=town,
        time="2026-11-22T09:00:00.000Z",
        sequence=f"{version:010}",
        data=data,
    )
    registry.check(event)
    return RawMessage(QUEUE, event.encode(), {"user_id": "vigie-routing", "type": event.type})


def _keys(photos: Photos) -> set[str]:
    """Whose keys are good."""
    with photos.pool.connection() as conn:
        found = [repository.key_owner(conn, key) for key in (KEY, OTHER_KEY)]
    return {owner.tool for owner in found if owner}


@pytest.fixture
def two(photos: Photos) -> Photos:
    """Two front ends have keys."""
    with photos.pool.connection() as conn:
        repository.add_key(conn, OTHER, OTHER_KEY)
    return photos


def test_dropped_front_ends_key_stops_working(two: Photos, intake: Processor) -> None:
    intake.process([_configured(1, OWNER.tool, OTHER.tool)])
    assert _keys(two) == {OWNER.tool, OTHER.tool}
    intake.process([_configured(2, OTHER.tool)])
    assert _keys(two) == {OTHER.tool}
    assert two.upload(b"").status_code == 401


def test_another_towns_files_change_nothing(two: Photos, intake: Processor) -> None:
    intake.process([_configured(1, town="arcueil")])
    assert _keys(two) == {OWNER.tool, OTHER.tool}


def test_older_files_that_come_late_take_no_key(two: Photos, intake: Processor) -> None:
    intake.process([_configured(2, OWNER.tool, OTHER.tool)])
    intake.process([_configured(1, OTHER.tool)])
    assert _keys(two) == {OWNER.tool, OTHER.tool}
