"""`vigie town apply` on a running system: it returns when every service that runs has the town."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import pytest

from services.routing.commands import arrival
from shared.settings import SERVICES
from tests.support.ground import Ground
from tests.support.system import System, wait_until

from .conftest import Town


@pytest.fixture(scope="module")
def running(make_ground: Callable[[], Ground]) -> Iterator[System]:
    """The four services without any town; each test sets one up."""
    with make_ground() as own:
        system = System(own)
        try:
            system.start()
            yield system
        finally:
            system.close()


@pytest.fixture
def essai(new_town: Callable[[Ground], Town], running: System) -> Town:
    """A new town in the running system."""
    return new_town(running.ground)


def _versions(running: System, essai: Town) -> dict[str, int]:
    return {name: arrival.look(running.url(name), essai.slug).version for name in SERVICES}


def test_it_returns_when_every_service_has_the_town(running: System, essai: Town) -> None:
    result = essai.apply()
    assert result.exit_code == 0, result.output
    assert "not running" not in result.output
    assert "waiting for " in result.output
    assert "(does not have the town)" in result.output
    assert "intake, routing, notification, analytics: have version 1\n" in result.output
    assert _versions(running, essai) == dict.fromkeys(SERVICES, 1)
    essai.files["town.yaml"]["name"] = "Another"
    assert essai.apply().exit_code == 0
    assert _versions(running, essai) == dict.fromkeys(SERVICES, 2)


def test_a_service_that_hangs_is_named(running: System, essai: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrival, "_PATIENCE", 0.5)
    os.kill(running.pid("analytics"), signal.SIGSTOP)
    try:
        result = essai.apply("--timeout", "3")
    finally:
        os.kill(running.pid("analytics"), signal.SIGCONT)
    assert result.exit_code == 1
    assert (
        f"version 1 of {essai.slug} is stored, but after 3 s analytics does not answer: see" in result.output
    )
    assert essai.apply("--timeout", "30").exit_code == 0


def test_a_service_that_is_stopped_gets_the_town_when_it_starts(running: System, essai: Town) -> None:
    running.stop("notification")
    result = essai.apply()
    assert result.exit_code == 0, result.output
    assert "notification is not running: it will get version 1 when it starts" in result.output
    running.start("notification")
    wait_until(lambda: _versions(running, essai) == dict.fromkeys(SERVICES, 1), what="all have the town")


def test_without_routing_nobody_can_be_told_and_it_says_so(running: System, essai: Town) -> None:
    running.stop("routing")
    result = essai.apply("--timeout", "1")
    assert result.exit_code == 1
    assert "intake does not have the town" in result.output
    assert "start routing, which tells the others" in result.output
    running.start("routing")
    wait_until(lambda: _versions(running, essai) == dict.fromkeys(SERVICES, 1), what="all have the town")


def test_a_service_that_started_empty_is_told_again(running: System, essai: Town) -> None:
    essai.apply()
    essai.rows("delete from town where town = %(town)s returning town", "analytics")
    unchanged = essai.apply("--timeout", "1")
    assert unchanged.exit_code == 1
    assert "analytics does not have the town: tell it with --again" in unchanged.output
    again = essai.apply("--again")
    assert again.exit_code == 0, again.output
    assert _versions(running, essai) == dict.fromkeys(SERVICES, 1)
