"""A vhost of its own for each test module, set up as an operator would, and users that exist in it alone."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from shared.amqp.management import Management
from shared.messaging import deployer
from shared.messaging.deployer import Broker, Login
from shared.settings import SERVICES

from .client import Place

TOWNS = {"gentilly": ("voirie", "proprete"), "arcueil": ("voirie",)}


def town(place: Place, slug: str, **changes: object) -> dict[str, object]:
    """What a town's configuration says that concerns the broker."""
    tools = [
        {"user": place.user(f"{slug}-web"), "role": "front_end"},
        {"user": place.user(f"{slug}-voirie"), "role": "agent", "department": "voirie"},
        {"user": place.user(f"{slug}-stats"), "role": "analyst"},
    ]
    departments = [{"slug": name} for name in TOWNS[slug]]
    return {"slug": slug, "departments": departments, "tools": tools, **changes}


def apply_town(place: Place, slug: str, **changes: object) -> deployer.TownApplied:
    """Apply that configuration, each tool with a password that the tests know."""
    configuration = town(place, slug, **changes)
    tools: list[dict[str, str]] = configuration["tools"]  # type: ignore[assignment]
    return deployer.apply_town(place.broker, configuration, {t["user"]: place.password for t in tools})


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """An empty vhost; it and every user made for it are gone afterwards."""
    own = Broker.from_environment()
    suffix = secrets.token_hex(4)
    vhost = f"test-broker-{suffix}"
    broker = Broker(own.amqp_url.rpartition("/")[0] + f"/{vhost}", own.api_url)
    with Management(own.api_url) as api:
        api.put("vhosts", vhost, body={})
        yield Place(broker, suffix, secrets.token_urlsafe(12))
        api.delete("vhosts", vhost)
        for user in api.get("users"):
            if user["name"].endswith(f"-{suffix}"):
                api.delete("users", user["name"])


@pytest.fixture(scope="module")
def applied(place: Place) -> Place:
    """The vhost with the services' part and two towns."""
    deployer.apply_services(place.broker, logins(place))
    for slug in TOWNS:
        apply_town(place, slug)
    return place


def logins(place: Place) -> dict[str, Login]:
    """The services' users."""
    return {name: place.login(f"vigie-{name}") for name in SERVICES}
