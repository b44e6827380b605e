"""The tests' own Vigie: real processes that start, die and come back."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable

import pytest

from deploy.local import connections, process, services
from shared.settings import SERVICES
from tests.support.system import System, wait_until


def town_of(system: System, name: str) -> object:
    """The towns a service says it has."""
    with urllib.request.urlopen(f"{system.url(name)}/readyz", timeout=60) as answer:
        return json.load(answer)["towns"]


def test_a_system_starts_gets_its_town_and_survives_a_kill(new_system: Callable[..., System]) -> None:
    system = new_system()
    system.start()
    assert not services.answers(f"{system.url('routing')}/readyz"), "without its town it is not ready"
    system.apply_town()
    pid = system.pid("routing")
    system.kill("routing")
    assert not process.alive(pid)
    system.start("routing")
    wait_until(lambda: services.answers(f"{system.url('routing')}/readyz"), what="routing is ready again")
    assert town_of(system, "routing") == {"gentilly": 1}
    system.stop()
    assert '"message": "routing has stopped"' in system.log("routing")


def test_a_service_that_cannot_start_is_shown_with_its_log(new_system: Callable[..., System]) -> None:
    system = new_system(RETRY_DELAYS="soon")
    with pytest.raises(AssertionError, match=r"routing has no good /healthz(.|\n)*nobody handled ValueError"):
        system.start("routing")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_gets_no_secret_of_another(connection_values: dict[str, str], service: str) -> None:
    given = services.environment(service, connection_values)
    others = [name for name in SERVICES if name != service]
    foreign = {f"{name.upper()}_{kind}" for name in others for kind in ("AMQP_URL", "DATABASE_URL")}
    admin = {name for name in connection_values if name.startswith("ADMIN_")}
    assert not set(given) & (foreign | admin | set(connections.TOOLS) | {"FRONT_API_KEY"})
    assert ("INTAKE_SECRET" in given) == (service == "intake")
